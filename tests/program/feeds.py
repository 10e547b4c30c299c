#!/usr/bin/env python3
"""The recorder connected to a venue that misbehaves. DAYBOOK_BIN names daybook."""
import calendar, gzip, http.client, json, pathlib, subprocess, sys, time, unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
import side_by_side
from recorder_case import BIN, KEYS, RecorderCase
from polymarket_double import PolymarketDouble, condition_of, tokens_of
from venue_double import make_authority, make_certificate

CAPTURES = pathlib.Path(__file__).resolve().parents[2].parent / "shared/data/pm-raw-15m-apr2026"


class Feeds(RecorderCase):
    def setUp(self):
        super().setUp()
        self.venue = PolymarketDouble(KEYS.name)

    def words(self, *more):
        at = f"localhost:{self.venue.port}"
        return ["record", "polymarket", "--port", "0", "--ca", KEYS.name + "/ca.pem", "--endpoint-ws",
                "wss://" + at, "--endpoint-rest", "https://" + at, *more]

    def client(self, tokens=4):
        """The recorder's connection, once it has subscribed this window and the next."""
        return self.until(lambda: next((c for c in self.venue.market_clients() if len(c.tokens) >= tokens), None))

    def in_journal(self):
        """Every frame of the market channel that was recorded, in order."""
        return [e["raw"] for e in self.events() if e.get("raw") and '"event_type"' in e["raw"]]

    # A venue that behaves.

    def test_every_frame_the_venue_sent_is_in_the_journal_once_and_in_order(self):
        self.start("--assets", "BTC,ETH,SOL", "--window", "15m")
        self.until(lambda: len(self.venue.sent) > 60)
        self.venue.period = 30
        time.sleep(0.5)
        sent = list(self.venue.sent)
        self.until(lambda: len(self.in_journal()) >= len(sent))
        self.assertEqual(self.in_journal(), sent)
        self.assertEqual(self.stop(), 0)
        self.assertEqual(self.states()[:2], ["connected", "subscribed"])
        defined = {e["market"] for e in self.events() if e["type"] == "market_defined"}
        self.assertGreaterEqual(len(defined), 6)  # three assets, this window and the next
        self.assertEqual([e for e in self.events() if e["type"] == "unparsed"], [])

    def test_the_next_window_is_subscribed_before_this_one_ends(self):
        self.start("--assets", "BTC", "--window", "2s")
        self.until(lambda: len(self.venue.subscribed) >= 8)
        starts = {}
        for _, target in self.venue.requests:
            if "slug=btc-updown-2s-" in target: starts[int(target.rsplit("-", 1)[1])] = True
        begun = min(self.venue.subscribed.values())
        opened_meanwhile = [start for start in starts if start > begun + 0.5]
        self.assertNotEqual(opened_meanwhile, [])
        for start in opened_meanwhile:
            token = tokens_of(f"btc-updown-2s-{start}")[0]
            if token in self.venue.subscribed: self.assertLess(self.venue.subscribed[token], start)

    def test_a_market_is_asked_for_until_it_is_resolved(self):
        slug = f"btc-updown-2s-{int(time.time()) // 2 * 2}"
        self.venue.resolved.add(slug)
        self.start("--slug", slug)
        resolved = self.until(lambda: [e for e in self.events() if e["type"] == "market_resolved"])
        self.assertEqual(resolved[0]["market"], condition_of(slug))

    @unittest.skipUnless(CAPTURES.exists(), "the captures are not on this machine")
    def test_frames_of_a_capture_are_recorded_byte_for_byte(self):
        lines = [json.loads(line) for name in ("20260428d", "20260429T0210-first-half")
                 for line in gzip.open(CAPTURES / f"raw-{name}.jsonl.gz", "rt")]
        frames = [line["payload"] for line in lines if line["source"] == "polymarket_clob"]
        self.assertGreater(len(frames), 300)
        self.venue.period = 60
        self.start("--slug", "a-market")
        client = self.client(2)
        for frame in frames: client.send(frame)
        known = set(frames)
        recorded = lambda: [e["raw"] for e in self.events() if e.get("raw") in known]
        self.until(lambda: len(recorded()) >= len(frames), 15)
        self.assertEqual(recorded(), frames)

    def test_reference_prices_are_recorded_and_the_connection_is_kept_with_ping(self):
        self.start("--assets", "BTC,ETH", "--endpoint-prices", f"wss://localhost:{self.venue.port}/prices")
        client = self.until(lambda: next(iter(self.venue.clients_of("/prices")), None))
        said = json.loads(self.until(lambda: client.texts)[0][1])
        self.assertEqual([json.loads(s["filters"])["symbol"] for s in said["subscriptions"]], ["btc/usd", "eth/usd"])
        client.send({"connection_id": "c", "payload": {"full_accuracy_value": "76568780000000000000000",
                     "symbol": "btc/usd", "timestamp": 1777428654000, "value": 76568.78},
                     "timestamp": 1777428655679, "topic": "crypto_prices_chainlink", "type": "update"})
        price = self.until(lambda: [e for e in self.events() if e["type"] == "price"])[0]
        self.assertEqual(price["price"], "76568.78")
        pings = self.until(lambda: [at for at, text in client.texts if text == "PING"])
        self.assertAlmostEqual(pings[0] - client.opened, 5, delta=1)

    def test_own_orders_are_recorded_and_the_credentials_stand_nowhere(self):
        secrets = {"POLY_API_KEY": "0d1f7a52-planted-key", "POLY_API_SECRET": "planted-c2VjcmV0", "POLY_PASSPHRASE": "planted-phrase"}
        self.start("--assets", "BTC", "-v", environment=secrets)
        client = self.until(lambda: next(iter(self.venue.clients_of("/ws/user")), None))
        said = json.loads(self.until(lambda: client.texts)[0][1])
        self.assertEqual(list(said["auth"].values()), list(secrets.values()))
        order = {"asset_id": "1", "event_type": "order", "id": "0x0f76", "market": condition_of("m"), "order_type": "GTC",
                 "original_size": "5", "outcome": "Up", "owner": secrets["POLY_API_KEY"], "price": "0.5", "side": "BUY",
                 "size_matched": "0", "status": "LIVE", "timestamp": "1725842520990", "type": "PLACEMENT"}
        client.send(order)
        self.until(lambda: [e for e in self.events() if e["type"] == "order_status" and e["status"] == "live"])
        command = pathlib.Path(f"/proc/{self.process.pid}/cmdline").read_bytes()
        self.assertEqual(self.stop(), 0)
        places = {path: path.read_bytes() for path in pathlib.Path(self.data).rglob("*") if path.is_file()}
        places |= {"log": self.logged().encode(), "argv": command}
        for secret in secrets.values():
            self.assertEqual([str(where) for where, what in places.items() if secret.encode() in what], [])

    def test_credentials_come_from_a_file_that_nobody_else_may_read(self):
        path = pathlib.Path(self.folder.name, "credentials")
        path.write_text("POLY_API_KEY=k1\nPOLY_API_SECRET=s1\nPOLY_PASSPHRASE=p1\n")
        path.chmod(0o644)
        words = self.words("--assets", "BTC", "--credentials", str(path))
        refused = self.cli(*words)
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.assertIn("chmod 600", refused.stderr)
        path.chmod(0o600)
        self.start("--assets", "BTC", "--credentials", str(path))
        client = self.until(lambda: next(iter(self.venue.clients_of("/ws/user")), None))
        said = json.loads(self.until(lambda: client.texts)[0][1])
        self.assertEqual(said["auth"], {"apiKey": "k1", "secret": "s1", "passphrase": "p1"})

    # One that does not.

    def test_a_dropped_connection_is_a_gap_with_its_bounds_and_the_books_are_right_after_it(self):
        self.start("--assets", "BTC", "--window", "15m")
        first = self.client()
        self.until(lambda: len(self.venue.sent) > 20)
        before = time.time()
        first.drop()
        self.until(lambda: "resynced" in self.states())
        self.assertEqual(self.states(), ["connected", "subscribed", "lost", "connected", "gap", "subscribed", "resynced"])
        gap = next(e for e in self.feeds() if e["state"] == "gap")
        start, end = gap["detail"].split("from ")[1].split(" (")[0].split(" to ")
        parse = lambda text: calendar.timegm(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S"))
        self.assertLessEqual(parse(start), before + 1)
        self.assertGreaterEqual(parse(end) + 1, before)
        self.assertLess(parse(end) - parse(start), 5)
        self.books_are_right()

    def test_trades_missed_in_a_gap_are_recorded_once(self):
        self.start("--assets", "BTC", "--window", "15m")
        first = self.client()
        token = first.tokens[0]
        for tx in ("0xa", "0xb"): self.venue.print(token, tx, first)
        trades = lambda: [e["tx"] for e in self.events() if e["type"] == "trade"]
        self.until(lambda: len(trades()) == 2)
        first.drop()
        for tx in ("0xc", "0xc", "0xd"): self.venue.print(token, tx)  # one transaction, two equal prints
        told = self.until(lambda: [e["text"] for e in self.events() if e["type"] == "log" and "by REST" in e["text"]])
        self.assertRegex(told[0], r"^trades from .* by REST: 3 told, 2 more heard before$")
        self.assertEqual(sorted(trades()), ["0xa", "0xb", "0xc", "0xc", "0xd"])

    def books_are_right(self):
        """Every book, as it was folded, is the venue's, and trusted."""
        self.venue.period = 30
        time.sleep(0.5)
        for token in self.venue.subscribed: self.until(lambda: self.is_right(token), 10)

    def is_right(self, token):
        slug, _ = self.venue.books[token]
        venues = self.venue.book_of(token)
        ours = json.loads(self.cli("query", "book", "--market", condition_of(slug), "--json").stdout)["books"]
        return any(book["hash"] == venues["hash"] and book["trusted"] and
                   book["bids"] == [["0.48", venues["bids"][0]["size"]]] for book in ours)

    def test_half_a_frame_is_not_recorded_and_the_connection_is_begun_anew(self):
        self.start("--assets", "BTC", "--window", "15m")
        first = self.client()
        first.half(self.venue.change(first.tokens[0]))
        self.until(lambda: "resynced" in self.states())
        self.assertEqual([e for e in self.events() if e["type"] == "unparsed"], [])

    def test_a_frame_sent_twice_is_recorded_twice(self):
        self.start("--assets", "BTC", "--window", "15m")
        client = self.client()
        frame = {"asset_id": client.tokens[0], "event_type": "last_trade_price", "fee_rate_bps": "0",
                 "market": condition_of("x"), "price": "0.456", "side": "BUY", "size": "3", "timestamp": "1750428146322"}
        for _ in range(2): client.send(frame)
        self.until(lambda: len([e for e in self.events() if e["type"] == "trade"]) == 2)

    def test_a_silent_connection_is_stale_and_begun_anew_though_its_pongs_come(self):
        self.start("--assets", "BTC", "--window", "15m", "--silence", "2")
        self.client().frozen = True
        self.until(lambda: "resynced" in self.states())
        self.assertEqual(self.states()[:7], ["connected", "subscribed", "stale", "lost", "connected", "gap", "subscribed"])
        self.assertIn("no data for 2.", next(e for e in self.feeds() if e["state"] == "lost")["detail"])

    def test_books_that_do_not_come_by_themselves_are_fetched(self):
        self.venue.with_books = False
        self.start("--assets", "BTC", "--window", "15m")
        self.until(lambda: len([e for e in self.events() if e["type"] == "book"]) >= 4)

    def test_a_venue_that_asks_for_patience_is_left_alone(self):
        self.venue.statuses = [(429, "Retry-After: 2\r\n"), (503, ""), (425, "")]
        begun = time.time()
        self.start("--assets", "BTC", "--window", "15m")
        self.client()
        times = [at for at, _ in self.venue.requests]
        self.assertGreaterEqual(times[1] - times[0], 1.9)
        self.assertGreater(times[2] - times[1], 0.25)
        self.assertGreater(time.time() - begun, 2.5)
        told = [e["text"] for e in self.events() if e["type"] == "log"]
        self.assertTrue(any("status 429" in text for text in told), told)

    def test_a_certificate_of_another_host_is_refused(self):
        self.venue.close()
        self.venue = PolymarketDouble(KEYS.name, "other")
        self.start("--assets", "BTC", "--window", "15m")
        self.until(lambda: "verif" in self.logged())
        self.assertEqual(self.venue.requests, [])
        self.assertEqual(self.venue.clients, [])

    def test_an_authority_that_is_not_ours_is_refused(self):
        words = self.words("--assets", "BTC")
        self.log = open(self.folder.name + "/log", "wb")
        ca = words.index("--ca")
        del words[ca:ca + 2]
        self.process = subprocess.Popen([BIN, "--data", self.data, *words], stdout=subprocess.PIPE, stderr=self.log)
        self.until(lambda: "verif" in self.logged())
        self.assertEqual(self.venue.requests, [])

    # The command.

    def test_bots_send_while_the_feed_is_recorded(self):
        self.start("--assets", "BTC", "--window", "15m")
        self.client()
        port = int(self.said.split("127.0.0.1:")[1].split()[0])
        token = pathlib.Path(self.data, "keys", "append.token").read_text().strip()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/v1/events", json.dumps({"type": "note", "text": "hello"}),
                           {"Content-Type": "application/json", "Authorization": "Bearer " + token})
        self.assertEqual(connection.getresponse().status, 200)
        connection.close()

    def test_a_second_recorder_is_refused(self):
        self.start("--assets", "BTC")
        second = self.cli(*self.words("--assets", "BTC"))
        self.assertEqual(second.returncode, 5, second.stderr)
        self.assertIn("error[", second.stderr)

    def test_what_makes_no_sense_is_told_before_anything_is_recorded(self):
        for words in (["record"], ["record", "nasdaq"], ["record", "polymarket"],
                      ["record", "polymarket", "--assets", "B C"], ["record", "polymarket", "--assets", "BTC", "--window", "1y"],
                      ["record", "polymarket", "--assets", "BTC", "--endpoint-ws", "ws://localhost"],
                      ["record", "polymarket", "--assets", "BTC", "--ca", "/nowhere"]):
            answer = self.cli(*words)
            self.assertEqual(answer.returncode, 2, (words, answer.stderr))
            self.assertIn("error[", answer.stderr)

    def test_a_stop_says_that_the_feed_ends_and_leaves_a_clean_journal(self):
        self.start("--assets", "BTC")
        self.client()
        self.until(lambda: len(self.venue.sent) > 3)
        self.assertEqual(self.stop(), 0)
        self.assertEqual(self.events()[-1]["type"], "recorder_stopped")
        self.assertEqual(self.states()[-1], "lost")
        self.assertEqual(self.cli("verify").returncode, 0)


if __name__ == "__main__":
    make_authority(KEYS.name)
    make_certificate(KEYS.name, "localhost", "localhost")
    make_certificate(KEYS.name, "other", "other.example")
    side_by_side.main()
