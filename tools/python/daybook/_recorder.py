"""What a bot holds. Signatures with types: _recorder.pyi."""

import atexit
import hashlib
import os
import secrets
import threading
from time import monotonic, monotonic_ns, time_ns

from ._events import Builder
from ._queue import CallQueue
from ._sender import MARK, Limits, Mark, Sender, log
from ._spool import Spool
from ._wire import Address, Wire

_recorders = set()  # those that are open: ended at exit, made anew after a fork


def _data_dir():
    return os.environ.get("DAYBOOK_DATA") or "daybook-data"


def _spool_dir(address):
    folder = os.environ.get("DAYBOOK_SPOOL")
    if not folder:
        state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
        folder = os.path.join(state, "daybook", "spool")
    return os.path.join(folder, hashlib.sha256(address.encode()).hexdigest()[:16])


class Recorder:
    """Hands events to `daybook serve`; one background thread does the work.

    No method raises, and none waits but `flush` and `close`. Values may be str, int, Decimal or
    float; what is handed over must not be changed in place below its first level.
    """

    def __init__(
        self,
        address=None,
        *,
        token_file=None,
        venue="polymarket",
        account="main",
        mode="dry_run",
        spool=None,
        spool_bytes=64 << 20,
        queue_calls=32768,
        memory_events=8192,
        memory_bytes=16 << 20,
        timeout=5.0,
        exit_timeout=2.0,
    ):
        text = str(address) if address else "unix:" + os.path.join(_data_dir(), "daybook.sock")
        try:
            self._address = Address(text)
        except ValueError as error:
            log.warning("daybook: the address is unusable (%s); events are kept in the spool", error)
            self._address = Address("unix:/dev/null")
        if token_file is None and self._address.path is None:
            token_file = os.path.join(_data_dir(), "keys", "append.token")
        self._token_file = os.path.abspath(token_file) if token_file else None
        self._defaults = (str(venue), str(account), str(mode))
        self._spool = (os.path.abspath(spool or _spool_dir(self._address.text)), spool_bytes)
        self._limits = Limits(memory_events, memory_bytes)
        self._timeout = timeout
        self._exit_timeout = exit_timeout
        self._closed = False
        self._calls = CallQueue(queue_calls, self._start)
        self._put = self._calls.put
        self._make()
        _recorders.add(self)
        self._start()

    def _make(self):
        prefix = f"py-{secrets.token_hex(8)}"
        builder = Builder(prefix, *self._defaults)
        self._thread = None
        self._thread_lock = threading.RLock()
        self._sender = Sender(
            self._calls,
            builder,
            Spool(self._spool[0], prefix, self._spool[1]),
            lambda meanwhile: Wire(self._address, self._token_file, self._timeout, meanwhile),
            self._limits,
        )

    def _start(self):
        thread = self._thread
        if thread is not None and thread.is_alive():
            return
        with self._thread_lock:
            if self._closed or (self._thread is not None and self._thread.is_alive()):
                return
            try:
                thread = threading.Thread(target=self._sender.run, name="daybook", daemon=True)
                thread.start()
                self._thread = thread
            except RuntimeError:  # the interpreter is ending
                pass

    def _forked(self):
        """In the child: nothing of the parent's is sent twice; a thread comes with the first call."""
        self._sender.abandon()
        self._calls.reset()
        self._make()

    def __repr__(self):
        return f"<daybook.Recorder {self._address.text}>"

    # ── what happened ──

    def order_intent(self, *args, **fields):
        self._put(("order_intent", time_ns(), monotonic_ns(), args, fields))

    def order_status(self, *args, **fields):
        self._put(("order_status", time_ns(), monotonic_ns(), args, fields))

    def fill(self, *args, **fields):
        self._put(("fill", time_ns(), monotonic_ns(), args, fields))

    def quote(self, *args, **fields):
        self._put(("quote", time_ns(), monotonic_ns(), args, fields))

    def claim(self, *args, **fields):
        self._put(("claim", time_ns(), monotonic_ns(), args, fields))

    def decision(self, *args, **fields):
        self._put(("decision", time_ns(), monotonic_ns(), args, fields))

    def note(self, *args, **fields):
        self._put(("note", time_ns(), monotonic_ns(), args, fields))

    def log(self, *args, **fields):
        self._put(("log", time_ns(), monotonic_ns(), args, fields))

    def book(self, *args, **fields):
        args = tuple(_frozen(each) for each in args)
        for side in ("bids", "asks"):
            if side in fields:
                fields[side] = _frozen(fields[side])
        self._put(("book", time_ns(), monotonic_ns(), args, fields))

    def frame(self, *args, **fields):
        self._put(("frame", time_ns(), monotonic_ns(), _copied(args), fields))

    def response(self, *args, **fields):
        self._put(("response", time_ns(), monotonic_ns(), _copied(args), fields))

    def event(self, *args, **fields):
        self._put(("event", time_ns(), monotonic_ns(), _copied(args), fields))

    # ── whether it arrived ──

    def flush(self, timeout=5.0):
        try:
            mark = Mark()
            self._calls.put_beyond((MARK, 0, 0, (mark,), {}))
            return mark.event.wait(timeout) and mark.settled and mark.whole
        except Exception:
            return False

    def stats(self):
        sender = self._sender
        out = dict(sender.counts)
        out["dropped"] += self._calls.gap_count()
        out["queued"] = len(self._calls)
        out["pending"] = sender.pending()
        out["spool_bytes"] = sender.spool_bytes()
        out["connected"] = sender.connected()
        out["last_error"] = sender.last_error
        return out

    def close(self, timeout=None):
        if self._closed:
            return
        _recorders.discard(self)
        try:
            wait = self._exit_timeout if timeout is None else timeout
            self._start()
            self._calls.shut()
            self._sender.close_by(monotonic() + wait)
            self._closed = True
            self._calls.wake_reader()
            thread = self._thread
            if thread is not None and thread is not threading.current_thread():
                thread.join(wait + 2.0)
        except Exception as error:
            log.warning("daybook: not closed in order: %s", type(error).__name__)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def _frozen(levels):
    """Levels the bot may go on changing; anything else as it is."""
    if isinstance(levels, (list, tuple)):
        return [tuple(row) if type(row) is list else row for row in levels]
    return levels


def _copied(args):
    if args and type(args[0]) in (dict, list, bytearray):
        return (args[0].copy(), *args[1:])
    return args


def _end_all():
    for recorder in list(_recorders):
        recorder.close()


def _forked():
    for recorder in list(_recorders):
        try:
            recorder._forked()
        except Exception:
            pass


atexit.register(_end_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
