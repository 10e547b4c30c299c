#!/usr/bin/env python3
"""Prints a seeded run of 15-minute markets as contract lines: postmortem_days.py EVENTS.

2,000 markets, 48 a day in two assets, so 42 days. In each: a definition, two pairs of orders with
status, fill and settlement, a resolution; the rest are quotes. The same on every machine.
"""
import datetime
import random
import sys

MARKETS, PAIRS = 2000, 2
EVENTS = int(sys.argv[1])
QUOTES = max(0, (EVENTS - MARKETS * (2 + PAIRS * 8)) // MARKETS)
BEGIN = datetime.datetime(2026, 1, 1)
dice = random.Random(7)
out = sys.stdout


def at(moment, **offset):
    return (moment + datetime.timedelta(**offset)).isoformat(timespec="milliseconds") + "Z"


for number in range(MARKETS):
    opens = BEGIN + datetime.timedelta(minutes=60 * (number // 2))
    head = f'"venue":"polymarket","origin":"import","market":"m{number}"'
    out.write(f'{{"type":"market_defined","time":"{at(opens)}",{head},"opens":"{at(opens)}",'
              f'"closes":"{at(opens, minutes=15)}","outcomes":[{{"name":"Up"}},{{"name":"Down"}}]}}\n')
    for quote in range(QUOTES):
        bid = dice.randint(1, 97)
        out.write(f'{{"type":"quote","time":"{at(opens, milliseconds=quote * 800 // max(1, QUOTES) * 1000)}",'
                  f'{head},"outcome":"Up","bid":"0.{bid:02}","ask":"0.{bid + 1:02}"}}\n')
    for pair in range(PAIRS):
        for leg, outcome in enumerate(("Up", "Down")):
            order, when = f"o{number}-{pair}-{leg}", opens + datetime.timedelta(minutes=2 + 3 * pair)
            live = f'"mode":"live",{head},"order":"{order}"'
            cents, shares = dice.randint(30, 60), dice.randint(5, 30)
            out.write(f'{{"type":"order_intent","time":"{at(when)}",{live},"outcome":"{outcome}","side":"buy",'
                      f'"price":"0.{cents}","shares":"{shares}","purpose":"open","group":"g{number}-{pair}"}}\n'
                      f'{{"type":"order_status","time":"{at(when, milliseconds=180)}",{live},"status":"matched"}}\n'
                      f'{{"type":"fill","time":"{at(when, milliseconds=181)}",{live},"trade":"t{order}","outcome":'
                      f'"{outcome}","side":"buy","shares":"{shares}","cost":"{cents * shares / 100:.2f}","fee":"0"}}\n'
                      f'{{"type":"fill_settlement","time":"{at(when, seconds=4)}",{live},"trade":"t{order}",'
                      f'"status":"confirmed"}}\n')
    out.write(f'{{"type":"market_resolved","time":"{at(opens, minutes=16)}",{head},'
              f'"winner":"{dice.choice(("Up", "Down"))}"}}\n')
