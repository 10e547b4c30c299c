// Every screen, in both themes: full, empty, and with the recorder gone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, settled, violations } from "./support/browser.mjs";
import { Recorder } from "./support/recorder.mjs";
import { kScreens } from "./support/screens.mjs";

/** Themes, and what is looked for in each: the second one differs in colours alone. */
const kThemes = { light: undefined, dark: ["color-contrast"] };
/** Events of the day, and so what a long table brings in as one walks it. */
const kRows = 180;
let browser, full, empty;

before(async () => {
  browser = await launch();
  [full, empty] = await Promise.all([Recorder.start(), Recorder.start("")]);
});
after(async () => {
  await browser?.close();
  await full?.stop();
  await empty?.stop();
});

/** Turns to each screen in each theme by the address, as a link does. */
async function everywhere(page, look) {
  const found = [];
  for (const [name, place] of Object.entries(kScreens)) {
    await page.evaluate((place) => (location.hash = place), place);
    await page.waitForFunction((place) => location.hash.startsWith(place), place);
    for (const [theme, rules] of Object.entries(kThemes)) {
      await page.emulateMedia({ colorScheme: theme });
      found.push(...(await look(rules)).map((each) => `${name}, ${theme}: ${each}`));
    }
  }
  return found;
}

for (const [state, recorder] of [["full", () => full], ["empty", () => empty]]) {
  test(`no screen has an accessibility violation when it is ${state}`, async () => {
    const page = await open(browser, recorder());
    const found = await everywhere(page, async (rules) => {
      await settled(page);
      return violations(page, rules);
    });
    assert.deepEqual(found, []);
    assert.deepEqual(page.wrongs, []);
    await page.context().close();
  });
}

test("no screen has an accessibility violation when the recorder is gone", async () => {
  const gone = await Recorder.start();
  const page = await open(browser, gone);
  await settled(page);
  for (const place of Object.values(kScreens)) {
    await page.evaluate((place) => (location.hash = place), place);
    await settled(page);
  }
  await gone.end("SIGKILL");
  await page.locator("main.lost").waitFor();
  assert.deepEqual(await everywhere(page, (rules) => violations(page, rules)), []);
  await page.context().close();
  await gone.stop();
});

test("nor is there one where an event, help or a plan is open", async () => {
  const page = await open(browser, full, "#/journal?event=55");
  await page.locator("aside.why dl.fields").waitFor();
  await page.waitForFunction(() => {
    const row = document.querySelector("tr.marked");
    return row?.textContent.includes("#55") && row.getBoundingClientRect().top > 0 && row.getBoundingClientRect().bottom < innerHeight;
  });
  const found = await violations(page);
  await page.keyboard.press("?");
  await page.locator("dialog.help[open]").waitFor();
  found.push(...await violations(page));
  await page.keyboard.press("Escape");
  await page.keyboard.press("7");
  await settled(page);
  await page.getByLabel("reset pnl").check();
  await page.getByLabel("admin token").fill(full.token("admin"));
  await page.getByText("show the plan").click();
  await page.getByRole("region", { name: "plan" }).waitFor();
  found.push(...await violations(page));
  assert.deepEqual(found, []);
  assert.deepEqual(page.wrongs, []);
  await page.context().close();
});

test("the whole page is at most 120 kB, compressed", async () => {
  let sum = 0;
  for (const path of ["/", "/app.js", "/app.css", "/favicon.svg"]) {
    const reply = await fetch(full.url + path, { headers: { "Accept-Encoding": "gzip" } });
    assert.equal(reply.headers.get("content-encoding"), "gzip");
    sum += Number(reply.headers.get("content-length"));
  }
  assert.ok(sum > 10_000 && sum <= 120_000, `${sum} bytes`);
});

test("no screen is wider than the window: 360 px, and 1280 px at 200 %", async () => {
  for (const size of [{ width: 360 }, { zoom: 2 }]) {
    const page = await open(browser, full, "", size);
    const found = await everywhere(page, async () => {
      await settled(page);
      const [wide, window] = await page.evaluate(() => [document.scrollingElement.scrollWidth, innerWidth]);
      return wide > window ? [`${wide} px in ${window} px`] : [];
    });
    assert.deepEqual(found, [], JSON.stringify(size));
    await page.context().close();
  }
});

test("the keyboard alone reaches everything that can be pressed", async () => {
  const page = await open(browser, full);
  for (const [name, place] of Object.entries(kScreens)) {
    await page.evaluate((place) => (location.hash = place), place);
    await settled(page);
    const wanted = await page.evaluate(() => {
      document.activeElement?.blur();
      const all = [...document.querySelectorAll("a[href], button, input, select, summary, textarea, [tabindex='0']")];
      window.wanted = new Set(all.filter((each) => !each.disabled && each.checkVisibility()));
      return window.wanted.size;
    });
    for (let presses = 0; presses < wanted + kRows; presses++) {
      await page.keyboard.press("Tab");
      const left = await page.evaluate(() => {
        window.wanted.delete(document.activeElement);
        for (const each of window.wanted) if (!each.isConnected) window.wanted.delete(each); // scrolled out of a long table
        return window.wanted.size;
      });
      if (left === 0) break;
    }
    const missed = await page.evaluate(() => [...window.wanted].map((each) => each.outerHTML.slice(0, 120)));
    assert.deepEqual(missed, [], name);
  }
  await page.context().close();
});
