// Debian's Chromium, and pages that tell what they should not have done.
import { createRequire } from "node:module";

// The packages lie in the build folder (DAYBOOK_BROWSER_PACKAGES), not beside this file.
const required = createRequire(`${process.env.DAYBOOK_BROWSER_PACKAGES}/`);
const { chromium } = required("playwright-core");
export const axeSource = required("axe-core").source;

/** `words`: more of Chromium's own options. */
export function launch(words = []) {
  return chromium.launch({
    executablePath: process.env.DAYBOOK_CHROMIUM,
    args: ["--no-sandbox", "--disable-dev-shm-usage", ...words], // root in a container
  });
}

/** A page of the dashboard at `place` ("#/money"). `page.wrongs` gathers what it says to the
 * console as an error, what it throws, and what it asks of other hosts. */
export async function open(browser, recorder, place = "", { width = 1280, height = 800, theme = "dark", zoom = 1 } = {}) {
  const context = await browser.newContext({
    viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
    deviceScaleFactor: zoom,
    colorScheme: theme,
    timezoneId: "America/New_York",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.wrongs = [];
  page.on("console", (said) => said.type() === "error" && page.wrongs.push(`console: ${said.text()}`));
  page.on("response", (reply) => reply.status() >= 400 && page.wrongs.push(`${reply.status()}: ${reply.url()}`));
  page.on("pageerror", (error) => page.wrongs.push(`thrown: ${error.stack}`));
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol !== "data:" && host !== `127.0.0.1:${recorder.port}`) page.wrongs.push(`asked ${request.url()}`);
  });
  page.on("websocket", (socket) => {
    if (new URL(socket.url()).host !== `127.0.0.1:${recorder.port}`) page.wrongs.push(`asked ${socket.url()}`);
  });
  await page.goto(`${recorder.url}/${place}`);
  return page;
}

/** What axe-core finds against WCAG 2.2 AA and its own best practices, or against `rules` alone.
 * Evaluated, because the page's policy lets no script tag in. */
export async function violations(page, rules) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axeSource);
  const found = await page.evaluate((rules) => axe.run(document, rules ? { runOnly: rules } : {}), rules);
  return found.violations.map((each) => `${each.id}: ${each.help}: ${each.nodes.map((node) => node.target).join(", ")}`);
}

/** The page is live (or in the past) and no part of it still waits for an answer. */
export async function settled(page) {
  await page.waitForFunction(() => {
    const main = document.querySelector("main");
    return main && !main.matches(".connecting, .lost") && !main.querySelector(".skeleton, .waiting");
  });
}
