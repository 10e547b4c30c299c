#!/usr/bin/env python3
"""Bots and subscribers of a recorder behind a proxy that spoils their connections: chaos.py TOOL [EVENTS]. By hand.

TOOL is a proxy that takes --listen, --to, --seed and what to do. Every bot sends each event until it is acknowledged;
every subscriber comes again from where it was. DAYBOOK_BIN names daybook."""
import http.client, json, socket, subprocess, sys, threading, time

import serve
from serve import WebSocket, fill

TOOL, EVENTS = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 300
WAYS = {"whole": "", "split": "--split 7 --dir both", "slow": "--delay-ms 0-20 --dir both",
        "cut": "--cut-after 50-2000 --dir both", "reset": "--cut-after 50-2000 --dir both --reset",
        "refused": "--refuse-every 2", "stalled": "--stall-after 1500 --split 300 --dir both", "lost": "--drop 0.05 --dir both",
        "doubled": "--dup 0.05 --dir both"}


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Bot(threading.Thread):
    def __init__(self, beside, port, way):
        super().__init__(daemon=True)
        self.beside, self.port, self.way = beside, port, way
        self.acknowledged, self.tries, self.end = {}, 0, time.monotonic() + 60

    def run(self):
        line = None
        for number in range(EVENTS):
            trade = f"{self.way}-{number}"
            while trade not in self.acknowledged and time.monotonic() < self.end:
                self.tries += 1
                try:
                    line = line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
                    line.request("POST", "/v1/events", json.dumps(fill(0, self.way) | {"trade": trade}),
                                 {"Content-Type": "application/json", "Host": f"127.0.0.1:{self.beside.port}",
                                  "Authorization": "Bearer " + self.beside.token["append"]})
                    answer = line.getresponse()
                    text = answer.read()
                    if answer.status == 200: self.acknowledged[trade] = json.loads(text)[0]["seq"]
                except (OSError, http.client.HTTPException, ValueError):
                    if line: line.close()
                    line = None


class Listener(threading.Thread):
    def __init__(self, beside, port):
        super().__init__(daemon=True)
        self.port, self.host = port, f"127.0.0.1:{beside.port}"
        self.seen, self.over = 0, False

    def run(self):
        while not self.over:
            try:
                line = WebSocket(self.port, f"/v1/stream?from={self.seen + 1}", host=self.host)
                line.socket.settimeout(0.2)
                while line.message()["seq"] == self.seen + 1: self.seen += 1
            except (OSError, EOFError, ValueError, IndexError, KeyError): time.sleep(0.01)


def run(beside, way):
    port = free_port()
    proxy = subprocess.Popen([sys.executable, TOOL, "--listen", str(port), "--to", f"127.0.0.1:{beside.port}",
                              "--seed", "1", *WAYS[way].split()], stdout=subprocess.DEVNULL)
    time.sleep(0.3)
    bots, listener = [Bot(beside, port, f"{way}{n}") for n in range(4)], Listener(beside, port)
    listener.start()
    for bot in bots: bot.start()
    for bot in bots: bot.join(120)
    events = beside.events()
    found = {}
    for event in events:
        if event["type"] == "fill": found.setdefault(event["trade"], []).append(event["seq"])
    # An answer that the proxy repeats is taken for that of the next request: of no number then.
    right = lambda trade, seq: len(found.get(trade, [])) == 1 and (found[trade] == [seq] or way == "doubled")
    lost = sum(not right(*each) for bot in bots for each in bot.acknowledged.items())
    for _ in range(600):
        if listener.seen >= len(events): break
        time.sleep(0.1)
    listener.over = True
    listener.join(5)
    proxy.terminate()
    proxy.wait()
    unfinished = sum(EVENTS - len(bot.acknowledged) for bot in bots)
    print(f"{way}: {4 * EVENTS - unfinished} acknowledged in {sum(bot.tries for bot in bots)} tries, {lost} of them lost or twice, "
          f"{unfinished} never; a subscriber saw {listener.seen} of {len(events)}, one by one", flush=True)
    return lost + unfinished + abs(len(events) - listener.seen)


def main():
    beside = serve.Beside()
    beside.setUp()
    try:
        wrong = sum(run(beside, way) for way in WAYS)
        wrong += beside.cli("verify").returncode != 0
        twice = [e for e in beside.events() if e.get("conflicts_with")]
        print(f"{len(twice)} conflicts; the journal verifies; {wrong} wrong answers")
    finally: beside.tearDown()
    return wrong > 0


if __name__ == "__main__": sys.exit(main())
