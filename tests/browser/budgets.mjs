// What the page costs, beside a bot that posts 2,000 quotes a second. Figures are printed with the
// budget beside them; nothing fails. Usage: run BUILD budgets.mjs [MINUTES of load, default 1]
import { launch, open, settled } from "./support/browser.mjs";
import { Recorder } from "./support/recorder.mjs";
import { kScreens } from "./support/screens.mjs";

const kRate = 2_000;
const kBatch = 100;
const kLoads = 9;
const kMarket = "btc-updown-15m-1765656000"; // open at the end of the day
const minutes = Number(process.argv[2] ?? 1);

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const say = (what, figure, budget) => console.log(`${what.padEnd(52)} ${figure.padStart(12)}   ${budget}`);

let posted = 0;
/** Quotes of a market whose prices walk, kRate a second until `ends`. */
async function trade(recorder, ends) {
  const began = performance.now();
  for (let sent = 0; performance.now() < ends; sent += kBatch) {
    await recorder.record(...Array.from({ length: kBatch }, quote));
    await sleep(Math.max(0, began + ((sent + kBatch) / kRate) * 1000 - performance.now()));
  }
}

function quote() {
  const bid = 400 + (++posted * 7) % 150;
  return {
    type: "quote", venue: "polymarket", market: kMarket, outcome: posted % 2 ? "Down" : "Up", id: `quote-${posted}`,
    time: new Date().toISOString(), bid: `0.${bid}`, ask: `0.${bid + 10}`,
  };
}

/** Milliseconds from navigation to the first market shown live. */
async function untilLive(browser, recorder) {
  const page = await open(browser, recorder, "#/now");
  await page.waitForFunction(() => document.querySelector("main:not(.connecting) .rows tbody tr"));
  const taken = await page.evaluate(() => performance.now());
  await page.context().close();
  return taken;
}

async function metrics(client) {
  const { metrics } = await client.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

/** Frames drawn and main-thread time taken each second, over `seconds`. */
async function frames(page, client, seconds) {
  const per = [];
  for (let second = 0; second < seconds; second++) {
    const before = await metrics(client);
    const drawn = await page.evaluate(() => new Promise((resolve) => {
      let frames = 0;
      const began = performance.now();
      const count = (now) => (now - began >= 1000 ? resolve((frames * 1000) / (now - began)) : (frames++, requestAnimationFrame(count)));
      requestAnimationFrame(count);
    }));
    const after = await metrics(client);
    per.push({ fps: drawn, cpu: ((after.TaskDuration - before.TaskDuration) * 1000) / drawn });
  }
  return per;
}

async function heap(client) {
  await client.send("HeapProfiler.collectGarbage");
  return (await metrics(client)).JSHeapUsedSize;
}

const recorder = await Recorder.start();
const browser = await launch();
try {
  const loads = [];
  for (let n = 0; n < kLoads; n++) loads.push(await untilLive(browser, recorder));
  say(`live after navigation, median of ${kLoads}`, `${median(loads).toFixed(0)} ms`, "budget 1,000 ms");
  say("  slowest", `${Math.max(...loads).toFixed(0)} ms`, "");

  for (const [name, place] of [["Now", kScreens.now], ["Market", `#/market/${kMarket}`]]) {
    const page = await open(browser, recorder, place);
    await settled(page);
    const client = await page.context().newCDPSession(page);
    await client.send("Performance.enable");
    const load = trade(recorder, performance.now() + 13_000);
    await sleep(2_000);
    const per = await frames(page, client, 10);
    await load;
    say(`${name}: frames a second at ${kRate} messages/s, median`, median(per.map((each) => each.fps)).toFixed(1), "budget 60");
    say("  main-thread time a frame, median", `${median(per.map((each) => each.cpu)).toFixed(2)} ms`, "budget 6 ms");
    say("  slowest second", `${Math.min(...per.map((each) => each.fps)).toFixed(1)}`, "");
    await page.context().close();
  }

  const page = await open(browser, recorder, kScreens.now);
  await settled(page);
  const client = await page.context().newCDPSession(page);
  await client.send("Performance.enable");
  const before = posted;
  const load = trade(recorder, performance.now() + minutes * 60_000);
  await sleep(Math.min(10_000, minutes * 12_000)); // what is allocated once is there by then
  const first = await heap(client);
  await load;
  await sleep(1_000);
  const last = await heap(client);
  say(`heap after ${minutes} min and ${(posted - before).toLocaleString("en")} messages`, `${(last / 1e6).toFixed(2)} MB`, "");
  say("  growth", `${(((last - first) / first) * 100).toFixed(1)} %`, "budget 10 % in 10 min");
  for (const wrong of page.wrongs) console.log(wrong);
} finally {
  await browser.close();
  await recorder.stop();
}
