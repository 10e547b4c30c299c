#!/usr/bin/env python3
"""Times post-mortems of a large journal, as a person asks for them: postmortem.py DAYBOOK [--events N].

Projections are current, as they are beside a recorder; best and worst of five runs of the program.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("daybook")
parser.add_argument("--events", type=int, default=10_000_000)
parser.add_argument("--rounds", type=int, default=5)
asked = parser.parse_args()
HERE = pathlib.Path(__file__).parent
SEED = HERE / "../../../shared/data/day-2025-12-13/events.jsonl"


def run(data, *words, **more):
    done = subprocess.run([asked.daybook, "--data", str(data), "-q", *words], stdout=subprocess.PIPE, **more)
    if done.returncode not in (0, 3):  # 3: it found something
        sys.exit(f"{words} ended with {done.returncode}")
    return done.stdout


def timed(name, most, data, *words):
    run(data, "postmortem", *words)  # brings the projections up
    took = []
    for _ in range(asked.rounds):
        begin = time.monotonic()
        run(data, "postmortem", *words)
        took.append(time.monotonic() - begin)
    verdict = "met" if max(took) < most else "missed"
    print(f"{name:44} {min(took) * 1000:8.0f} … {max(took) * 1000:.0f} ms   bar {most * 1000:.0f} ms: {verdict}")
    return max(took) < most


with tempfile.TemporaryDirectory() as folder:
    big, seed = pathlib.Path(folder, "big"), pathlib.Path(folder, "seed")
    run(big, "init")
    lines = subprocess.Popen([sys.executable, HERE / "postmortem_days.py", str(asked.events)], stdout=subprocess.PIPE)
    run(big, "ingest", "-", stdin=lines.stdout)
    if lines.wait() != 0:
        sys.exit("the lines could not be made")
    good = [
        timed("a day of " + f"{asked.events:,} events", 2, big, "2026-01-20"),
        timed("one market of that day", 2, big, "2026-01-20", "--market", "m920"),
        timed("one group", 2, big, "--group", "g1000-1"),
        timed("all 42 days, 2,000 markets", 2, big, "--from", "2026-01-01", "--to", "2026-03-01"),
    ]
    if SEED.exists():
        run(seed, "init")
        run(seed, "ingest", str(SEED))
        good.append(timed("the day of 2025-12-13", 0.1, seed, "2025-12-13", "--tz", "America/New_York"))
    else:
        print("the day of 2025-12-13: skipped, no capture there")
sys.exit(not all(good))
