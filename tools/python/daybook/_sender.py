"""The one thread behind a recorder: formats calls, keeps them, sends them in order."""

import logging
import random
import threading
import time
from collections import deque
from typing import Any, Callable, Deque, Dict, List, NamedTuple, Optional

from ._events import Builder, Item
from ._items import TEXT_MAX, item_of
from ._queue import CallQueue, Gap
from ._spool import Spool, SpoolFile
from ._values import clean_text
from ._wire import Absent, Answer, NoAnswer, Wire, problem_of, rows_of

log = logging.getLogger("daybook")

BATCH_EVENTS = 256
BATCH_BYTES = 256 << 10
MARK = "\0mark"
_LINGER = 0.005  # seconds in which calls gather into one batch
_SPILL_AFTER = 1.0  # seconds without a recorder until memory goes to the spool
_GAP_ROOM = 4096  # bytes of the spool beyond its bound, for the gap alone


class Mark:
    """Set once everything handed over before it is settled."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.target = 0
        self.settled = False
        self.whole = False  #: nothing was dropped since the mark before


class Limits(NamedTuple):
    memory_events: int
    memory_bytes: int


class Sender:
    """Order kept: what others left in the spool, our spool, our memory. One batch at a time."""

    def __init__(
        self,
        calls: CallQueue,
        builder: Builder,
        spool: Spool,
        make_wire: Callable[[Callable[[], bool]], Wire],
        limits: Limits,
    ) -> None:
        self._calls = calls
        self._builder = builder
        self._spool = spool
        self._wire = make_wire(self._meanwhile)
        self._limits = limits
        self._ready: Deque[Item] = deque()
        self._ready_bytes = 0
        self._sending = False
        self._spilled = 0  # of the batch under way, how many went to the spool meanwhile
        self._limit = BATCH_EVENTS
        self._failures = 0
        self._not_before = 0.0
        self._absent_since: Optional[float] = None
        self._gap: Optional[Gap] = None
        self._marks: List[Mark] = []
        self._accepted = self._settled = self._lost_seen = 0
        self._closing: Optional[float] = None
        self._complained: "set[str]" = set()
        self.counts: Dict[str, int] = dict.fromkeys(
            "accepted durable duplicates unparsed refused misused dropped failures spooled".split(),
            0,
        )
        self.last_error = ""

    # ── life ──

    def run(self) -> None:
        while True:
            try:
                if self._turn():
                    return
            except Exception as error:  # our own bug must not end the recording
                self._complain("internal", f"daybook: {type(error).__name__}: {error}")
                self._fail(f"internal: {type(error).__name__}")

    def close_by(self, deadline: float) -> None:
        """From the caller: what is not acknowledged by then (monotonic s) goes to the spool."""
        self._closing = deadline

    def abandon(self) -> None:
        """In the child of a fork: files and sockets are the parent's."""
        self._wire.close()
        self._spool.abandon()

    def pending(self) -> int:
        return len(self._ready)

    def spool_bytes(self) -> int:
        return self._spool.waiting()

    def connected(self) -> bool:
        return self._failures == 0 and self.counts["durable"] > 0

    def _turn(self) -> bool:
        """One step; whether it was the last."""
        closing = self._closing is not None  # before the calls are taken: none may come between
        self._drain()
        now = time.monotonic()
        source = self._spool.front()
        self._report_torn()
        idle = source is None and not self._ready
        if closing and (idle or self._must_leave(now)):
            self._leave()
            return True
        if idle:
            self._calls.wait(None)
            if self._closing is None:
                self._calls.linger(_LINGER)
        elif now < self._not_before:
            self._calls.wait(min(self._not_before - now, 0.5))
            self._calls.linger(_LINGER)
            self._spill_when_absent()
        else:
            self._send(source)
        return False

    def _must_leave(self, now: float) -> bool:
        assert self._closing is not None
        return now >= self._closing or self._absent_since is not None

    def _leave(self) -> None:
        self._spill()
        if self._ready:
            self._drop(len(self._ready))
        if self._gap:
            gap, self._gap = self._gap, None
            item = self._gap_item(gap)
            if not self._spool.put([item], _GAP_ROOM):
                self._complain("lost", f"daybook: {gap.count} events lost: no room to keep them")
        self._spool.close()
        self._wire.close()
        self._settle(0)
        for mark in self._marks:
            mark.event.set()

    def _meanwhile(self) -> bool:
        """While an answer is awaited: whether to wait on."""
        self._drain()
        return self._closing is None or time.monotonic() < self._closing

    # ── calls become items ──

    def _drain(self) -> None:
        self._emit_gap()
        for _ in range(len(self._calls)):
            call = self._calls.take()
            if call is None:
                break
            if call[0] == MARK:
                self._set_mark(call[3][0])
                continue
            item, misused = item_of(self._builder, call)
            self.counts["misused"] += misused
            self._accept(item)
        gap = self._calls.take_gap()
        if gap:
            self.counts["dropped"] += gap.count
            self._gap = gap.joined(self._gap)
        self._emit_gap()

    def _accept(self, item: Item) -> None:
        self._ready.append(item)
        self._ready_bytes += len(item.line)
        self._accepted += 1
        self.counts["accepted"] += 1
        if self._over():
            self._spill()
            if self._over():
                self._drop(1)

    def _over(self) -> bool:
        return (
            len(self._ready) > self._limits.memory_events
            or self._ready_bytes > self._limits.memory_bytes
        )

    def _spill(self) -> None:
        """Memory to disk, as much as finds room, oldest first."""
        if not self._ready:
            return
        count = self._spool.put(list(self._ready))
        for _ in range(count):
            self._ready_bytes -= len(self._ready.popleft().line)
        self.counts["spooled"] += count
        if self._sending:
            self._spilled += count

    def _spill_when_absent(self) -> None:
        since = self._absent_since
        if since is not None and time.monotonic() - since > _SPILL_AFTER:
            self._spill()

    def _drop(self, count: int) -> None:
        """The newest of memory: what stands before them keeps its place."""
        for _ in range(count):
            item = self._ready.pop()
            self._ready_bytes -= len(item.line)
            nanos = item.nanos or time.time_ns()
            self._gap = Gap(1, nanos, nanos).joined(self._gap)
        self.counts["dropped"] += count
        self._accepted -= count
        for mark in self._marks:
            mark.target = min(mark.target, self._accepted)

    def _emit_gap(self) -> None:
        """Once there is room again: what was dropped, in the place where it is missing."""
        if self._gap is None or len(self._ready) > self._limits.memory_events // 2:
            return
        if self._ready_bytes > self._limits.memory_bytes // 2:
            return
        gap, self._gap = self._gap, None
        self._accept(self._gap_item(gap))

    def _gap_item(self, gap: Gap) -> Item:
        why = "no room in memory and spool"
        return self._builder.gap(*gap, why, time.time_ns(), time.monotonic_ns())

    def _report(self, text: str) -> None:
        text = clean_text(text)[:TEXT_MAX]
        self._accept(self._builder.told("error", text, time.time_ns(), time.monotonic_ns()))
        for mark in self._marks:
            mark.target = self._accepted

    def _report_torn(self) -> None:
        if self._spool.torn:
            size, self._spool.torn = self._spool.torn, 0
            self._report(f"{size} bytes of a spool were cut off: its process was killed there")

    # ── flush ──

    def _set_mark(self, mark: Mark) -> None:
        mark.target = self._accepted
        lost = self.counts["dropped"] + self._calls.gap_count()
        mark.whole = lost == self._lost_seen
        self._lost_seen = lost
        self._marks.append(mark)
        self._settle(0)

    def _settle(self, count: int) -> None:
        self._settled += count
        while self._marks and self._settled >= self._marks[0].target:
            mark = self._marks.pop(0)
            mark.settled = True
            mark.event.set()

    # ── sending ──

    def _send(self, source: Optional[SpoolFile]) -> None:
        batch = self._batch(source)
        if not batch:
            return
        body = b"".join(item.line + b"\n" for item in batch)
        self._sending, self._spilled = True, 0
        try:
            answer = self._wire.post(batch[0].venue, body)
        except Absent as error:
            self._absent_since = self._absent_since or time.monotonic()
            return self._fail(f"no recorder: {error}")
        except NoAnswer as error:
            return self._fail(f"no answer: {error}")
        finally:
            self._sending = False
        self._absent_since = None
        self._judge(source, batch, answer)

    def _batch(self, source: Optional[SpoolFile]) -> List[Item]:
        if source is not None:
            items = source.peek(self._limit, BATCH_BYTES)
        else:
            count = min(self._limit, len(self._ready))
            items = [self._ready[i] for i in range(count)]
        size = 0
        for at, item in enumerate(items):
            size += len(item.line) + 1
            if at and (item.venue != items[0].venue or size > BATCH_BYTES):
                return items[:at]
        return items

    def _judge(self, source: Optional[SpoolFile], batch: List[Item], answer: Answer) -> None:
        status = answer.status
        problem = problem_of(answer)
        if status == 200:
            rows = rows_of(answer, len(batch), exact=not batch[0].venue)
            if rows is None:
                self._complain("answer", "daybook: whoever listens there is no Daybook recorder")
                return self._fail("an answer that acknowledges nothing")
            return self._acknowledge(source, batch, rows)
        if status == 413 or (status == 400 and problem is not None):
            return self._narrow(source, batch, problem or {"title": "too large"})
        if status in (401, 403):
            self._complain("token", "daybook: the recorder refuses the token; events are kept")
        elif status not in (408, 425, 429) and status < 500:
            self._complain(str(status), f"daybook: the recorder answers {status}; events are kept")
        self._fail(f"HTTP {status}", answer.retry_after, slow=status in (401, 403))

    def _acknowledge(
        self, source: Optional[SpoolFile], batch: List[Item], rows: List[Any]
    ) -> None:
        self._advance(source, batch)
        self._failures, self._not_before = 0, 0.0
        self._limit = min(BATCH_EVENTS, self._limit * 2)
        self.counts["durable"] += len(batch)
        for row in rows:
            if isinstance(row, dict):
                self.counts["duplicates"] += row.get("duplicate") is True
                self.counts["unparsed"] += row.get("unparsed") is True

    def _advance(self, source: Optional[SpoolFile], batch: List[Item]) -> None:
        """These are settled: they leave the place they were taken from."""
        if source is not None:
            source.advance(batch)
            self._settle(len(batch) if self._spool.is_own(source) else 0)
            return
        on_disk = min(self._spilled, len(batch))
        if on_disk:
            self._spool.advance_own(batch[:on_disk])
        for _ in batch[on_disk:]:
            self._ready_bytes -= len(self._ready.popleft().line)
        self._settle(len(batch))

    def _narrow(
        self, source: Optional[SpoolFile], batch: List[Item], problem: Dict[str, Any]
    ) -> None:
        """Nothing of it was recorded. Fewer next time; one alone that is refused is reported."""
        if len(batch) > 1:
            line = problem.get("line")
            told = isinstance(line, int) and 1 < line <= len(batch)
            self._limit = int(line) - 1 if told and line is not None else len(batch) // 2
            return
        self._advance(source, batch)
        self.counts["refused"] += 1
        self._limit = BATCH_EVENTS
        why = clean_text(problem.get("detail") or problem.get("title") or "no reason")[:1024]
        if batch[0].report:
            self._complain("report", f"daybook: the recorder refuses reports: {why}")
            return
        self._report(f"refused by the recorder: {why}: {batch[0].line.decode('utf-8', 'replace')}")

    def _fail(self, why: str, retry_after: Optional[str] = None, slow: bool = False) -> None:
        self.last_error = why
        self.counts["failures"] += 1
        self._failures = min(self._failures + 1, 12)
        delay = min(5.0, 0.025 * 2**self._failures)
        if slow:
            delay = max(1.0, delay)
        if retry_after and retry_after.isdigit():
            delay = max(delay, min(30.0, float(retry_after)))
        if self._closing is not None:
            delay = min(delay, 0.1)
        self._not_before = time.monotonic() + delay * random.uniform(0.5, 1.0)

    def _complain(self, topic: str, text: str) -> None:
        """Once a topic, to whoever reads the bot's log; never with a token or an event."""
        self.last_error = text
        if topic not in self._complained:
            self._complained.add(topic)
            log.warning("%s", text)
