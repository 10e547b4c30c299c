"""From the bot's threads to the one that formats and sends."""

import threading
import time
from collections import deque
from queue import Empty, SimpleQueue
from typing import Any, Callable, NamedTuple, Optional, Tuple

#: What a caller leaves behind: (what, wall clock in ns since 1970, monotonic ns, args, fields).
Call = Tuple[str, int, int, Tuple[Any, ...], Any]


class Gap(NamedTuple):
    """Calls that found no room: how many, and the wall clock of the first and last (ns)."""

    count: int
    first: int
    last: int

    def joined(self, other: "Optional[Gap]") -> "Gap":
        if other is None:
            return self
        return Gap(
            self.count + other.count, min(self.first, other.first), max(self.last, other.last)
        )


class CallQueue:
    """At most `bound` calls; one more is counted and dropped.

    `put` takes no lock a signal handler could find taken, and wakes the reader only when that
    sleeps. `start` is called before a wake-up: it makes sure that there is a reader.
    """

    def __init__(self, bound: int, start: Callable[[], None]) -> None:
        self._bound = bound
        self._start = start
        self.reset()

    def reset(self) -> None:
        """Empty and new, as in the child of a fork: the parent sends what stood here."""
        self._calls: "deque[Call]" = deque()
        self._wakes: "SimpleQueue[None]" = SimpleQueue()
        self._asleep = True
        self._gap: Optional[Gap] = None
        self._gap_lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._calls)

    def put(self, call: Call) -> None:
        if len(self._calls) >= self._bound:
            self._drop(call)
            return
        self._calls.append(call)
        if self._asleep:
            self.wake()

    def put_beyond(self, call: Call) -> None:
        """For the recorder's own marks, which must not be dropped."""
        self._calls.append(call)
        self.wake()

    def wake(self) -> None:
        self._asleep = False
        self._start()
        self._wakes.put(None)

    def wake_reader(self) -> None:
        """Without starting one."""
        self._asleep = False
        self._wakes.put(None)

    def shut(self) -> None:
        """From here on every call is dropped and counted."""
        self._bound = 0

    def _drop(self, call: Call) -> None:
        with self._gap_lock:
            self._gap = Gap(1, call[1], call[1]).joined(self._gap)

    def take(self) -> Optional[Call]:
        """The oldest call, or None. One reader only."""
        try:
            return self._calls.popleft()
        except IndexError:
            return None

    def take_gap(self) -> Optional[Gap]:
        with self._gap_lock:
            gap, self._gap = self._gap, None
        return gap

    def gap_count(self) -> int:
        gap = self._gap
        return gap.count if gap else 0

    def wait(self, seconds: Optional[float]) -> None:
        """Until a call comes or `seconds` are over (None: for ever). For the reader."""
        self._asleep = True
        if self._calls:  # came before the flag stood: nobody will wake us
            self._asleep = False
            return
        try:
            self._wakes.get(timeout=seconds)
        except Empty:
            pass
        self._asleep = False
        while not self._wakes.empty():
            self._wakes.get_nowait()

    @staticmethod
    def linger(seconds: float) -> None:
        """Lets calls gather, so that they share one write to disk."""
        time.sleep(seconds)
