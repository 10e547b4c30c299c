// The figures on the screens are those of the command line, and follow what is recorded.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { launch, open, settled } from "./support/browser.mjs";
import { barsOf, rowOf, rowsOf, totalsOf } from "./support/reading.mjs";
import { Recorder, until } from "./support/recorder.mjs";

const kOpen = "btc-updown-15m-1765656000";
const kCommon = { venue: "polymarket", mode: "live", market: kOpen, time: "2025-12-13T20:04:00Z" };
let browser, recorder, page;

before(async () => (browser = await launch()));
after(() => browser?.close());
beforeEach(async () => {
  recorder = await Recorder.start();
  page = await open(browser, recorder, "#/now", { width: 1700 });
  await settled(page);
});
afterEach(async () => {
  await page.context().close();
  await recorder.stop();
  assert.deepEqual(page.wrongs, []);
});

const shown = (title) => rowOf(page, "Markets", "market", title);

/** Waits until the row of `title` has that exact value under `head`. */
const showsThat = (title, head, exact) =>
  until(async () => (await shown(title))[head].exact === exact, `${title} shows ${head} ${exact}`);

async function agrees() {
  const { positions } = recorder.answer("query", "positions");
  const rows = await rowsOf(page, "Markets");
  assert.equal(rows.length, positions.length);
  for (const position of positions) {
    const row = rows.find((each) => each.market.text === position.title);
    const [up, down] = position.outcomes;
    assert.equal(row["▲ matched"].exact, up.matched, position.title);
    assert.equal(row["▼ matched"].exact, down.matched, position.title);
    assert.equal(row["pair cost"].exact, position.pair_cost, position.title);
    assert.equal(row["hedge"].exact, position.hedge_ratio, position.title);
    if (position.state !== "open") assert.equal(row["result"].exact, position.realized, position.title);
  }
  const pnl = recorder.answer("query", "pnl");
  const totals = await totalsOf(page);
  assert.deepEqual(totals["realized"], [pnl.realized]);
  assert.deepEqual(totals["= edge"], [pnl.edge]);
  assert.deepEqual(totals["+ direction"], [pnl.direction]);
  assert.deepEqual(totals["open, worst … best"], [pnl.open_worst, pnl.open_best]);
  assert.deepEqual(totals["fees"], [pnl.fees]);
}

test("positions, hedge and result are those of the command line", async () => {
  await agrees();
  assert.equal(recorder.answer("query", "pnl").realized, "-4.61"); // the post-mortem of the day
});

test("money, by market and as cash, is that of the command line", async () => {
  await page.keyboard.press("3");
  await settled(page);
  const pnl = recorder.answer("query", "pnl");
  const rows = await rowsOf(page, "By market");
  assert.equal(rows.length, pnl.markets.length);
  for (const market of pnl.markets) {
    const row = rows.find((each) => each.market.text === market.title);
    for (const figure of ["realized", "edge", "direction", "bought", "sold", "redeemed", "fees"]) {
      assert.equal(row[figure].exact, market[figure], `${figure} of ${market.title}`);
    }
  }
  const [cash] = recorder.answer("query", "cash", "--epoch", "all").accounts;
  const bridge = await barsOf(page, "Cash of main");
  for (const flow of ["bought", "sold", "redeemed"]) assert.equal(bridge[flow].exact, cash[flow], flow);
  await recorder.record({ ...kCommon, type: "balance", cash: "100" }, { ...kCommon, type: "balance", cash: "90.5", time: "2025-12-13T20:05:00Z" });
  await until(async () => (await barsOf(page, "Cash of main"))["unexplained"]?.text === "−9.50", "what nobody explains stands in its own bar");
});

test("the dashboard's +13.00 stands as a claim beside −4.61", async () => {
  await page.keyboard.press("3");
  await settled(page);
  const bars = await barsOf(page, "The result, its parts and claims");
  assert.equal(bars["realized"].text, "−4.61");
  assert.equal(bars["dashboard said"].text, "“+13.00”");
  assert.match(bars["dashboard said"].note, /fact −4\.61, off by 17\.61/);
});

test("orders and fills of a market are those of the command line", async () => {
  await page.getByRole("button", { name: "BTC 2:45PM" }).click();
  await settled(page);
  const market = ["--market", "btc-updown-15m-1765655100"];
  const { orders } = recorder.answer("query", "orders", ...market);
  const shownOrders = await rowsOf(page, "Orders");
  assert.deepEqual(shownOrders.map((row) => [row["ordered"].exact, row["filled"].exact]).sort(),
    orders.map((order) => [order.shares, order.filled]).sort());
  const { fills } = recorder.answer("query", "fills", ...market);
  const shownFills = await rowsOf(page, "Fills");
  assert.deepEqual(shownFills.map((row) => [row["shares"].exact, row["cost"].exact]).sort(),
    fills.map((fill) => [fill.shares, fill.cost]).sort());
});

test("a LIVE order is seen, and is in no total", async () => {
  const [before, totals] = [await shown("BTC 3:00PM"), await totalsOf(page)];
  await recorder.record({ ...kCommon, type: "order_intent", order: "waiting", outcome: "Down", side: "buy", price: "0.40", shares: "11.19" },
    { ...kCommon, type: "order_status", order: "waiting", status: "live" });
  await until(async () => (await shown("BTC 3:00PM"))["resting"].text === "▼ 11.19", "the order rests");
  const now = await shown("BTC 3:00PM");
  for (const head of ["▲ matched", "▼ matched", "hedge", "pair cost"]) assert.equal(now[head].exact, before[head].exact, head);
  assert.deepEqual(await totalsOf(page), totals);
  await page.getByText("live · not a fill").waitFor();
  await agrees();
});

test("a fill that fails turns the figure back before the reader's eyes", async () => {
  const fill = { ...kCommon, trade: "late", order: "late-order" };
  await recorder.record({ ...fill, type: "fill", outcome: "Down", side: "buy", shares: "11.19", cost: "4.50" });
  await showsThat("BTC 3:00PM", "▼ matched", "29.17");
  await showsThat("BTC 3:00PM", "hedge", "1");
  await recorder.record({ ...fill, type: "fill_settlement", status: "failed", reason: "reverted" });
  await showsThat("BTC 3:00PM", "▼ matched", "17.98");
  const row = await shown("BTC 3:00PM");
  assert.equal(row["hedge"].exact, "0.6163");
  assert.match(row["failed"].text, /11\.19/);
  await agrees();
});

test("at 10:16:30 of that day 12.51 Up of BTC 10:15AM were held, after the sale none", async () => {
  const at = (time) => recorder.answer("query", "positions", "--at", time).as_of.seq;
  const scrubber = page.getByLabel("as of event", { exact: true });
  await scrubber.fill(String(at("2025-12-13T15:16:30Z")));
  await page.getByText(/AS OF 13 Dec 2025 10:16:/).waitFor();
  await showsThat("BTC 10:15AM", "▲ matched", "12.51");
  await scrubber.fill(String(at("2025-12-13T15:19:30Z")));
  await showsThat("BTC 10:15AM", "▲ matched", "0");
  await page.keyboard.press(".");
  await until(async () => (await rowsOf(page, "Markets")).length === 16, "it is live again");
  await agrees();
});

test("a recorder that is killed and comes back leaves nothing doubled and nothing missing", async () => {
  const fill = { ...kCommon, type: "fill", outcome: "Down", side: "buy", shares: "1", cost: "0.4" };
  await recorder.record({ ...fill, trade: "before", order: "before" });
  await showsThat("BTC 3:00PM", "▼ matched", "18.98");
  await page.locator("nav").getByText("Journal").click();
  await page.getByText("177 rows").waitFor();
  await recorder.end("SIGKILL");
  await page.getByText("CONNECTION LOST").waitFor();
  page.wrongs = page.wrongs.filter((wrong) => !wrong.includes("ERR_CONNECTION_REFUSED")); // the browser's own word
  await recorder.serve();
  await recorder.record({ ...fill, trade: "before", order: "before" }, { ...fill, trade: "after", order: "after" });
  await page.locator("main.lost").waitFor({ state: "detached" });
  page.wrongs = page.wrongs.filter((wrong) => !wrong.includes("ERR_CONNECTION_REFUSED"));
  const { events } = recorder.answer();
  assert.equal(events, 179); // the day, two starts, two fills
  await page.getByText(`${events} rows`).waitFor();
  const last = (await rowsOf(page, "Events")).slice(-5).map((row) => row["event"].text);
  assert.deepEqual(last, [175, 176, 177, 178, 179].map((seq) => `#${seq}`));
  await page.locator("nav").getByText("Now").click();
  await showsThat("BTC 3:00PM", "▼ matched", "19.98");
  await agrees();
});
