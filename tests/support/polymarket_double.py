"""A venue that speaks as Polymarket does. REST: GET /markets?slug= (Gamma), GET /book?token_id=
(CLOB). WebSocket: /ws/market, /prices and /ws/user."""
import hashlib, json, time

from venue_double import VenueDouble


def number(text):
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:20], "big")


def tokens_of(slug):
    return [str(number(slug + "/up")), str(number(slug + "/down"))]


def condition_of(slug):
    return "0x" + hashlib.sha256(slug.encode()).hexdigest()


class PolymarketDouble(VenueDouble):
    def __init__(self, *words, **more):
        self.books, self.resolved, self.with_books = {}, set(), True
        self.trades = []  # as the Data API tells them
        super().__init__(*words, **more)

    def value_of(self, path, query):
        if path == "/markets": return self.market(query.get("slug"))
        if path == "/trades":
            rows = [row for row in reversed(self.trades) if row["conditionId"] == query["market"]]
            return rows[int(query["offset"]):][:int(query["limit"])]
        return self.book_of(query.get("token_id"))

    def print(self, token, tx, client=None):
        """A trade, as the Data API tells it, and live when there is a `client`."""
        condition, now = condition_of(self.books[token][0]), time.time()
        self.trades.append({"proxyWallet": "0x1", "side": "BUY", "asset": token, "conditionId": condition, "size": 3,
                            "price": 0.48, "timestamp": int(now), "outcome": "Up", "transactionHash": tx})
        if client: client.send({"asset_id": token, "event_type": "last_trade_price", "fee_rate_bps": "0", "market": condition,
                                "price": "0.48", "side": "BUY", "size": "3", "timestamp": str(int(now * 1000)), "transaction_hash": tx})

    def market(self, slug):
        if not slug: return []
        for token in tokens_of(slug): self.books.setdefault(token, [slug, 0])
        end = slug in self.resolved
        return [{"id": str(number(slug) % 10**7), "question": slug, "conditionId": condition_of(slug),
                 "slug": slug, "outcomes": json.dumps(["Up", "Down"]),
                 "outcomePrices": json.dumps(["1", "0"] if end else ["0.5", "0.5"]),
                 "clobTokenIds": json.dumps(tokens_of(slug)), "active": True, "closed": end,
                 "orderPriceMinTickSize": 0.01, "orderMinSize": 5, "negRisk": False}]

    def book_of(self, token):
        if token not in self.books: return None
        slug, count = self.books[token]
        book = {"market": condition_of(slug), "asset_id": token, "timestamp": str(1777428639000 + count), "hash": "",
                "bids": [{"price": "0.48", "size": str(100 + count)}], "asks": [{"price": "0.52", "size": "7"}],
                "min_order_size": "5", "tick_size": "0.01", "neg_risk": False, "last_trade_price": "0.5"}
        book["hash"] = hashlib.sha1(json.dumps(book, separators=(",", ":")).encode()).hexdigest()
        return book

    def hear(self, client, text):
        if text == "PING":
            if self.answers_ping: client.write("PONG")
            return
        said = json.loads(text)
        if client.path != "/ws/market": return
        tokens = said.get("assets_ids", [])
        with self.lock:
            if said.get("operation") == "unsubscribe":
                client.tokens = [t for t in client.tokens if t not in tokens]
                return
            client.tokens += tokens
            for token in tokens: self.subscribed.setdefault(token, time.time())
            if self.with_books: client.send([self.frame(t) for t in tokens])

    def frame(self, token):
        book = {k: v for k, v in self.book_of(token).items() if k not in ("min_order_size", "neg_risk")}
        return {**book, "event_type": "book"}

    def change(self, token):
        """The next change of a book, as the venue tells it."""
        self.books[token][1] += 1
        book = self.book_of(token)
        return {"market": book["market"], "timestamp": book["timestamp"], "event_type": "price_change",
                "price_changes": [{"asset_id": token, "price": "0.48", "size": book["bids"][0]["size"],
                                   "side": "BUY", "hash": book["hash"], "best_bid": "0.48", "best_ask": "0.52"}]}

    def send_change(self, client, token): client.send(self.change(token))
