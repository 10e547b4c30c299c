#!/usr/bin/env python3
"""What a dashboard sees of a running recorder. DAYBOOK_BIN names daybook."""
import json, pathlib, signal, time, unittest

import serve
from serve import WebSocket, fill, quote


def patched(document, patch):
    """RFC 6902, as far as the recorder uses it."""
    for operation in patch:
        parts = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]]
        if not parts:
            document = operation["value"]
            continue
        place = document
        for part in parts[:-1]: place = place[int(part) if isinstance(place, list) else part]
        last = int(parts[-1]) if isinstance(place, list) else parts[-1]
        if operation["op"] == "remove": del place[last]
        elif isinstance(place, list) and operation["op"] == "add": place.insert(last, operation["value"])
        else: place[last] = operation["value"]
    return document


class Page:
    """A page that keeps what it was told."""

    def __init__(self, port, *views):
        self.line = WebSocket(port, "/v1/live")
        self.answers, self.problems, self.heads, self.messages = {}, {}, [], []
        self.watch(*views)

    def watch(self, *views):
        self.line.send({"watch": list(views)})

    def read(self):
        message = self.line.message()
        self.messages.append(message)
        if message["kind"] == "head": self.heads.append(message)
        if message["kind"] != "view": return message
        name = message["view"]
        if "answer" in message: self.answers[name] = message["answer"]
        if "patch" in message: self.answers[name] = patched(self.answers[name], message["patch"])
        if "problem" in message: self.problems[name] = message["problem"]
        return message

    def until(self, true, seconds=10):
        end = time.time() + seconds
        while not true():
            if time.time() > end: raise AssertionError(f"not seen in {seconds} s: {self.messages[-3:]}")
            self.read()


class Live(serve.Beside):
    def test_views_come_whole_and_then_as_patches_that_make_the_answer_of_a_query(self):
        views = ("positions", "pnl", "orders", "cash", "hedge", "health", "positions?market=m1")
        page = Page(self.port, *views)
        for number in range(60):
            self.post("/v1/events", [fill(number, f"m{number % 3}"), quote(number)])
            if number % 4 == 0: page.read()
        for view in views:
            wanted = self.get("/v1/query/" + view)[1]
            page.until(lambda: page.answers.get(view) == wanted)
        told = lambda: [m for m in page.messages if m.get("view") == "positions"]
        self.assertIn("answer", told()[0])
        for number in range(60, 80):  # who keeps up is told what changed
            if any("patch" in message for message in told()): break
            before = len(told())
            self.post("/v1/events", fill(number))
            page.until(lambda: len(told()) > before)
        else: self.fail("never a patch")
        page.until(lambda: page.heads[-1]["seq"] == self.events()[-1]["seq"])

    def test_an_answer_that_lags_behind_the_rows_builds_nothing_again(self):
        page = Page(self.port, "positions", "orders", "fills", "projections")
        for number in range(200): self.post("/v1/events", fill(number))
        page.until(lambda: len(page.answers.get("fills", {}).get("fills", [])) == 200)
        self.assertFalse(pathlib.Path(self.data, "projections", "history.jsonl").exists())

    def test_a_head_comes_each_second_though_nothing_happens(self):
        page = Page(self.port)
        begin = time.time()
        page.until(lambda: len(page.heads) == 3)
        self.assertLess(time.time() - begin, 4)
        self.assertEqual({head["recording"] for head in page.heads}, {True})
        self.assertEqual([m["kind"] for m in page.messages], ["head"] * 3)

    def test_what_does_not_change_is_not_told_again(self):
        page = Page(self.port, "positions")
        page.until(lambda: "positions" in page.answers and len(page.heads) >= 3)
        self.assertEqual(len([m for m in page.messages if m["kind"] == "view"]), 1)

    def test_no_view_and_no_head_comes_more_than_twenty_times_a_second(self):
        page = Page(self.port, "positions", "fills?limit=5")
        page.until(lambda: len(page.answers) == 2)
        page.messages.clear()
        begin = time.time()
        for number in range(400): self.post("/v1/events", fill(number))
        took = time.time() - begin
        page.until(lambda: page.heads[-1]["seq"] == self.events()[-1]["seq"])
        for kind in ("head", "positions", "fills?limit=5"):
            count = len([m for m in page.messages if kind in (m["kind"], m.get("view"))])
            self.assertLessEqual(count, 21 * (took + 1), kind)

    def test_a_wish_replaces_the_one_before_and_what_stays_goes_on(self):
        self.post("/v1/events", [fill(n, f"m{n}") for n in range(2, 10)])
        page = Page(self.port, "positions", "pnl")
        page.until(lambda: len(page.answers) == 2)
        page.watch("positions", "orders")
        page.until(lambda: "orders" in page.answers)
        page.messages.clear()
        self.post("/v1/events", fill(1))
        page.until(lambda: len(page.answers["positions"]["positions"]) == 9)
        page.until(lambda: page.answers["orders"] == self.get("/v1/query/orders")[1])
        told = [m for m in page.messages if m["kind"] == "view"]
        self.assertNotIn("pnl", {m["view"] for m in told})
        self.assertFalse([m for m in told if m["view"] == "positions" and "answer" in m])

    def test_a_wish_that_makes_no_sense_is_refused_whole(self):
        page = Page(self.port, "pnl")
        page.until(lambda: "pnl" in page.answers)
        for wish, word in (({"watch": ["orders", "nothing"]}, "nothing"), ({"watch": 1}, "watch"),
                           ({"watch": ["pnl?colour=red"]}, "colour"), ([], "watch"),
                           ({"watch": ["pnl"] * 33}, "32"), ({"watch": ["../events"]}, "events"),
                           ({"watch": ["events"]}, "stream")):
            page.line.send(wish)
            message = {}
            while message.get("kind") != "problem": message = page.read()
            self.assertIn(word, json.dumps(message["problem"]), wish)
        self.post("/v1/events", fill(1))
        page.until(lambda: page.answers["pnl"]["bought"] == "1")
        self.assertNotIn("orders", page.answers)

    def test_a_view_that_cannot_be_answered_tells_why_and_recovers(self):
        page = Page(self.port, "pnl?epoch=later")
        page.until(lambda: page.problems)
        self.assertEqual(page.problems["pnl?epoch=later"], self.get("/v1/query/pnl?epoch=later")[1])
        self.post("/v1/events", {"type": "epoch", "name": "later"})
        self.post("/v1/events", fill(1))
        page.until(lambda: "pnl?epoch=later" in page.answers)
        self.assertEqual(page.answers["pnl?epoch=later"]["bought"], "1")

    def test_a_page_that_does_not_read_hinders_nobody_and_then_sees_the_latest(self):
        slow, quick = Page(self.port, "fills"), Page(self.port, "fills")
        quick.until(lambda: quick.answers)
        for number in range(300): self.post("/v1/events", [fill(number), fill(number + 1000)])
        quick.until(lambda: len(quick.answers["fills"]["fills"]) == 600)
        slow.until(lambda: slow.answers and len(slow.answers["fills"]["fills"]) == 600)
        self.assertEqual(slow.answers, quick.answers)

    def test_a_reset_is_seen_though_nothing_is_recorded(self):
        self.post("/v1/events", [fill(n) for n in range(50)])
        page = Page(self.port, "projections")
        generation = lambda: {p["name"]: p["generation"] for p in page.answers["projections"]["projections"]}
        page.until(lambda: "projections" in page.answers)
        before = generation()["pnl"]
        plan = self.post("/v1/projections/plan", {"names": ["pnl"]}, role="admin")[1]["plan"]
        self.assertEqual(self.post("/v1/projections/apply", {"plan": plan}, role="admin")[0], 200)
        page.until(lambda: generation()["pnl"] == before + 1)

    def test_after_a_kill_a_page_that_comes_again_sees_all_of_it_once(self):
        page = Page(self.port, "fills")
        for number in range(20): self.post("/v1/events", fill(number))
        page.until(lambda: len(page.answers.get("fills", {}).get("fills", [])) == 20)
        self.stop(signal.SIGKILL)
        with self.assertRaises((EOFError, ConnectionError)):
            while True: page.read()
        self.start()
        self.post("/v1/events", fill(20))
        again = Page(self.port, "fills")
        again.until(lambda: len(again.answers.get("fills", {}).get("fills", [])) == 21)
        self.assertEqual(again.answers["fills"], self.get("/v1/query/fills")[1])

    def test_a_stop_tells_the_page_and_is_not_kept_waiting(self):
        page = Page(self.port, "positions", "status")
        page.until(lambda: len(page.answers) == 2)
        begin = time.time()
        self.process.send_signal(signal.SIGTERM)
        with self.assertRaises(EOFError) as closed:
            while True: page.read()
        self.assertIn(b"recorder stops", closed.exception.args[0])
        page.line.socket.close()
        self.assertEqual(self.stop(), 0)
        self.assertLess(time.time() - begin, 3)

    def test_another_origin_gets_nothing(self):
        self.assertEqual(WebSocket(self.port, "/v1/live", origin="http://evil.example").status, 403)
        self.assertEqual(self.get("/v1/live")[0], 426)


if __name__ == "__main__":
    unittest.main()
