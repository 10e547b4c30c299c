// Pages of other origins in a browser on this machine reach the recorder's port. They learn nothing
// and record nothing: gate.cpp and what the browser itself holds back, together.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { launch } from "./support/browser.mjs";
import { Recorder } from "./support/recorder.mjs";

const kEvent = JSON.stringify({ type: "note", text: "said by another origin" });
let recorder, browser, page, elsewhere;

before(async () => {
  recorder = await Recorder.start();
  elsewhere = createServer((_, reply) => reply.setHeader("Content-Type", "text/html").end("<!doctype html><title>elsewhere</title>"));
  await new Promise((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  browser = await launch(["--host-resolver-rules=MAP evil.example 127.0.0.1"]);
  page = await browser.newPage();
});
after(async () => {
  await browser?.close();
  elsewhere?.close();
  await recorder?.stop();
});

/** From a page of `host`, `tried(recorder's address, more)` in that page. */
async function from(host, tried, more) {
  await page.goto(`http://${host}:${elsewhere.address().port}/`);
  return page.evaluate(tried, { url: recorder.url, socket: recorder.url.replace("http", "ws"), ...more });
}

const kHosts = ["127.0.0.1", "localhost", "evil.example"];
const kPaths = ["/", "/app.js", "/v1/query/positions", "/v1/events", "/v1/projections", "/metrics", "/healthz", "/openapi.json"];

test("a page of another origin reads nothing", async () => {
  for (const host of kHosts) {
    for (const path of kPaths) {
      const told = await from(host, async ({ url, path }) => {
        const read = (options) => fetch(url + path, options).then((reply) => reply.text(), () => "");
        const image = new Promise((resolve) => {
          const probe = new Image();
          probe.onload = () => resolve("loaded");
          probe.onerror = () => resolve("");
          probe.src = url + path;
        });
        return [await read({}), await read({ mode: "no-cors" }), await read({ credentials: "include" }), await image];
      }, { path });
      assert.deepEqual(told, ["", "", "", ""], `${path} from ${host}`);
    }
  }
});

test("the dashboard's own origin reads all of it", async () => {
  await page.goto(recorder.url);
  for (const path of kPaths) {
    const length = await page.evaluate((path) => fetch(path).then((reply) => reply.text()).then((text) => text.length), path);
    assert.ok(length > 10, path);
  }
});

test("a page of another origin cannot run the page's script as its own", async () => {
  const ran = await from("127.0.0.1", ({ url }) => new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = `${url}/app.js`;
    script.onload = () => resolve(true);
    script.onerror = () => resolve(false);
    document.head.append(script);
  }));
  assert.equal(ran, false);
});

test("a page of another origin cannot frame the dashboard", async () => {
  await from("127.0.0.1", ({ url }) => new Promise((resolve) => {
    const frame = document.createElement("iframe");
    frame.onload = resolve;
    frame.src = url;
    document.body.append(frame);
  }));
  const framed = page.frames()[1];
  assert.match(framed.url(), /^chrome-error:/);
});

test("a page of another origin gets no WebSocket", async () => {
  for (const host of kHosts) {
    for (const path of ["/v1/stream?from=1", "/v1/live"]) {
      const told = await from(host, ({ socket, path }) => new Promise((resolve) => {
        const tried = new WebSocket(socket + path);
        tried.onopen = () => resolve("open");
        tried.onmessage = () => resolve("a message");
        tried.onerror = () => resolve("refused");
      }), { path });
      assert.equal(told, "refused", `${path} from ${host}`);
    }
  }
});

test("a page of another origin records nothing, even with the recorder's own token", async () => {
  const before = recorder.answer().events;
  for (const host of kHosts) {
    await from(host, async ({ url, event, token }) => {
      const tries = [];
      for (const path of ["/v1/events", "/v1/halt", "/v1/projections/apply"]) {
        for (const mode of ["cors", "no-cors"]) {
          for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded"]) {
            for (const authorization of [{}, { Authorization: `Bearer ${token}` }]) {
              const headers = { "Content-Type": type, ...authorization };
              tries.push(fetch(url + path, { method: "POST", mode, headers, body: event }).catch(() => {}));
            }
          }
        }
        tries.push(navigator.sendBeacon(url + path, event));
      }
      await Promise.all(tries);
    }, { event: kEvent, token: recorder.token("append") });
  }
  assert.equal(recorder.answer().events, before);
});

test("a form of another origin records nothing", async () => {
  const before = recorder.answer().events;
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
    const [answered] = await Promise.all([
      page.waitForNavigation({ url: `${recorder.url}/v1/events` }),
      from("evil.example", ({ url, type, event }) => {
        const form = document.createElement("form");
        Object.assign(form, { method: "POST", action: `${url}/v1/events`, enctype: type });
        const field = document.createElement("input");
        [field.name, field.value] = event.split(":", 2);
        form.append(field);
        document.body.append(form);
        form.submit();
      }, { type, event: kEvent }),
    ]);
    assert.equal(answered.status(), 403, type);
  }
  assert.equal(recorder.answer().events, before);
});

test("a name that was made to point here (DNS rebinding) is answered nothing", async () => {
  for (const path of kPaths) {
    const reply = await page.goto(`http://evil.example:${recorder.port}${path}`);
    assert.equal(reply.status(), 421, path);
  }
});
