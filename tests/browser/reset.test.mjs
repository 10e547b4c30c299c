// A reset from the page: the plan of the command line, and not a byte of the journal.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, settled } from "./support/browser.mjs";
import { rowOf, rowsOf } from "./support/reading.mjs";
import { Recorder, until } from "./support/recorder.mjs";

let browser, recorder, page;

before(async () => {
  [browser, recorder] = await Promise.all([launch(), Recorder.start()]);
  page = await open(browser, recorder, "#/projections");
  await settled(page);
});
after(async () => {
  await browser?.close();
  await recorder?.stop();
});

/** The journal's hashes once the recorder has prepared what it writes next. */
async function stillJournal() {
  let last = "";
  await until(() => last === (last = JSON.stringify(recorder.journalHashes())), "the journal's files rest");
  return JSON.parse(last);
}

async function ask(token) {
  await page.getByLabel("admin token").fill(token);
  await page.getByText("show the plan").click();
}

test("a reset of pnl shows the plan of the command line, and leaves the journal as it was", async () => {
  const before = await stillJournal();
  await page.getByLabel("reset pnl").check();
  await ask(recorder.token("admin"));
  await page.getByRole("region", { name: "plan" }).waitFor();

  const plan = recorder.answer("projections", "reset", "pnl");
  const [drop] = plan.drop;
  const shown = await rowsOf(page, "What is dropped");
  assert.deepEqual(shown.map((row) => [row["projection"].text, row["table"].text, row["rows dropped"].text]),
    [...drop.tables, { name: "all", rows: drop.rows }].map((table) => ["pnl", table.name, String(table.rows)]));
  const text = await page.getByRole("region", { name: "plan" }).innerText();
  const said = recorder.run("projections", "reset", "pnl").replaceAll("_", " ");
  for (const line of [/stays, every one of .*/, /of them folded again: .*/, /source events deleted: 0/]) {
    assert.equal(line.exec(text)[0], line.exec(said)[0]);
  }
  assert.match(text, new RegExp(`daybook projections apply ${plan.plan}`));

  await page.getByText("apply the plan").click();
  await page.getByText("built anew").waitFor();
  const came = await rowOf(page, "What came of it", "projection", "pnl");
  assert.equal(came["what changed"].text, "nothing: the same rows");
  await until(async () => (await rowOf(page, "Projections", "projection", "pnl"))["generation"].text === "2", "the new generation answers");
  assert.deepEqual(await stillJournal(), before);
  assert.equal(recorder.answer("query", "pnl").realized, "-4.61");
});

test("with the token of a bot the page shows why there is no plan", async () => {
  await ask(recorder.token("append"));
  await page.getByText("this token is not enough").waitFor();
});

test("the page keeps no token", async () => {
  await ask(recorder.token("admin"));
  const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie, location.href]));
  assert.equal(kept.includes(recorder.token("admin")), false);
  await page.reload();
  assert.equal(await page.getByLabel("admin token").inputValue(), "");
});
