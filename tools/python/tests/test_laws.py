import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from decimal import Decimal
from pathlib import Path
from typing import Any, Dict, List

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "tests"))

import daybook  # noqa: E402
from daybook import Recorder  # noqa: E402
from double import Double  # noqa: E402

logging.getLogger("daybook").addHandler(logging.NullHandler())


class Laws(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.double = Double(f"{self.folder}/daybook.sock")
        self.open: List[Recorder] = []

    def tearDown(self) -> None:
        for rec in self.open:
            rec.close(0.2)
        try:
            self.double.stop()
        except (AssertionError, OSError):
            pass

    def recorder(self, **options: Any) -> Recorder:
        options.setdefault("spool", f"{self.folder}/spool")
        rec = Recorder(options.pop("address", f"unix:{self.double.path}"), **options)
        self.open.append(rec)
        return rec

    def texts(self) -> List[str]:
        return [each["text"] for each in self.double.recorded if each.get("type") == "note"]

    def logs(self) -> List[str]:
        return [each["text"] for each in self.double.recorded if each.get("type") == "log"]

    def until(self, holds: Any, seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while not holds():
            self.assertLess(time.monotonic(), end, "waited too long")
            time.sleep(0.01)

    def test_what_is_flushed_is_recorded_in_order_and_once(self) -> None:
        self.double.start()
        rec = self.recorder()
        for i in range(2000):
            rec.note(str(i))
        self.assertTrue(rec.flush(10))
        self.assertEqual(self.texts(), [str(i) for i in range(2000)])
        self.assertEqual(rec.stats()["durable"], 2000)

    def test_nothing_is_lost_or_doubled_when_connections_break_anywhere(self) -> None:
        self.double.plan = ["lost before", "lost after", 503, "lost after", "lost before", 429]
        self.double.start()
        rec = self.recorder()
        for i in range(600):
            rec.note(str(i))
        self.assertTrue(rec.flush(20))
        self.assertEqual(self.texts(), [str(i) for i in range(600)])

    def test_events_recorded_while_nobody_listens_arrive_when_somebody_does(self) -> None:
        rec = self.recorder(memory_events=50)
        for i in range(500):
            rec.note(str(i))
        self.until(lambda: rec.stats()["spool_bytes"] > 0)
        self.double.start()
        for i in range(500, 700):
            rec.note(str(i))
        self.assertTrue(rec.flush(20))
        self.assertEqual(self.texts(), [str(i) for i in range(700)])

    def test_a_recorder_that_restarts_gets_every_event_once_in_order(self) -> None:
        self.double.start()
        rec = self.recorder(memory_events=100)
        for i in range(1500):
            rec.note(str(i))
            if i in (300, 900):
                self.double.stop()
            if i in (600, 1200):
                self.double.start()
            time.sleep(0.0002)
        self.assertTrue(rec.flush(20))
        self.assertEqual(self.texts(), [str(i) for i in range(1500)])

    def test_memory_spilled_while_a_batch_is_under_way_is_not_lost_or_doubled(self) -> None:
        self.double.plan = [0.4]
        self.double.start()
        rec = self.recorder(memory_events=40)
        for i in range(30):
            rec.note(str(i))
        time.sleep(0.1)
        for i in range(30, 400):
            rec.note(str(i))
        self.assertTrue(rec.flush(20))
        self.assertEqual(self.texts(), [str(i) for i in range(400)])
        self.assertEqual(rec.stats()["duplicates"], 0)

    def test_a_frozen_recorder_does_not_slow_the_bot(self) -> None:
        self.double.always = 30.0
        self.double.start()
        rec = self.recorder(timeout=1.0)
        worst = 0.0
        for i in range(3000):
            begin = time.perf_counter()
            rec.note(str(i))
            worst = max(worst, time.perf_counter() - begin)
        self.assertLess(worst, 0.25)
        self.assertFalse(rec.flush(0.3))
        self.assertLessEqual(rec.stats()["pending"], 8193)
        begin = time.monotonic()
        rec.close(0.3)
        self.assertLess(time.monotonic() - begin, 2.5)

    def test_what_finds_no_room_is_counted_and_reported_as_a_gap(self) -> None:
        rec = self.recorder(memory_events=100, spool_bytes=20_000)
        for i in range(1000):
            rec.note(str(i))
            time.sleep(0.00002)
        self.until(lambda: rec.stats()["queued"] == 0)
        dropped = rec.stats()["dropped"]
        self.assertGreater(dropped, 0)
        self.assertLessEqual(rec.stats()["spool_bytes"], 20_000)
        self.double.start()
        rec.flush(10)
        self.until(lambda: any(e.get("type") == "feed" for e in self.double.recorded))
        gaps = [e for e in self.double.recorded if e.get("type") == "feed"]
        self.assertEqual([g["state"] for g in gaps], ["gap"] * len(gaps))
        self.assertEqual(sum(g["extra"]["dropped"] for g in gaps), dropped)
        self.assertEqual(len(self.texts()) + dropped, 1000)
        self.assertEqual(self.texts(), sorted(self.texts(), key=int))

    def test_a_full_queue_drops_and_counts_what_comes(self) -> None:
        rec = self.recorder(queue_calls=0)
        rec.note("x")
        self.assertEqual(rec.stats()["dropped"], 1)
        self.assertFalse(rec.flush(0.2))

    def test_one_bad_event_is_reported_and_the_others_are_recorded(self) -> None:
        self.double.bad = lambda e: e.get("type") == "note" and e["text"] in ("3", "250", "251")
        self.double.start()
        rec = self.recorder()
        for i in range(400):
            rec.note(str(i))
        self.assertTrue(rec.flush(20))
        kept = [str(i) for i in range(400) if i not in (3, 250, 251)]
        self.assertEqual(self.texts(), kept)
        self.assertEqual(rec.stats()["refused"], 3)
        self.assertEqual(sum("no good" in text for text in self.logs()), 3)

    def test_a_recorder_that_refuses_everything_is_not_asked_for_ever(self) -> None:
        self.double.bad = lambda e: True
        self.double.start()
        rec = self.recorder()
        rec.note("a")
        rec.flush(3)
        self.until(lambda: rec.stats()["pending"] == 0)
        posts = self.double.posts
        time.sleep(0.3)
        self.assertEqual(self.double.posts, posts)
        self.assertEqual(rec.stats()["refused"], 2)

    def test_a_batch_too_large_is_split(self) -> None:
        self.double.events_max = 7
        self.double.start()
        rec = self.recorder()
        for i in range(300):
            rec.note(str(i))
        self.assertTrue(rec.flush(20))
        self.assertEqual(self.texts(), [str(i) for i in range(300)])

    def test_a_refused_token_keeps_the_events_and_tells_once(self) -> None:
        self.double.plan = [401, 403]
        self.double.start()
        rec = self.recorder()
        with self.assertLogs("daybook", "WARNING") as told:
            rec.note("a")
            self.assertTrue(rec.flush(10))
        self.assertEqual(len(told.output), 1)
        self.assertEqual(self.texts(), ["a"])

    def test_the_token_is_in_its_header_and_nowhere_else(self) -> None:
        self.double.start()
        token = Path(self.folder, "append.token")
        token.write_text("s3cret-token\n")
        rec = self.recorder(token_file=str(token))
        rec.note("a")
        self.assertTrue(rec.flush(10))
        self.assertIn("Authorization: Bearer s3cret-token", self.double.heads[0])
        self.assertNotIn("s3cret", self.double.heads[0].split("\n")[0])
        self.double.stop()
        rec.note("b")
        rec.close(0.2)
        spooled = b"".join(p.read_bytes() for p in Path(self.folder, "spool").iterdir())
        self.assertIn(b'"b"', spooled)
        self.assertNotIn(b"s3cret", spooled)
        self.assertNotIn("s3cret", repr(rec) + repr(rec.stats()) + repr(self.double.recorded))

    def test_what_a_bot_spooled_at_its_end_the_next_one_sends_first(self) -> None:
        first = self.recorder()
        first.note("1")
        first.close(0.2)
        self.double.start()
        second = self.recorder()
        second.note("2")
        self.assertTrue(second.flush(10))
        self.assertEqual(self.texts(), ["1", "2"])
        second.close()
        self.assertEqual(list(Path(self.folder, "spool").iterdir()), [])

    def test_the_spool_of_a_killed_process_is_sent_and_its_torn_line_reported(self) -> None:
        code = (
            "import sys,time; sys.path.insert(0, sys.argv[1]); from daybook import Recorder\n"
            "rec = Recorder('unix:' + sys.argv[2], spool=sys.argv[3], memory_events=1)\n"
            "for i in range(100): rec.note(str(i))\n"
            "while rec.stats()['spool_bytes'] == 0 or rec.stats()['queued']: time.sleep(0.01)\n"
            "print('ready', flush=True); time.sleep(60)\n"
        )
        args = [str(ROOT), self.double.path, f"{self.folder}/spool"]
        bot = subprocess.Popen([sys.executable, "-c", code, *args], stdout=subprocess.PIPE)
        assert bot.stdout is not None
        bot.stdout.readline()
        bot.send_signal(signal.SIGKILL)
        bot.wait()
        bot.stdout.close()
        (spooled,) = Path(self.folder, "spool").iterdir()
        self.assertEqual(spooled.stat().st_mode & 0o777, 0o600)
        with spooled.open("ab") as file:
            file.write(b'{"type":"note","te')
        self.double.start()
        rec = self.recorder()
        rec.note("after")
        self.assertTrue(rec.flush(10))
        self.assertGreaterEqual(len(self.texts()), 99)
        self.assertEqual(self.texts()[:99], [str(i) for i in range(99)])
        self.assertEqual(self.texts()[-1], "after")
        self.until(lambda: any("cut off" in text for text in self.logs()))

    def test_a_bot_that_ends_normally_leaves_nothing_behind(self) -> None:
        self.double.start()
        code = (
            "import sys; sys.path.insert(0, sys.argv[1]); from daybook import Recorder\n"
            "rec = Recorder('unix:' + sys.argv[2], spool=sys.argv[3])\n"
            "for i in range(300): rec.note(str(i))\n"
        )
        args = [str(ROOT), self.double.path, f"{self.folder}/spool"]
        subprocess.run([sys.executable, "-c", code, *args], check=True, timeout=20)
        self.assertEqual(self.texts(), [str(i) for i in range(300)])

    def test_parent_and_child_of_a_fork_each_send_their_own_once(self) -> None:
        rec = self.recorder()
        rec.note("before")
        child = os.fork()
        if child == 0:
            rec.note("child")
            os._exit(0 if rec.flush(10) else 1)
        rec.note("parent")
        self.double.start()
        self.assertTrue(rec.flush(10))
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertEqual(sorted(self.texts()), ["before", "child", "parent"])

    def test_wrong_use_never_raises_and_is_told(self) -> None:
        class Odd:
            def __repr__(self) -> str:
                raise RuntimeError

        self.double.start()
        rec = self.recorder()
        rec.fill()
        rec.fill("t", "o", "m", "Up", "hold", "1", "1")
        rec.fill("t", trade="t")
        rec.quote("m", "Up", float("nan"), "x")
        rec.event(7)
        rec.event({"type": "recorder_started"})
        rec.frame()
        rec.note(Odd())
        rec.book("m", "Up", 5)
        rec.order_intent(1, 2, 3, 4, 5, 6, 7, 8)
        self.assertTrue(rec.flush(10))
        self.assertEqual(rec.stats()["misused"], 10)
        self.assertEqual(len(self.logs()), 10)

    def test_decimals_are_exact_and_floats_are_marked(self) -> None:
        self.double.start()
        rec = self.recorder()
        rec.fill("t1", "o", "m", "Up", "BUY", Decimal("9.430000"), 5)
        rec.fill("t2", "o", "m", "Up", "buy", 0.1 + 0.2, 1e-6)
        rec.fill("t3", "o", "m", "Up", "buy", "1.2345678", 1)
        rec.event({"type": "price", "asset": "btc/usd", "price": "0.123456789012345678"})
        self.assertTrue(rec.flush(10))
        one, two, told, price = self.double.recorded
        self.assertEqual((one["shares"], one["cost"], one["side"]), ("9.43", "5", "buy"))
        self.assertNotIn("extra", one)
        self.assertNotIn("id", one)
        self.assertEqual((two["shares"], two["cost"]), ("0.3", "0.000001"))
        self.assertEqual(two["extra"]["inexact_source"], True)
        self.assertEqual(two["extra"]["as_given"], {"shares": "0.30000000000000004"})
        self.assertIn("more than 6 decimals", told["text"])
        self.assertEqual(price["price"], "0.123456789012345678")

    def test_a_frame_goes_out_as_it_came_and_in_its_place(self) -> None:
        self.double.start()
        rec = self.recorder(mode="live")
        text = '{"b": 1.10, "a":"é\\u00e9"}'
        rec.note("before")
        rec.frame(text, channel="market")
        rec.frame(b'\xff{"x"', channel="user", venue="kalshi")
        rec.response({"orderID": "0x1", "success": True, "status": "live"}, order="o", market="m")
        rec.response(None, order="o")
        rec.note("after")
        self.assertTrue(rec.flush(10))
        _, frame, torn, answer, none, _ = self.double.recorded
        self.assertEqual(frame["payload"], text)
        self.assertEqual(frame["target"], "/v1/events?venue=polymarket")
        self.assertEqual(torn["target"], "/v1/events?venue=kalshi")
        self.assertEqual((answer["channel"], answer["order"]), ("rest", "o"))
        self.assertIsNone(none["payload"])
        self.assertEqual(self.texts(), ["before", "after"])

    def test_an_answer_in_dry_run_is_no_answer_of_the_venue(self) -> None:
        self.double.start()
        rec = self.recorder()
        rec.response({"orderID": "0x1", "success": True, "status": "live"}, order="o")
        self.assertTrue(rec.flush(10))
        (said,) = self.double.recorded
        self.assertEqual((said["type"], said["status"], said["mode"]), ("order_status", "live", "dry_run"))

    def test_real_answers_go_through_unchanged(self) -> None:
        samples = os.environ.get("DAYBOOK_SAMPLES", "")
        path = Path(samples, "pm-order-responses-dec2025", "submissions.jsonl")
        if not samples or not path.exists():
            self.skipTest("skipped: no samples; set DAYBOOK_SAMPLES")
        answers = [json.loads(line)["http_response"] for line in path.open()]
        self.double.start()
        rec = self.recorder(mode="live")
        for at, answer in enumerate(answers):
            rec.response(answer, order=f"o{at}")
        self.assertTrue(rec.flush(10))
        sent = [each["payload"] for each in self.double.recorded]
        self.assertEqual(sent, [a for i, a in enumerate(answers) if a not in answers[:i]])

    def test_logging_becomes_log_events(self) -> None:
        self.double.start()
        rec = self.recorder()
        logger = logging.getLogger("bot.test")
        handler = daybook.Handler(rec)
        logger.addHandler(handler)
        logger.propagate = False
        logger.warning("hedge %s", "late")
        logger.removeHandler(handler)
        self.assertTrue(rec.flush(10))
        (said,) = self.double.recorded
        self.assertEqual((said["level"], said["text"]), ("warning", "hedge late"))

    def test_many_threads_lose_nothing(self) -> None:
        self.double.start()
        rec = self.recorder()

        def work(name: int) -> None:
            for i in range(300):
                rec.note(f"{name}:{i}")

        threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        self.assertTrue(rec.flush(20))
        self.assertEqual(len(set(self.texts())), 2400)


class PolyApiException(Exception):
    def __init__(self, status_code: Any, error_msg: Any) -> None:
        self.status_code = status_code
        self.error_msg = error_msg


class Signed:
    def dict(self) -> Dict[str, Any]:
        return {"tokenId": "77", "makerAmount": "5300000", "takerAmount": "10000000",
                "side": "BUY", "signature": "0xSIGNED"}


class Client:
    host = "https://venue"

    def __init__(self) -> None:
        self.answer: Any = {"success": True, "errorMsg": "", "orderID": "0xabc", "status": "live",
                            "takingAmount": "", "makingAmount": ""}

    def _said(self) -> Any:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    def post_order(self, order: Any, orderType: str = "GTC") -> Any:
        return self._said()

    def cancel(self, order_id: str) -> Any:
        return self._said()

    def get_order(self, order_id: str) -> Any:
        return self._said()

    def get_tick_size(self, token: str) -> str:
        return "0.01"


class Wrapping(Laws):
    def setUp(self) -> None:
        super().setUp()
        self.double.start()
        self.rec = self.recorder()
        self.client = Client()

    def wrapped(self, **options: Any) -> Any:
        return daybook.wrap(self.client, self.rec, **options)

    def events(self) -> List[Dict[str, Any]]:
        self.assertTrue(self.rec.flush(10))
        return self.double.recorded

    def test_an_order_and_its_answer_are_recorded_under_one_name(self) -> None:
        answer = self.wrapped(markets={"77": "0xm"}).post_order(Signed(), "GTC")
        self.assertIs(answer, self.client.answer)
        intent, said = self.events()
        self.assertEqual(intent["type"], "order_intent")
        self.assertEqual((intent["price"], intent["shares"], intent["mode"]), ("0.53", "10", "live"))
        self.assertEqual((said["order"], said["payload"]), (intent["order"], self.client.answer))
        self.assertNotIn("SIGNED", json.dumps(self.double.recorded))

    def test_without_a_market_the_request_is_a_status(self) -> None:
        self.wrapped().post_order(Signed())
        self.assertEqual(self.events()[0]["status"], "submitted")

    def test_a_refusal_is_rejected_and_everything_else_is_unknown(self) -> None:
        cases = [(PolyApiException(400, {"error": "not enough balance"}), "rejected"),
                 (PolyApiException(503, "down"), "unknown"), (PolyApiException(None, "x"), "unknown"),
                 (PolyApiException(408, "x"), "unknown"), (TimeoutError("late"), "unknown")]
        client = self.wrapped()
        for raised, _ in cases:
            self.client.answer = raised
            with self.assertRaises(type(raised)) as got:
                client.post_order(Signed())
            self.assertIs(got.exception, raised)
        said = [e for e in self.events() if e.get("status") != "submitted"]
        self.assertEqual([e["status"] for e in said], [word for _, word in cases])
        self.assertIn("not enough balance", said[0]["reason"])

    def test_a_cancel_is_asked_answered_and_refused(self) -> None:
        client = self.wrapped()
        self.client.answer = {"canceled": ["0xabc"], "not_canceled": {}}
        client.cancel("0xabc")
        self.client.answer = PolyApiException(400, "already gone")
        with self.assertRaises(PolyApiException):
            client.cancel(order_id="0xdef")
        asked, answer, again, refused = self.events()
        self.assertEqual((asked["status"], asked["venue_order"]), ("cancel_requested", "0xabc"))
        self.assertEqual(answer["payload"], {"canceled": ["0xabc"], "not_canceled": {}})
        self.assertEqual((again["status"], refused["status"]), ("cancel_requested", "cancel_rejected"))

    def test_everything_else_passes_through(self) -> None:
        client = self.wrapped()
        self.assertEqual(client.get_tick_size("77"), "0.01")
        client.host = "elsewhere"
        self.assertEqual(self.client.host, "elsewhere")
        with self.assertRaises(AttributeError):
            client.nothing
        with self.assertRaises(TypeError):
            client.post_order()
        self.assertTrue(self.rec.flush(10))


for _name in [n for n in dir(Laws) if n.startswith("test_")]:  # Wrapping borrows the set-up only
    setattr(Wrapping, _name, None)

if __name__ == "__main__":
    unittest.main()
