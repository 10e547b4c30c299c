#!/usr/bin/env python3
"""Captured frames of Polymarket with their timing, 60 times as fast, from a venue that misbehaves every few seconds.

DAYBOOK_BIN=build/dev/bin/daybook feeds_long.py [SECONDS [RECORDERS]]

Every frame must be in the journal once, or have been sent inside a gap that was told; every outage must be a gap
that holds it and is no longer than it was; books must be the venue's after each. Prints the figures."""
import calendar, collections, concurrent.futures, gzip, json, pathlib, random, re, sys, threading, time, unittest

sys.dont_write_bytecode = True
sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parent.parent / "support")]
from feeds import CAPTURES, Feeds
from recorder_case import KEYS
from venue_double import make_authority, make_certificate

SPEED, SILENCE = 60, 2
BOUNDS = re.compile(r"from (\S+) to (\S+) \(")


def seconds_of(text):
    whole, _, rest = text.rstrip("Z").partition(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + float("0." + (rest or "0"))


def captured():
    """Waits in seconds and frames, in order; again and again, from one file after the other."""
    while True:
        for path in sorted(CAPTURES.glob("raw-*.jsonl.gz")):
            before = None
            for line in gzip.open(path, "rt"):
                frame = json.loads(line)
                if frame["source"] != "polymarket_clob": continue
                yield min((frame["recv_wall_ts"] - (before or frame["recv_wall_ts"])) / 1000 / SPEED, 0.1), frame["payload"]
                before = frame["recv_wall_ts"]


class Long(Feeds):
    seconds, seed = 45, 1

    def runTest(self):
        dice = random.Random(self.seed)
        self.outages, self.done, self.rounds = [], False, collections.Counter()
        self.start("--assets", "BTC", "--window", "15m", "--silence", str(SILENCE))
        self.client()
        player = threading.Thread(target=self.play)
        player.start()
        begun, names = time.time(), [self.drop, self.half, self.freeze, self.reorder, self.stale_book, self.refuse]
        while time.time() - begun < self.seconds:
            misbehave = dice.choice(names)
            time.sleep(dice.uniform(0.3, 1.2))
            misbehave(self.until(self.client, 10))
            self.rounds[misbehave.__name__] += 1
            self.until(lambda: self.logged().count(" resynced: ") == len(self.outages), 60)
        self.done = True
        player.join()
        self.books_are_right()
        self.judge(time.time() - begun)

    def play(self):
        for wait, frame in captured():
            time.sleep(max(wait, 0.002))
            if self.done: return
            for client in self.venue.market_clients():
                try: client.send(frame)
                except OSError: pass  # it was just dropped

    def gaps(self): return [tuple(map(seconds_of, BOUNDS.search(e["detail"]).groups())) for e in self.feeds() if e["state"] == "gap"]

    # Misbehaviour. Outages are noted with the moment from which nothing more was sent.

    def outage(self, act):
        self.outages.append(time.time())
        act()

    def drop(self, client): self.outage(client.drop)

    def half(self, client): self.outage(lambda: client.half(self.venue.frame(client.tokens[0])))

    def freeze(self, client): self.outage(lambda: setattr(client, "frozen", True))

    def reorder(self, client):
        with self.venue.lock:
            for frame in reversed([self.venue.change(client.tokens[0]) for _ in range(2)]): client.send(frame)
            client.send([self.venue.frame(client.tokens[0])])  # the venue's book is what it was all the time

    def stale_book(self, client):
        with self.venue.lock:
            old = self.venue.frame(client.tokens[1])
            for frame in ([self.venue.change(client.tokens[1])], [old], [self.venue.frame(client.tokens[1])]): client.send(frame[0])

    def refuse(self, client):
        self.venue.statuses += [(425, ""), (503, ""), (429, "Retry-After: 1\r\n")]
        self.drop(client)

    # What must have come of it.

    def judge(self, seconds):
        time.sleep(0.5)
        sent = list(zip(self.venue.sent, self.venue.sent_at))
        events, gaps = self.events(), self.gaps()
        left = collections.Counter(e["raw"] for e in events if e.get("raw"))
        outside = 0
        for text, at in sent:
            if left[text]: left[text] -= 1
            elif not any(start - 0.2 <= at <= end + 0.2 for start, end in gaps): outside += 1
        recorded = collections.Counter(e["raw"] for e in events if e.get("raw"))
        missing = (collections.Counter(text for text, _ in sent) - recorded).total()
        twice = sum(left[text] for text in {text for text, _ in sent})
        wrong = [n for n, (at, (start, end)) in enumerate(zip(self.outages, gaps)) if not (at - 1.5 <= start <= at + 0.5 <= end + 0.5)]
        self.figures = collections.Counter(seconds=round(seconds), sent=len(sent), missing=missing, outside_every_gap=outside, twice=twice,
                                           outages=len(self.outages), gaps=len(gaps), wrong_bounds=len(wrong))
        self.figures.update(self.rounds)
        self.assertEqual((outside, twice), (0, 0))
        self.assertEqual(len(gaps), len(self.outages))
        self.assertEqual(wrong, [])
        self.assertEqual([e for e in events if e["type"] == "unparsed"], [])
        self.assertEqual(self.stop(), 0)
        self.assertEqual(self.cli("verify").returncode, 0)


if __name__ == "__main__":
    if not CAPTURES.exists(): sys.exit("skipped: the captures are not on this machine")
    if len(sys.argv) > 1: Long.seconds = float(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    make_authority(KEYS.name)
    make_certificate(KEYS.name, "localhost", "localhost")
    cases, result = [Long() for _ in range(count)], [unittest.TestResult() for _ in range(count)]
    for seed, case in enumerate(cases): case.seed, case.figures = seed, collections.Counter()
    with concurrent.futures.ThreadPoolExecutor(count) as pool: list(pool.map(lambda case, into: case.run(into), cases, result))
    for _, trace in (bad for each in result for bad in each.errors + each.failures): print(trace)
    print(json.dumps({name: sum(case.figures[name] for case in cases) for name in sorted(set().union(*(case.figures for case in cases)))}))
    sys.exit(0 if all(each.wasSuccessful() for each in result) else 1)
