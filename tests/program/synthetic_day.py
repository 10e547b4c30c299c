"""A made-up day of 15-minute markets, and what it comes to by a simple fold of its own.

synthetic_day.py lines SEED     contract lines: 3 assets, 96 windows each, with fills told twice, late
                                or failed, feed gaps, dry-run fills that must not count
synthetic_day.py expect SEED    per market what the contract (average cost, pairs, resolution) says
The fold knows nothing of Daybook's code: integers of 1e-6, one market at a time.
"""
import json
import random
import sys

MICRO = 1_000_000
DAY = 1_765_584_000  # 2025-12-13 00:00 UTC


def half_even(numerator, denominator):
    quotient, rest = divmod(numerator, denominator)
    twice = 2 * rest
    return quotient + (twice > denominator or (twice == denominator and quotient % 2 == 1))


def decimal(micros):
    sign, micros = ("-", -micros) if micros < 0 else ("", micros)
    text = f"{micros // MICRO}.{micros % MICRO:06d}".rstrip("0").rstrip(".")
    return sign + text


def clock(seconds):
    minutes, second = divmod(seconds - DAY, 60)
    hour, minute = divmod(minutes, 60)
    day, hour = divmod(hour, 24)
    return f"2025-12-{13 + day:02d}T{hour:02d}:{minute:02d}:{second:02d}Z"


def market_day(dice, asset, window):
    """The events of one market: what is recorded, in order, each with the second it happened."""
    opens = DAY + 900 * window
    name = f"{asset}-updown-15m-{opens}"
    base = {"venue": "polymarket", "market": name}
    own = {**base, "account": "main", "mode": "live"}
    events = [(opens, {"type": "market_defined", "title": name, "asset": asset.upper(),
                       "outcomes": [{"name": "Up", "token": name + "u"}, {"name": "Down", "token": name + "d"}],
                       **base})]
    held = {"Up": 0, "Down": 0}
    for number in range(dice.randrange(0, 7)):
        at = opens + 30 + 110 * number
        outcome = dice.choice(["Up", "Down"])
        sells = held[outcome] > 0 and dice.random() < 0.2
        shares = dice.randrange(1, held[outcome] + 1) if sells else dice.randrange(1, 40_000_000)
        price = dice.randrange(50_000, 950_000)
        cost = half_even(shares * price, MICRO)
        fee = dice.choice([0, 0, half_even(cost, 100)])
        trade = f"t-{name}-{number}"
        fill = {"type": "fill", "trade": trade, "order": "o-" + trade, "outcome": outcome,
                "side": "sell" if sells else "buy", "shares": decimal(shares), "cost": decimal(cost),
                "fee": decimal(fee), "time": clock(at), **own}
        late = not sells and dice.random() < 0.05
        events.append((at + (1200 if late else 0), fill))
        if late:
            continue
        held[outcome] += -shares if sells else shares
        fate = "failed" if sells and dice.random() < 0.3 else "confirmed"
        if fate == "failed":
            held[outcome] += shares
        events.append((at + 5, {"type": "fill_settlement", "trade": trade, "order": "o-" + trade,
                                "status": fate, **own}))
        if dice.random() < 0.1:
            events.append((at + 6, fill))  # told twice
        if dice.random() < 0.1:
            events.append((at + 7, {**fill, "mode": "dry_run"}))
    if dice.random() < 0.1:
        events.append((opens + 400, {"type": "feed", "channel": "market", "state": "gap", "venue": "polymarket"}))
    payouts = dice.choice([["1", "0"], ["0", "1"], ["1", "0"], ["0", "1"], ["0.5", "0.5"]])
    if window < 94:  # the last two windows are still open when the day ends
        events.append((opens + 1000, {"type": "market_resolved", "payouts": payouts, **base}))
    return events


def day(seed):
    dice = random.Random(seed)
    events = []
    for window in range(96):
        for asset in ("btc", "eth", "sol"):
            events += market_day(dice, asset, window)
    events.sort(key=lambda event: event[0])
    return events


class Market:
    def __init__(self):
        self.shares, self.cost = [0, 0], [0, 0]
        self.realized = self.edge = self.fees = 0
        self.payouts = None
        self.matched = None

    def fill(self, fill):
        side = 0 if fill["outcome"] == "Up" else 1
        shares, cost, fee = (micros(fill[name]) for name in ("shares", "cost", "fee"))
        self.fees += fee
        if self.payouts:
            self.realized += half_even(shares * self.payouts[side], MICRO) - cost - fee
        elif fill["side"] == "buy":
            self.shares[side] += shares
            self.cost[side] += cost + fee
        else:
            out = half_even(self.cost[side] * shares, self.shares[side])
            if shares == self.shares[side]:
                out = self.cost[side]
            self.shares[side] -= shares
            self.cost[side] -= out
            self.realized += cost - fee - out

    def resolve(self, payouts):
        pairs = min(self.shares)
        if pairs:
            up, down = self.shares
            exact = pairs * (self.cost[0] * down + self.cost[1] * up)
            self.edge += half_even(pairs * up * down - exact, up * down)
        for side in (0, 1):
            self.realized += half_even(self.shares[side] * payouts[side], MICRO) - self.cost[side]
        self.payouts = payouts


def micros(text):
    whole, _, rest = text.partition(".")
    return int(whole) * MICRO + int((rest + "000000")[:6])


def expect(seed):
    """Each market folded from its own unvoided fills and resolution, in the order recorded."""
    events = [event for _, event in day(seed)]
    failed = {event["trade"] for event in events if event.get("status") == "failed"}
    markets, seen = {}, set()
    for event in events:
        if event["type"] == "fill":
            if event["mode"] != "live" or event["trade"] in failed | seen:
                continue
            seen.add(event["trade"])
            markets.setdefault(event["market"], Market()).fill(event)
        elif event["type"] == "market_resolved":
            payouts = [micros(text) for text in event["payouts"]]
            market = markets.setdefault(event["market"], Market())
            market.resolve(payouts)
    held = {event["market"] for event in events if event["type"] == "fill" and event["mode"] == "live"}
    return {name: {"realized": decimal(market.realized), "edge": decimal(market.edge),
                   "direction": decimal(market.realized - market.edge), "fees": decimal(market.fees),
                   "up": decimal(market.shares[0]), "down": decimal(market.shares[1])}
            for name, market in markets.items() if name in held}


if __name__ == "__main__":
    what, number = sys.argv[1], int(sys.argv[2])
    if what == "lines":
        for second, line in day(number):
            print(json.dumps({"time": clock(second), **line}))
    else:
        print(json.dumps(expect(number), sort_keys=True))
