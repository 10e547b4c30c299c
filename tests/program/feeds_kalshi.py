#!/usr/bin/env python3
"""The recorder connected to a venue like Kalshi that misbehaves. DAYBOOK_BIN names daybook."""
import gzip, json, os, pathlib, sys, time, unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
import side_by_side
from kalshi_double import REST, SOCKET, KalshiDouble, make_key
from recorder_case import KEYS, RecorderCase
from venue_double import make_authority, make_certificate

CAPTURE = pathlib.Path(__file__).resolve().parents[2].parent / "shared/data/kalshi-ws-aug2026/frames.jsonl.gz"
KEY_ID = "0e3b1f52-planted-key-id"


class KalshiFeeds(RecorderCase):
    def setUp(self):
        super().setUp()
        self.venue = KalshiDouble(KEYS.name, KEY_ID)
        for ticker in ("KXUP-1", "KXUP-2"): self.venue.add(ticker)

    def words(self, *more):
        at = f"localhost:{self.venue.port}"
        return ["record", "kalshi", "--port", "0", "--ca", KEYS.name + "/ca.pem", "--endpoint-ws", "wss://" + at,
                "--endpoint-rest", "https://" + at, *more]

    def begin(self, *more, key=KEYS.name + "/kalshi.key"):
        self.start(*more, environment={"KALSHI_API_KEY_ID": KEY_ID, "KALSHI_PRIVATE_KEY_PATH": key})

    def begin_both(self, *more):
        self.begin("--market", "KXUP-1,kxup-2", *more)
        return self.market_client()

    def market_client(self):
        return self.until(lambda: next((c for c in self.venue.clients if len(c.tokens) == 2), None))

    def user_client(self):
        return self.until(lambda: next((c for (c, channel) in list(self.venue.subscriptions) if channel == "fill"), None))

    def in_journal(self):
        """Every frame that was recorded, in order."""
        return [e["raw"] for e in self.events() if '"sid"' in e.get("raw", "")]

    def books_are_right(self):
        self.venue.period = 30
        time.sleep(0.3)
        for ticker in ("KXUP-1", "KXUP-2"): self.until(lambda: self.is_right(ticker), 10)

    def is_right(self, ticker):
        ours = json.loads(self.cli("query", "book", "--market", ticker, "--json").stdout)["books"]
        count = self.venue.books[ticker]["yes"]["0.4300"]
        return any(book["trusted"] and [[p, float(n)] for p, n in book["bids"]] == [["0.43", count / 100]] for book in ours)

    # A venue that behaves.

    def test_every_frame_the_venue_sent_is_in_the_journal_once(self):
        self.begin_both()
        self.until(lambda: len(self.venue.sent) > 60)
        self.venue.period = 30
        time.sleep(0.3)
        self.until(lambda: len(self.in_journal()) >= len(self.venue.sent))
        self.assertEqual(sorted(self.in_journal()), sorted(self.venue.sent))
        self.books_are_right()
        self.assertEqual(self.stop(), 0)
        self.assertEqual([e for e in self.events() if e["type"] == "unparsed"], [])
        self.assertEqual({e["market"] for e in self.events() if e["type"] == "market_defined"}, {"KXUP-1", "KXUP-2"})
        self.assertEqual(self.states(), ["connected", "subscribed", "lost"])

    def test_every_handshake_is_signed_and_a_wrong_key_gets_nowhere(self):
        make_key(self.folder.name, "another")
        self.begin("--market", "KXUP-1", key=self.folder.name + "/another.key")
        self.until(lambda: len(self.venue.refused) > 2)
        self.assertEqual({target for _, target in self.venue.refused}, {SOCKET})
        self.assertEqual(self.venue.clients, [])
        self.until(lambda: "status 401" in self.logged())

    def test_key_and_signature_stand_nowhere(self):
        self.begin_both("-v")
        self.until(lambda: len(self.venue.sent) > 10)
        command = pathlib.Path(f"/proc/{self.process.pid}/cmdline").read_bytes()
        self.assertEqual(self.stop(), 0)
        places = {path: path.read_bytes() for path in pathlib.Path(self.data).rglob("*") if path.is_file()}
        places |= {"log": self.logged().encode(), "argv": command}
        key = pathlib.Path(KEYS.name, "kalshi.key").read_text().splitlines()
        for secret in (KEY_ID, key[1], key[-2], "KALSHI-ACCESS"):
            self.assertEqual([str(where) for where, what in places.items() if secret.encode() in what], [])

    def test_the_private_key_is_refused_when_others_may_read_it(self):
        own = pathlib.Path(self.folder.name)
        (own / "key").write_bytes(pathlib.Path(KEYS.name, "kalshi.key").read_bytes())
        (own / "credentials").write_text(f"KALSHI_API_KEY_ID={KEY_ID}\nKALSHI_PRIVATE_KEY_PATH={own}/key\n")
        (own / "credentials").chmod(0o600)
        words = self.words("--market", "KXUP-1", "--credentials", str(own / "credentials"))
        (own / "key").chmod(0o640)
        refused = self.cli(*words)
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.assertIn(f"chmod 600 {own}/key", refused.stderr)
        (own / "key").chmod(0o600)
        self.start("--market", "KXUP-1", "--credentials", str(own / "credentials"))
        self.until(lambda: self.venue.subscribed)

    def test_the_markets_of_a_series_are_found(self):
        self.venue.add("KXSER-1", series="KXSER")
        self.begin("--series", "KXSER")
        self.until(lambda: "KXSER-1" in self.venue.subscribed)

    def test_a_market_is_asked_for_until_it_is_resolved(self):
        self.venue.add("KXEND-1", closes=-20)
        self.venue.markets["KXEND-1"] |= {"status": "finalized", "result": "yes"}
        self.begin("--market", "KXEND-1")
        resolved = self.until(lambda: [e for e in self.events() if e["type"] == "market_resolved"])
        self.assertEqual((resolved[0]["market"], resolved[0]["payouts"]), ("KXEND-1", ["1", "0"]))

    def test_the_life_of_other_markets_is_left_out(self):
        client = self.begin_both()
        self.until(lambda: (client, "market_lifecycle_v2") in self.venue.subscriptions)
        for ticker in ("KXELSE-1", "KXUP-1"):
            self.venue.tell(client, "market_lifecycle_v2", "market_lifecycle_v2", {"market_ticker": ticker,
                            "event_type": "determined", "result": "no", "determination_ts": 1786085188})
        self.until(lambda: [e for e in self.events() if e["type"] == "market_resolved" and e["market"] == "KXUP-1"])
        self.assertNotIn("KXELSE-1", json.dumps(self.events()))

    def test_own_orders_fills_and_positions_are_recorded(self):
        self.begin("--market", "KXUP-1")
        client = self.user_client()
        self.until(lambda: (client, "user_orders") in self.venue.subscriptions)
        self.venue.tell(client, "user_orders", "user_order", {"order_id": "o-1", "client_order_id": "mine-1", "ticker": "KXUP-1",
                        "status": "resting", "side": "yes", "action": "buy", "yes_price_dollars": "0.4400",
                        "fill_count_fp": "0.00", "remaining_count_fp": "3.00"})
        self.venue.tell(client, "fill", "fill", {"trade_id": "t-1", "order_id": "o-1", "market_ticker": "KXUP-1", "is_taker": True,
                        "side": "yes", "yes_price_dollars": "0.4400", "count_fp": "3.00", "fee_cost": "0.06", "action": "buy",
                        "ts": 1786085188, "client_order_id": "mine-1", "post_position_fp": "3.00", "purchased_side": "yes"})
        self.venue.tell(client, "market_positions", "market_position", {"market_ticker": "KXUP-1", "position_fp": "3.00"})
        self.until(lambda: [e for e in self.events() if e["type"] == "balance"])
        fill = next(e for e in self.events() if e["type"] == "fill")
        self.assertEqual((fill["shares"], fill["cost"], fill["fee"], fill["mode"]), ("3", "1.32", "0.06", "live"))
        status = next(e for e in self.events() if e["type"] == "order_status")
        self.assertEqual((status["order"], status["venue_order"], status["status"]), ("mine-1", "o-1", "live"))
        balance = next(e for e in self.events() if e["type"] == "balance")
        self.assertEqual(balance["shares"], {"yes": "3", "no": "0"})

    @unittest.skipUnless(CAPTURE.exists(), "the captures are not on this machine")
    def test_frames_of_a_capture_are_recorded_byte_for_byte(self):
        self.venue.period = 60
        client = self.begin_both()
        frames = [json.dumps(json.loads(line)["frame"], separators=(",", ":")) for line in gzip.open(CAPTURE, "rt")]
        for frame in frames: client.send(frame)
        known = set(frames)
        recorded = lambda: [e["raw"] for e in self.events() if e.get("raw") in known]
        self.until(lambda: len(recorded()) >= len(frames))
        self.assertEqual(recorded(), frames)

    # One that does not.

    def test_a_hole_in_the_count_is_a_gap_and_the_books_are_made_anew(self):
        self.begin_both()
        self.until(lambda: len(self.venue.sent) > 20)
        self.venue.skip = True
        resynced = self.until(lambda: [e for e in self.feeds("orderbook_delta") if e["state"] == "resynced"])[0]
        gap = next(e for e in self.feeds("orderbook_delta") if e["state"] == "gap")
        self.assertEqual(gap["stream"], resynced["stream"])
        self.assertRegex(gap["detail"], r"^expected (\d+), found (\d+)$")
        self.books_are_right()
        self.assertEqual(self.states(), ["connected", "subscribed"])

    def test_a_dropped_connection_is_a_gap_and_the_books_are_right_after_it(self):
        first = self.begin_both()
        self.until(lambda: len(self.venue.sent) > 20)
        first.drop()
        self.until(lambda: "resynced" in self.states())
        self.assertEqual(self.states(), ["connected", "subscribed", "lost", "connected", "gap", "subscribed", "resynced"])
        self.books_are_right()

    def test_trades_and_fills_missed_in_a_gap_are_recorded_once(self):
        first = self.begin_both()
        self.until(lambda: (first, "trade") in self.venue.subscriptions)
        user = self.user_client()
        for number in (1, 2): self.venue.print(number, first)
        self.until(lambda: len([e for e in self.events() if e["type"] == "trade"]) == 2)
        for client in (first, user): client.drop()
        for number in (3, 4, 5): self.venue.print(number)
        self.venue.fills.append({"trade_id": "t-9", "order_id": "o-9", "ticker": "KXUP-1", "is_taker": True, "side": "yes",
                                 "action": "buy", "yes_price_dollars": "0.4300", "count_fp": "2.00", "fee_cost": "0.03",
                                 "ts": int(time.time())})
        told = lambda what: [e["text"] for e in self.events() if e["type"] == "log" and e["text"].startswith(what)]
        self.assertRegex(self.until(lambda: told("trades"))[0], r" by REST: 3 told, 2 more heard before$")
        self.assertRegex(self.until(lambda: told("fills"))[0], r" by REST: 1 told, 0 more heard before$")
        trades = [e["id"] for e in self.events() if e["type"] == "trade"]
        self.assertEqual(trades, [f"trade-{n}" for n in (1, 2, 3, 4, 5)])
        self.assertEqual([e["trade"] for e in self.events() if e["type"] == "fill"], ["t-9"])
        self.assertEqual(self.venue.refused, [])
        gap = next(e for e in self.feeds("market") if e["state"] == "gap")
        self.assertIn("made good: books, and trades by REST", gap["detail"])

    def test_half_a_frame_is_not_recorded(self):
        first = self.begin_both()
        first.half({"type": "orderbook_delta", "sid": 1, "seq": 99, "msg": {}})
        self.until(lambda: "resynced" in self.states())
        self.assertEqual([e for e in self.events() if e["type"] == "unparsed"], [])

    def test_a_silent_connection_is_stale_though_its_pongs_come(self):
        self.begin_both("--silence", "1").frozen = True
        self.until(lambda: "resynced" in self.states())
        self.assertEqual(self.states()[:7], ["connected", "subscribed", "stale", "lost", "connected", "gap", "subscribed"])

    def test_a_venue_that_asks_for_patience_is_left_alone(self):
        self.venue.statuses = [(429, "Retry-After: 1\r\n"), (503, "")]
        self.begin_both()
        times = [at for at, _ in self.venue.requests]
        self.assertGreaterEqual(times[1] - times[0], 0.9)
        told = [e["text"] for e in self.events() if e["type"] == "log"]
        self.assertTrue(any("status 429" in text for text in told), told)

    # The command.

    def test_serve_records_what_the_settings_name_and_record_takes_them_for_its_own(self):
        at = f"localhost:{self.venue.port}"
        settings = pathlib.Path(self.data, "daybook.toml")
        settings.write_text(f'[record.kalshi]\nmarkets = ["KXUP-1"]\nca = "{KEYS.name}/ca.pem"\n'
                            f'endpoint_ws = "wss://{at}"\nendpoint_rest = "https://{at}"\n')
        for verb, ticker in ((["serve"], "KXUP-1"), (["record", "kalshi", "--market", "KXUP-2"], "KXUP-2")):
            self.venue.subscribed.clear()
            self.words = lambda *more: [*verb, "--port", "0"]
            self.begin()
            self.until(lambda: self.venue.subscribed)
            self.assertEqual(list(self.venue.subscribed), [ticker])
            self.assertEqual(self.stop(), 0)
        settings.write_text("[record.kalshi]\n")
        refused = self.cli("serve", "--port", "0")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("daybook.toml line 1, column 1: [record.kalshi] names no market", refused.stderr)

    def test_what_makes_no_sense_is_told_before_anything_is_recorded(self):
        keyed = {**os.environ, "KALSHI_API_KEY_ID": KEY_ID, "KALSHI_PRIVATE_KEY_PATH": KEYS.name + "/kalshi.key"}
        for words, told in ((["record", "kalshi"], "no market of Kalshi"),
                            (["record", "kalshi", "--market", "A B"], "no name"),
                            (["record", "kalshi", "--assets", "BTC", "--market", "A"], "--assets is not for kalshi"),
                            (["record", "polymarket", "--series", "A", "--assets", "BTC"], "--series is not for polymarket")):
            answer = self.cli(*words, env=keyed)
            self.assertEqual(answer.returncode, 2, (words, answer.stderr))
            self.assertIn(told, answer.stderr)
        self.assertIn("KALSHI_API_KEY_ID", self.cli("record", "kalshi", "--market", "A").stderr)


if __name__ == "__main__":
    make_authority(KEYS.name)
    make_certificate(KEYS.name, "localhost", "localhost")
    make_key(KEYS.name)
    side_by_side.main()
