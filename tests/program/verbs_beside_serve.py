#!/usr/bin/env python3
"""The verbs that write, beside a running recorder. DAYBOOK_BIN names daybook."""
import json, re, os, pathlib, random, signal, subprocess, tempfile, time, unittest

import serve
from serve import BIN, fill, quote


def polymarket_book(number, bid="0.40"):
    return json.dumps({"event_type": "book", "asset_id": "71", "market": "0xabc",
                       "timestamp": str(1765600000000 + number), "hash": "h",
                       "bids": [{"price": bid, "size": "10"}], "asks": [{"price": "0.60", "size": "5"}]})


def contract_lines():
    """Everything at once: duplicates, equal lines without a key, a conflict, what is no event."""
    lines = [json.dumps(fill(n, f"m{n % 5}")) for n in range(700)]
    tick = {"type": "note", "text": "tick", "account": "a"}
    lines += [json.dumps(tick)] * 1500 + [lines[3], lines[4]]
    lines += [json.dumps(fill(5, "m0") | {"shares": "9"}), "not json", '{"type":"no such"}', '{"type":"fill"}']
    lines += [json.dumps(tick)] * 700
    lines.append(json.dumps({"type": "note", "text": "effect", "cause": 10 ** 9}))
    lines.append(json.dumps({"type": "note", "text": "caf\u00e9 \u0000 \" \\", "own": {"a": [1, 2.50]}}))
    lines.append(json.dumps({"type": "note", "text": "x" * 1_200_000}))
    lines.append(json.dumps({"type": "note", "text": "\u0001" * 160_000}))
    return "\n".join(lines) + "\n"


IGNORED = ("seq", "received", "conflicts_with")


def told(done):
    """What a call of ingest said, but for where the journal stands."""
    answer = json.loads(done.stdout)
    answer.pop("seq")
    return done.returncode, answer


class Verbs(serve.Beside):
    def call(self, data, *words, text=None):
        return subprocess.run([BIN, "--data", data, *words], input=text, capture_output=True, text=True)

    def other(self):
        """A data directory that nobody serves."""
        folder = tempfile.mkdtemp(dir=self.folder.name)
        subprocess.run([BIN, "--data", folder + "/d", "init"], check=True, stdout=subprocess.DEVNULL)
        return folder + "/d"

    def content(self, data):
        """Every event but those of the recorder itself, without what depends on when it came."""
        lines = self.call(data, "dump").stdout.splitlines()[1:]
        events = [json.loads(line) for line in lines]
        return [{k: v for k, v in e.items() if k not in IGNORED} for e in events
                if not e["type"].startswith("recorder_")]

    def both(self, text, *options):
        """Reads `text` here and where nobody serves, and gives what was told of each."""
        there = self.other()
        here = self.call(self.data, "ingest", "--json", *options, "-", text=text)
        alone = self.call(there, "ingest", "--json", *options, "-", text=text)
        self.assertEqual(told(here), told(alone), here.stderr)
        self.assertEqual(self.content(self.data), self.content(there))
        again = self.call(self.data, "ingest", "--json", *options, "-", text=text)
        self.assertEqual(told(again), told(self.call(there, "ingest", "--json", *options, "-", text=text)))
        self.assertEqual(self.content(self.data), self.content(there))
        return here

    def test_contract_lines_come_to_the_same_with_a_recorder_and_without(self):
        done = self.both(contract_lines())
        self.assertEqual(done.returncode, 6)
        answer = json.loads(done.stdout)
        self.assertEqual((answer["duplicate"], answer["conflicting"]), (2, 1))
        self.assertGreaterEqual(answer["accepted"], 2902)

    def test_frames_of_a_venue_come_to_the_same_with_a_recorder_and_without(self):
        frames = [polymarket_book(n, f"0.{40 + n % 9}") for n in range(300)] + ["PONG", "garbage", "{}"]
        self.assertEqual(self.both("\n".join(frames), "--venue", "polymarket").returncode, 6)

    def test_a_dump_keeps_what_its_events_refer_to(self):
        source = self.other()
        lines = [json.dumps(quote(n)) for n in range(30)]
        self.call(source, "ingest", "-", text="\n".join(lines))
        self.call(source, "ingest", "-", text=json.dumps({"type": "note", "text": "why", "cause": 7}))
        done = self.call(self.data, "ingest", "-", text=self.call(source, "dump").stdout)
        self.assertEqual(done.returncode, 0, done.stderr)
        events = self.events()
        note = next(e for e in events if e["type"] == "note")
        self.assertEqual(events[note["cause"] - 1]["id"], "q6")

    def test_what_the_operator_says_is_recorded_and_answered(self):
        for words, kind in ((("note", "all is well"), "note"), (("epoch", "second"), "epoch"),
                            (("halt", "too fast", "--scope", "all", "--by", "me"), "halt"),
                            (("resume",), "resume"), (("note", "all is well"), "note")):
            done = self.cli(*words, "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            answer = json.loads(done.stdout)
            self.assertEqual(answer["kind"], kind)
            event = self.events()[answer["seq"] - 1]
            self.assertEqual((event["type"], event["origin"]), (kind, "operator"))
        halt = next(e for e in self.events() if e["type"] == "halt")
        self.assertEqual((halt["reason"], halt["scope"], halt["by"]), ("too fast", "all", "me"))

    def test_an_interrupt_ends_it_and_what_was_read_is_recorded(self):
        process = subprocess.Popen([BIN, "--data", self.data, "ingest", "--json", "-"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdin.write(json.dumps(fill(1)).encode() + b"\n")
        process.stdin.flush()
        while not any(e["type"] == "fill" for e in self.events()): time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130)
        self.assertEqual(json.loads(out)["accepted"], 1)

    def test_a_recorder_that_is_killed_in_the_middle_is_told_and_nothing_is_doubled(self):
        process = subprocess.Popen([BIN, "--data", self.data, "ingest", "--json", "-"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        lines = [json.dumps(fill(n)) + "\n" for n in range(50)]
        process.stdin.write("".join(lines[:20]).encode())
        process.stdin.flush()
        while sum(e["type"] == "fill" for e in self.events()) < 20: time.sleep(0.01)
        self.stop(signal.SIGKILL)
        out, err = process.communicate("".join(lines[20:]).encode(), timeout=60)
        self.assertEqual(process.returncode, 1)
        told = re.search(rb"until then (\d+) events were acknowledged", err)
        self.assertLessEqual(int(told[1]), 20)  # those that are durable, and whose answer came in time
        self.assertIn(b"run it again", err)
        self.assertEqual(json.loads(out)["kind"], "error")
        again = self.call(self.data, "ingest", "--json", "-", text="".join(lines))
        self.assertEqual(json.loads(again.stdout)["accepted"], 30)
        self.start()
        self.assertEqual(sum(e["type"] == "fill" for e in self.events()), 50)

    def test_without_a_socket_the_holder_is_named(self):
        os.rename(self.data + "/daybook.sock", self.data + "/away.sock")
        for words in (("note", "x"), ("ingest", "/dev/null"), ("epoch", "x")):
            done = self.cli(*words)
            self.assertEqual(done.returncode, 5, words)
            self.assertIn(str(self.process.pid), done.stderr)
        os.rename(self.data + "/away.sock", self.data + "/daybook.sock")

    def test_two_that_write_at_once_lose_nothing(self):
        writers = [subprocess.Popen([BIN, "--data", self.data, "ingest", "-q", "-"], stdin=subprocess.PIPE,
                                    stdout=subprocess.DEVNULL) for _ in range(3)]
        for number, writer in enumerate(writers):
            writer.stdin.write("".join(json.dumps(quote(f"{number}.{n}")) + "\n" for n in range(2000)).encode())
            writer.stdin.close()
        for writer in writers: self.assertEqual(writer.wait(timeout=60), 0)
        names = [e["id"] for e in self.events() if e["type"] == "quote"]
        self.assertEqual((len(names), len(set(names))), (6000, 6000))

    # The doctor.

    def found(self):
        done = self.cli("doctor", "--json")
        return done.returncode, {f["what"]: f for f in json.loads(done.stdout)["findings"]}

    def test_the_doctor_names_who_records_and_what_is_open_to_others(self):
        self.post("/v1/events", quote(1))
        os.chmod(self.data, 0o700)
        code, found = self.found()
        self.assertEqual(code, 0, found)
        self.assertIn(f"process {self.process.pid} records", found["recorder"]["text"])
        self.assertEqual(found["permissions"]["grade"], "good")
        self.assertEqual(found["feed polymarket"]["grade"], "good")
        self.assertIn("median of 5", found["sync"]["text"])
        self.assertIn("days left", found)
        self.assertIn("file system", found)
        for path in ("keys/append.token", "daybook.sock", "keys"):
            os.chmod(self.data + "/" + path, 0o750)
            code, found = self.found()
            self.assertEqual((code, found["permissions"]["grade"]), (3, "bad"), path)
            self.assertIn("chmod", found["permissions"]["try"])
            os.chmod(self.data + "/" + path, 0o700 if path == "keys" else 0o600)
        self.post("/v1/events", quote(2) | {"venue": "kalshi", "received": "2025-01-01T00:00:00Z"})
        code, found = self.found()
        self.assertEqual((code, found["feed kalshi"]["grade"]), (0, "note"))
        os.remove(self.data + "/daybook.sock")
        self.assertEqual(self.found()[1]["recorder"]["grade"], "note")
        self.stop()
        self.assertEqual(self.found()[1]["recorder"]["text"], "none is at work")
        self.assertNotIn("feed kalshi", self.found()[1])
        self.assertFalse([name for name in os.listdir(self.data) if name.startswith("sync-test")])

    # Settings.

    def own_fill(self, number):
        """A trade frame of the wallet 0xaa, as the user channel sends it."""
        trade = {"event_type": "trade", "id": f"T{number}", "market": "0xabc", "asset_id": "71", "status": "MATCHED",
                 "side": "BUY", "size": "4", "price": "0.5", "outcome": "Up", "match_time": "1765600000",
                 "taker_order_id": "0xo", "maker_address": "0xbb", "trader_side": "TAKER",
                 "maker_orders": [{"order_id": f"0xm{number}", "maker_address": "0xaa", "matched_amount": "4",
                                   "price": "0.5", "asset_id": "71", "outcome": "Up", "side": "SELL"}]}
        body = json.dumps({"channel": "user", "payload": trade})
        status, answer = self.post("/v1/events?venue=polymarket", body, **{"Content-Type": "application/x-ndjson"})
        self.assertEqual(status, 200, answer)
        seqs = {a["seq"] for a in answer}
        return {e["account"] for e in self.events() if e["seq"] in seqs and e["type"] == "fill"}

    def logged(self, text):
        for _ in range(500):
            if text in pathlib.Path(self.folder.name, "log").read_text(): return
            time.sleep(0.01)
        self.fail("never logged: " + text)

    def test_a_hangup_reads_the_accounts_anew_and_says_what_it_cannot(self):
        settings = pathlib.Path(self.data, "daybook.toml")
        self.assertNotEqual(self.own_fill(1), {"second"})
        settings.write_text('[accounts.second]\naddresses = ["0xaa"]\n[serve]\nport = 1\n')
        self.process.send_signal(signal.SIGHUP)
        self.logged("[serve] has changed")
        self.assertEqual(self.own_fill(2), {"second"})
        settings.write_text("[serve]\nprot = 1\n")
        self.process.send_signal(signal.SIGHUP)
        self.logged("line 2, column 1: there is no setting 'serve.prot'")
        self.assertEqual(self.own_fill(3), {"second"})

    def test_settings_choose_the_port_and_options_win(self):
        self.stop()
        settings = pathlib.Path(self.data, "daybook.toml")
        settings.write_text(f'[serve]\nport = {self.port}\nlog_format = "json"\n')
        for options, same in (((), True), (("--port", "0"), False)):
            process = subprocess.Popen([BIN, "--data", self.data, "serve", *options], stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE)
            self.assertEqual(f":{self.port} " in process.stdout.readline().decode(), same)
            process.send_signal(signal.SIGTERM)
            _, log = process.communicate(timeout=30)
            for line in log.splitlines(): json.loads(line)
            self.assertEqual(process.returncode, 0)
        settings.write_text("[serve]\nport = 70000\n")
        done = self.cli("serve")
        self.assertEqual(done.returncode, 1)
        self.assertIn("line 2, column 8", done.stderr)


if __name__ == "__main__":
    unittest.main()
