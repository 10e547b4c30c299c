// tools/screenshots: PNGs of every screen, in both themes, wide and narrow, of a running recorder
// with the day of 2025-12-13. Usage: run BUILD screenshots.mjs DIR
import { mkdirSync } from "node:fs";
import path from "node:path";
import { launch, open, settled } from "./support/browser.mjs";
import { Recorder } from "./support/recorder.mjs";
import { kScreens } from "./support/screens.mjs";

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const recorder = await Recorder.start();
const browser = await launch();
try {
  await shoot("readme", kScreens.now, { theme: "light", width: 1140, height: 690 });
  for (const theme of ["light", "dark"]) {
    for (const width of [1280, 390]) {
      for (const [name, place] of Object.entries(kScreens)) {
        await shoot(`${name}-${theme}-${width}`, place, { theme, width });
      }
    }
  }
} finally {
  await browser.close();
  await recorder.stop();
}

async function shoot(name, place, as) {
  const page = await open(browser, recorder, place, as);
  await settled(page);
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
  for (const wrong of page.wrongs) console.error(`${name}: ${wrong}`);
  await page.context().close();
}
