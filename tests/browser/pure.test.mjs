// What the page works out by itself, without a server or a browser: figures as text, patches, and
// what the events of a market tell.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import path from "node:path";
import { before, test } from "node:test";

const kPage = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../../src/dashboard");
let page;

before(async () => {
  const { build } = createRequire(`${process.env.DAYBOOK_BIN}/../dashboard/`)("esbuild");
  const contents = ["show/format.ts", "data/patch.ts", "data/story.ts"].map((file) => `export * from "./${file}";`).join("\n");
  const { outputFiles } = await build({ stdin: { contents, resolveDir: kPage, loader: "ts" }, bundle: true, format: "esm", write: false });
  page = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
});

test("money is rounded half to even, digit by digit", () => {
  // By hand. 9007199254740993 is 2^53 + 1, which no double holds.
  for (const [exact, shown] of [
    ["2.736332", "2.74"], ["0.125", "0.12"], ["0.135", "0.14"], ["0.1250001", "0.13"], ["-0.125", "−0.12"],
    ["-0.004", "0.00"], ["999.995", "1,000.00"], ["1234567.5", "1,234,567.50"], ["9007199254740993", "9,007,199,254,740,993.00"],
    ["0", "0.00"], ["0.045", "0.04"], ["0.055", "0.06"],
  ]) assert.equal(page.decimal(exact, 2), shown, exact);
});

test("what is won has a plus, what is nothing has no sign", () => {
  assert.equal(page.signed("4.43"), "+4.43");
  assert.equal(page.signed("-4.61"), "−4.61");
  assert.equal(page.signed("0.001"), "0.00");
});

test("a ratio is rounded down: 79.99 % is not 80 %", () => {
  for (const [ratio, shown] of [["0.7999", "79.9 %"], ["0.8", "80 %"], ["1", "100 %"], ["0", "0 %"], ["0.0591", "5.9 %"], ["0.6163", "61.6 %"]]) {
    assert.equal(page.percent(ratio), shown);
  }
});

test("the hedge ratio of 29.17 and 17.98 shares is 0.6163, as the published day has it", () => {
  assert.equal(page.ratio("29.17", "17.98"), "0.6163");
  assert.equal(page.ratio("17.98", "29.17"), "0.6163");
  assert.equal(page.ratio("0", "0"), null);
});

test("two prices are added exactly", () => {
  assert.equal(page.plus("0.1", "0.2"), "0.3");
  assert.equal(page.plus("0.53", "0.475"), "1.005");
});

test("the minus sign is one before figures only", () => {
  assert.equal(page.minus("next-day analysis says -4.61 (-1)"), "next-day analysis says −4.61 (−1)");
});

test("a patch carries out add, remove and replace, and shares what it did not touch", () => {
  const before = { rows: [{ id: 1 }, { id: 2, deep: { a: 1 } }], "a/b": 0 };
  const after = page.patched(before, [
    { op: "replace", path: "/rows/1/deep/a", value: 2 },
    { op: "add", path: "/rows/0", value: { id: 0 } },
    { op: "add", path: "/rows/-", value: { id: 3 } },
    { op: "replace", path: "/a~1b", value: 1 },
    { op: "remove", path: "/rows/1" },
  ]);
  assert.deepEqual(after, { rows: [{ id: 0 }, { id: 2, deep: { a: 2 } }, { id: 3 }], "a/b": 1 });
  assert.deepEqual(before, { rows: [{ id: 1 }, { id: 2, deep: { a: 1 } }], "a/b": 0 });
});

test("a patch that leads nowhere is refused", () => {
  for (const operation of [
    { op: "remove", path: "/gone" }, { op: "replace", path: "/rows/5", value: 0 }, { op: "add", path: "/rows/x", value: 0 }, { op: "replace", path: "/no/where", value: 0 },
  ]) assert.throws(() => page.patched({ rows: [] }, [operation]), operation.path);
});

const time = (second) => new Date(second * 1000).toISOString();

/** The story of `events`, numbered from 1, one a second. */
function story(...events) {
  const teller = new page.Teller(["Up", "Down"]);
  events.forEach((event, at) => teller.tell({ seq: at + 1, received: time(at), ...event }));
  return teller.story;
}

test("the best prices follow books, changes, deltas and quotes", () => {
  const { quotes, depths } = story(
    { type: "book", outcome: "Up", bids: [["0.5", "10"], ["0.51", "1.5"]], asks: [["0.6", "7"], ["0.55", "3"]] },
    { type: "book_change", outcome: "Up", changes: [["buy", "0.51", "0"]] },
    { type: "book_change", outcome: "Up", deltas: [["sell", "0.55", "-3"], ["sell", "0.54", "2"]] },
    { type: "quote", outcome: "Down", bid: "0.4", ask: null },
  );
  assert.deepEqual(quotes[0].map(({ seq, bid, ask }) => [seq, bid, ask]), [[1, "0.51", "0.55"], [2, "0.5", "0.55"], [3, "0.5", "0.54"]]);
  assert.deepEqual(quotes[1].map(({ bid, ask }) => [bid, ask]), [["0.4", null]]);
  assert.deepEqual(depths.map(({ bids, asks }) => [page.sharesOf(bids), page.sharesOf(asks)]), [["11.5", "10"], ["10", "10"], ["10", "9"]]);
});

const intent = { type: "order_intent", order: "o", outcome: "Down", side: "buy", price: "0.41", shares: "14" };
const live = { type: "order_status", order: "o", status: "live" };
const fill = (shares) => ({ type: "fill", order: "o", outcome: "Down", side: "buy", shares, cost: "1" });

test("an order rests from live until its fills reach its shares less 0.01, or it is over", () => {
  const ends = (...events) => story(intent, live, ...events).rests.map(({ outcome, price, from, to }) => [outcome, price, from, to]);
  assert.deepEqual(ends(), [[1, "0.41", 1, null]]);
  assert.deepEqual(ends(fill("13.98")), [[1, "0.41", 1, null]]);
  assert.deepEqual(ends(fill("10"), fill("3.99")), [[1, "0.41", 1, 3]]);
  assert.deepEqual(ends({ type: "order_status", order: "o", status: "canceled" }), [[1, "0.41", 1, 2]]);
});

test("the past of a story is what was told up to then: a fill was not void before it failed", () => {
  const now = story(intent, live, fill("14"), { type: "fill_settlement", order: "o", status: "failed" });
  assert.equal(now.prints[0].voided, 4);
  const then = page.toldUpTo(now, 3);
  assert.equal(then.prints[0].voided, null);
  const before = page.toldUpTo(now, 2);
  assert.deepEqual([before.prints.length, before.rests[0].to, before.span[1]], [0, null, 1]);
});

test("a hole is what a gap names, else from a loss to the next word; one that goes on is cut", () => {
  const feed = (...states) => states.map(([state, detail], at) => ({ seq: at + 1, received: time(at * 10), venue: "v", channel: "market", state, detail }));
  assert.deepEqual(page.holesOf(feed(["connected"], ["gap", `nothing was recorded ${time(2)} to ${time(7)}: reset`]), 99), [[2, 7]]);
  assert.deepEqual(page.holesOf(feed(["connected"], ["lost"], ["stale"], ["resynced"]), 99), [[10, 30]]);
  assert.deepEqual(page.holesOf(feed(["connected"], ["lost"]), 99), [[10, 99]]);
});
