"""The laws against `daybook serve` itself: DAYBOOK_BIN is the program; skipped without it."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any, Dict, List, Tuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from daybook import Recorder  # noqa: E402

BIN = os.environ.get("DAYBOOK_BIN", "")
SERVING = re.compile(r"serving (http://127\.0\.0\.1:\d+) and unix:(.+)\n")


@unittest.skipUnless(BIN and os.access(BIN, os.X_OK), "skipped: DAYBOOK_BIN names no program")
class Daemon(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.data = f"{self.folder}/data"
        subprocess.run([BIN, "--data", self.data, "init"], check=True, stdout=subprocess.DEVNULL)
        self.daemons: List["subprocess.Popen[str]"] = []
        self.open: List[Recorder] = []

    def tearDown(self) -> None:
        for rec in self.open:
            rec.close(0.2)
        for each in self.daemons:
            each.kill()
            each.wait()
            if each.stdout:
                each.stdout.close()

    def serve(self) -> Tuple["subprocess.Popen[str]", str]:
        daemon = subprocess.Popen(
            [BIN, "--data", self.data, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True
        )
        self.daemons.append(daemon)
        assert daemon.stdout is not None
        found = SERVING.match(daemon.stdout.readline())
        self.assertIsNotNone(found)
        assert found is not None
        return daemon, found[1]

    def recorder(self, address: str = "", **options: Any) -> Recorder:
        address = address or f"unix:{self.data}/daybook.sock"
        rec = Recorder(address, spool=f"{self.folder}/spool", **options)
        self.open.append(rec)
        return rec

    def dump(self) -> List[Dict[str, Any]]:
        done = subprocess.run(
            [BIN, "--data", self.data, "dump"], check=True, stdout=subprocess.PIPE, text=True
        )
        events = [json.loads(line) for line in done.stdout.splitlines()]
        return [each for each in events if "type" in each]

    def notes(self) -> List[str]:
        return [each["text"] for each in self.dump() if each["type"] == "note"]

    def test_what_is_flushed_survives_a_kill_and_comes_once_in_order(self) -> None:
        daemon, _ = self.serve()
        rec = self.recorder(memory_events=100)
        for i in range(1000):
            rec.note(str(i))
        self.assertTrue(rec.flush(20))
        for i in range(1000, 2000):
            rec.note(str(i))
        daemon.kill()
        daemon.wait()
        for i in range(2000, 2500):
            rec.note(str(i))
        self.serve()
        self.assertTrue(rec.flush(30))
        self.assertEqual(self.notes(), [str(i) for i in range(2500)])

    def test_kills_at_any_moment_lose_nothing_and_double_nothing(self) -> None:
        daemon, _ = self.serve()
        rec = self.recorder()
        for turn in range(5):
            for i in range(300):
                rec.note(f"{turn}:{i}")
            rec.flush(0.01 * turn)
            daemon.kill()
            daemon.wait()
            daemon, _ = self.serve()
        self.assertTrue(rec.flush(30))
        self.assertEqual(self.notes(), [f"{turn}:{i}" for turn in range(5) for i in range(300)])

    def test_every_method_is_understood(self) -> None:
        self.serve()
        rec = self.recorder(mode="live")
        rec.order_intent("o1", "m1", "Up", "buy", "0.53", 10, tif="GTC", purpose="open")
        rec.response({"success": True, "errorMsg": "", "orderID": "0xabc", "status": "live",
                      "takingAmount": "", "makingAmount": ""}, order="o1", market="m1")
        rec.order_status("o1", "cancel_requested")
        rec.fill("t1", "o1", "m1", "Up", "buy", 9.43, "5.00", fee="0.01", role="taker")
        rec.book("m1", "Up", [["0.52", "100"]], [])
        rec.quote("m1", "Up", "0.52", None)
        rec.claim("bot", "pnl", "-3.21")
        rec.decision("go", group="g", reasons=["cheap"], legs=[{"outcome": "Up", "price": 0.5}])
        rec.event({"type": "merge", "market": "m1", "pairs": 2})
        rec.event({"type": "merge", "market": "m1", "pairs": 2})
        rec.log("info", "hello", extra={"a": 1})
        rec.fill("t2")
        self.assertTrue(rec.flush(10))
        self.assertEqual((rec.stats()["refused"], rec.stats()["unparsed"]), (0, 0))
        types = [e["type"] for e in self.dump() if not e["type"].startswith("recorder_")]
        self.assertEqual(types, "order_intent order_status order_status fill book quote claim "
                                "decision merge merge log log".split())
        fill = next(e for e in self.dump() if e["type"] == "fill")
        self.assertEqual((fill["shares"], fill["mode"]), ("9.43", "live"))
        self.assertEqual(fill["extra"]["inexact_source"], True)

    def test_a_bad_event_is_reported_and_its_neighbours_are_recorded(self) -> None:
        self.serve()
        rec = self.recorder()
        rec.note("before")
        rec.event({"type": "guard", "verdict": "perhaps", "rule": "r"})
        rec.note("after")
        self.assertTrue(rec.flush(10))
        self.assertEqual(self.notes(), ["before", "after"])
        self.assertEqual(rec.stats()["refused"], 1)
        told = [each["text"] for each in self.dump() if each["type"] == "log"]
        self.assertTrue(any("refused by the recorder" in text for text in told))

    def test_with_its_token_a_bot_records_over_tcp_and_without_it_nothing(self) -> None:
        _, address = self.serve()
        token = f"{self.data}/keys/append.token"
        rec = self.recorder(address, token_file=token)
        rec.note("with")
        self.assertTrue(rec.flush(10))
        other = self.recorder(address, token_file=f"{self.folder}/none")
        other.note("without")
        self.assertFalse(other.flush(1))
        self.assertEqual(self.notes(), ["with"])
        secret = Path(token).read_text().strip()
        self.assertNotIn(secret, json.dumps(self.dump()))

    def test_received_and_mono_are_those_of_the_call(self) -> None:
        rec = self.recorder()
        rec.note("early")
        self.assertFalse(rec.flush(1.0))
        self.serve()
        rec.note("late")
        self.assertTrue(rec.flush(10))
        early, late = [each for each in self.dump() if each["type"] == "note"]
        self.assertGreater(late["mono"] - early["mono"], 900_000_000)
        self.assertLess(early["received"], late["received"])


if __name__ == "__main__":
    unittest.main()
