"""What a call costs the bot: p50, p99, p99.9 in microseconds, with the recorder absent.

Usage: bench.py [CALLS] [--pause]: --pause leaves 20 µs between two calls, as a bot would.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, List

sys.path.insert(0, str(Path(__file__).resolve().parent))

from daybook import Recorder  # noqa: E402

FRAME = '{"event_type":"price_change","market":"0x01","price_changes":[]}' * 8


def cost(call: Callable[[], Any], calls: int, pause: bool) -> List[int]:
    clock = time.perf_counter_ns
    out = []
    for _ in range(calls):
        begin = clock()
        call()
        end = clock()
        out.append(end - begin)
        while pause and clock() - end < 20_000:
            pass
    return sorted(out)


def main() -> None:
    numbers = [each for each in sys.argv[1:] if each.isdigit()]
    calls = int(numbers[0]) if numbers else 20_000
    pause = "--pause" in sys.argv
    with tempfile.TemporaryDirectory() as folder:
        rec = Recorder(f"unix:{folder}/none.sock", spool=f"{folder}/spool", spool_bytes=1 << 30)
        methods: Dict[str, Callable[[], Any]] = {
            "nothing": lambda: None,
            "fill": lambda: rec.fill("t", "o", "m", "Up", "buy", "9.43", "5.00", fee="0.01"),
            "order_status": lambda: rec.order_status("o", "live"),
            "quote": lambda: rec.quote("m", "Up", "0.52", "0.53"),
            "frame": lambda: rec.frame(FRAME, channel="market"),
        }
        for name, call in methods.items():
            times = cost(call, calls, pause)
            shares = [times[min(calls - 1, int(calls * at))] / 1000 for at in (0.5, 0.99, 0.999)]
            print(f"{name:13} p50 {shares[0]:6.2f}  p99 {shares[1]:6.2f}  p99.9 {shares[2]:7.2f} µs")
            time.sleep(0.5)
        rec.close(0)
        print(f"dropped {rec.stats()['dropped']}")


if __name__ == "__main__":
    main()
