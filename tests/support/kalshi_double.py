"""A venue that speaks as Kalshi does. REST: GET /trade-api/v2/markets/TICKER, /markets?series_ticker=.
WebSocket: /trade-api/ws/v2, every handshake signed (RSA-PSS over timestamp, method and path)."""
import base64, json, pathlib, subprocess, tempfile, time

from venue_double import VenueDouble, openssl

SOCKET, REST = "/trade-api/ws/v2", "/trade-api/v2"


def make_key(folder, name="kalshi"):
    """A key pair in `folder`: NAME.key, which nobody else may read, and NAME.pub."""
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", name + ".key", cwd=folder)
    openssl("pkey", "-in", name + ".key", "-pubout", "-out", name + ".pub", cwd=folder)
    pathlib.Path(folder, name + ".key").chmod(0o600)


class KalshiDouble(VenueDouble):
    def __init__(self, folder, key_id, **more):
        self.public_key, self.key_id = folder + "/kalshi.pub", key_id
        self.markets, self.books, self.refused = {}, {}, []
        self.subscriptions, self.sids = {}, 0  # (client, channel) -> [sid, seq]
        self.trades, self.fills = [], []  # as REST tells them
        self.skip = False  # the next change is counted and not sent
        super().__init__(folder, **more)

    def add(self, ticker, series="", closes=3600):
        self.markets[ticker] = {"ticker": ticker, "event_ticker": "E-" + ticker, "title": "Does it go up?",
            "status": "active", "open_time": self.text_of(time.time()), "close_time": self.text_of(time.time() + closes),
            "result": "", "price_ranges": [{"start": "0.0000", "end": "1.0000", "step": "0.0100"}], "series": series}
        self.books[ticker] = {"yes": {"0.4300": 10000}, "no": {"0.5600": 8000}}  # hundredths of contracts

    @staticmethod
    def text_of(seconds): return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))

    def value_of(self, path, query):
        rows = [{k: v for k, v in row.items() if k != "series"} for row in self.markets.values()
                if row["series"] and row["series"] == query.get("series_ticker") and query.get("status") == "open"]
        between = lambda rows: [row for row in rows if int(query["min_ts"]) <= row["ts"] <= int(query["max_ts"])]
        if path == REST + "/markets/trades":
            rows = between([t for t in self.trades if t["ticker"] == query["ticker"]])
            at = int(query.get("cursor") or 0)
            return {"trades": rows[at:at + 2], "cursor": str(at + 2) if at + 2 < len(rows) else ""}
        if path == REST + "/portfolio/fills": return {"fills": between(self.fills), "cursor": ""}
        if path == REST + "/portfolio/orders": return {"orders": [], "cursor": ""}
        if path == REST + "/markets": return {"markets": rows, "cursor": ""}
        market = self.markets.get(path.removeprefix(REST + "/markets/"))
        return market and {"market": market}

    def admits(self, method, target, headers):
        at, key, signature = (headers.get("kalshi-access-" + word, "") for word in ("timestamp", "key", "signature"))
        good = key == self.key_id and at.isdigit() and abs(time.time() * 1000 - int(at)) < 10_000 and \
            self.fits(at + method + target.split("?")[0], signature)
        if not good: self.refused.append((time.time(), target))
        return good

    def may_ask(self, method, path, headers):
        return not path.startswith(REST + "/portfolio") or self.admits(method, path, headers)

    def fits(self, text, signature):
        with tempfile.NamedTemporaryFile() as signed:
            signed.write(base64.b64decode(signature))
            signed.flush()
            return subprocess.run(["openssl", "dgst", "-sha256", "-verify", self.public_key, "-sigopt", "rsa_padding_mode:pss",
                                   "-sigopt", "rsa_pss_saltlen:32", "-sigopt", "rsa_mgf1_md:sha256", "-signature", signed.name],
                                  input=text.encode(), capture_output=True).returncode == 0

    # WebSocket

    def hear(self, client, text):
        said = json.loads(text)
        params = said["params"]
        with self.lock:
            if said["cmd"] == "subscribe":
                for channel in params["channels"]: self.subscribe(client, said["id"], channel, params.get("market_tickers", []))
            elif said["cmd"] == "unsubscribe":
                for sid in params["sids"]: self.unsubscribe(client, said["id"], sid)
            elif said["action"] == "delete_markets": client.tokens = [t for t in client.tokens if t not in params["market_tickers"]]

    def subscribe(self, client, number, channel, tickers):
        books = channel == "orderbook_delta"
        known = self.subscriptions.get((client, channel))
        if known is None:
            self.sids += 1
            known = self.subscriptions[client, channel] = [self.sids, 0]
            client.send({"type": "subscribed", "id": number, "msg": {"channel": channel, "sid": known[0]}})
        elif books:
            client.send({"type": "ok", "id": number, "sid": known[0], "seq": self.next(known), "msg": {"market_tickers": tickers}})
        if not books: return
        for ticker in tickers:
            self.subscribed.setdefault(ticker, time.time())
            client.send(self.snapshot(known, ticker))
        client.tokens += [t for t in tickers if t not in client.tokens]

    def unsubscribe(self, client, number, sid):
        channel = next(c for (who, c), known in self.subscriptions.items() if who is client and known[0] == sid)
        known = self.subscriptions.pop((client, channel))
        if channel == "orderbook_delta": client.tokens = []
        client.send({"type": "unsubscribed", "id": number, "sid": sid, "seq": self.next(known)})

    @staticmethod
    def next(known):
        known[1] += 1
        return known[1]

    @staticmethod
    def hundredths(count): return f"{count // 100}.{count % 100:02d}"

    def levels(self, ticker, side): return [[price, self.hundredths(count)] for price, count in sorted(self.books[ticker][side].items())]

    def snapshot(self, known, ticker):
        return {"type": "orderbook_snapshot", "sid": known[0], "seq": self.next(known), "msg": {"market_ticker": ticker,
                "market_id": "id-" + ticker, "yes_dollars_fp": self.levels(ticker, "yes"), "no_dollars_fp": self.levels(ticker, "no")}}

    def change(self, client, ticker):
        known = self.subscriptions[client, "orderbook_delta"]
        self.books[ticker]["yes"]["0.4300"] += 150
        now = time.time()
        return {"type": "orderbook_delta", "sid": known[0], "seq": self.next(known), "msg": {"market_ticker": ticker,
                "market_id": "id-" + ticker, "price_dollars": "0.4300", "delta_fp": "1.50", "side": "yes",
                "ts": self.text_of(now), "ts_ms": int(now * 1000)}}

    def print(self, number, client=None):
        """A trade, as REST tells it, and live when there is a `client`."""
        now = time.time()
        self.trades.append({"trade_id": f"trade-{number}", "ticker": "KXUP-1", "count_fp": "2.00", "yes_price_dollars": "0.4300",
                            "no_price_dollars": "0.5700", "taker_side": "yes", "ts": int(now),
                            "created_time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1e6) % 10**6:06d}Z"})
        if client: self.tell(client, "trade", "trade", {"trade_id": f"trade-{number}", "market_ticker": "KXUP-1", "count_fp": "2.00",
                             "yes_price_dollars": "0.4300", "no_price_dollars": "0.5700", "taker_side": "yes", "ts": int(now)})

    def tell(self, client, channel, kind, message):
        """A frame of a channel that is not counted."""
        client.send({"type": kind, "sid": self.subscriptions[client, channel][0], "msg": message})

    def send_change(self, client, ticker):
        frame = self.change(client, ticker)
        if self.skip: self.skip = False
        else: client.send(frame)
