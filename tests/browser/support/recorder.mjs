// A recorder of the test's own: a new data directory, the day of 2025-12-13 in it if wished, and
// `daybook serve` on a free port. DAYBOOK_BIN names the folder of the programs.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const kBin = process.env.DAYBOOK_BIN;
const kDay = fileURLToPath(new URL("../../scenarios/2025-12-13.txt", import.meta.url));

/** The day as contract lines, one an event. */
export function dayLines() {
  return execFileSync(path.join(kBin, "daybook-scenario"), [kDay], { encoding: "utf8" });
}

const running = new Set();
process.on("exit", () => running.forEach((recorder) => recorder.kill("SIGKILL")));

export class Recorder {
  #folder = mkdtempSync(path.join(tmpdir(), "daybook-page-"));
  #data = path.join(this.#folder, "data");
  #process = null;
  port = 0;

  /** `lines`: what is recorded before it serves. */
  static async start(lines = dayLines()) {
    const recorder = new Recorder();
    recorder.run("init");
    if (lines) recorder.#ran(recorder.cli(["ingest", "-"], lines));
    await recorder.serve();
    return recorder;
  }

  get url() { return `http://127.0.0.1:${this.port}`; }
  get pid() { return this.#process.pid; }

  async serve() {
    this.#process = spawn(path.join(kBin, "daybook"),
      ["--data", this.#data, "serve", "--port", String(this.port)], { stdio: ["ignore", "pipe", "ignore"] });
    running.add(this.#process);
    const said = await new Promise((resolve, reject) => {
      this.#process.stdout.once("data", (text) => resolve(String(text)));
      this.#process.once("exit", (code) => reject(new Error(`daybook serve ended with ${code}`)));
    });
    this.#process.unref(); // a test that fails ends all the same; ours is ended with it
    this.#process.stdout.unref();
    this.port = Number(/127\.0\.0\.1:(\d+)/.exec(said)[1]);
    await until(async () => (await fetch(`${this.url}/readyz`)).ok, "the recorder is ready");
  }

  async end(signal = "SIGTERM") {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#process.once("exit", resolve));
    running.delete(this.#process);
    this.#process.ref();
    this.#process.kill(signal);
    await gone;
  }

  async stop() {
    await this.end();
    rmSync(this.#folder, { recursive: true });
  }

  token(role) {
    return readFileSync(path.join(this.#data, "keys", `${role}.token`), "utf8").trim();
  }

  /** What the command line prints, whatever its exit code. */
  cli(words, input = "") {
    return spawnSync(path.join(kBin, "daybook"), ["--data", this.#data, ...words], { input, encoding: "utf8" });
  }

  #ran(ended) {
    if (ended.status !== 0) throw new Error(`daybook ended with ${ended.status}: ${ended.stderr}`);
    return ended.stdout;
  }

  run(...words) { return this.#ran(this.cli(words)); }

  /** The command line's JSON. */
  answer(...words) { return JSON.parse(this.run("--json", ...words)); }

  /** Records a batch as a bot does; durable when it returns. */
  async record(...events) {
    const reply = await fetch(`${this.url}/v1/events`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${this.token("append")}` },
      body: JSON.stringify(events),
    });
    if (!reply.ok) throw new Error(`${reply.status}: ${await reply.text()}`);
    return reply.json();
  }

  /** Name → SHA-256 of each file of the journal but its lock. */
  journalHashes() {
    const folder = path.join(this.#data, "journal");
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(files.map((entry) => path.join(entry.path, entry.name)).sort()
      .map((file) => [path.relative(folder, file), createHash("sha256").update(readFileSync(file)).digest("hex")]));
  }
}

/** Waits until `holds` does, 10 s at most. */
export async function until(holds, what, withinMs = 10_000) {
  for (const end = Date.now() + withinMs; ;) {
    let last;
    try {
      if (await holds()) return;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`after ${withinMs} ms it still is not so that ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
