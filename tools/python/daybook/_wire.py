"""HTTP/1.1 to the recorder, over a Unix socket or loopback. Waits in slices."""

import json
import os
import select
import socket
import time
from http.client import HTTPException, HTTPResponse
from typing import Any, Callable, Dict, List, NamedTuple, Optional
from urllib.parse import quote, urlsplit

_SLICE = 0.05  # seconds; between two, `meanwhile` runs
_ANSWER_MAX = 4 << 20  # bytes


class Absent(Exception):
    """Nobody listens."""


class NoAnswer(Exception):
    """Sent, perhaps recorded; nobody knows."""


class Answer(NamedTuple):
    status: int
    kind: str  #: media type
    body: bytes
    retry_after: Optional[str]


class Address:
    """`unix:PATH` or `http://HOST:PORT`. Raises ValueError on anything else."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.path: Optional[str] = None
        self.host, self.port = "localhost", 0
        if text.startswith("unix:"):
            self.path = os.path.abspath(text[5:])
            if len(text) == 5:
                raise ValueError("no path behind unix:")
            self.text = "unix:" + self.path
            self.authority = "localhost"
            return
        url = urlsplit(text)
        if url.scheme != "http" or not url.hostname or url.username or url.query:
            raise ValueError("neither unix:PATH nor http://HOST:PORT")
        self.host, self.port = url.hostname, url.port or 7077
        shown = f"[{self.host}]" if ":" in self.host else self.host
        self.authority = f"{shown}:{self.port}"

    def connect(self, timeout: float) -> socket.socket:
        if self.path is None:
            made = socket.create_connection((self.host, self.port), timeout)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return made
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            made.settimeout(timeout)
            made.connect(self.path)
        except BaseException:
            made.close()
            raise
        return made


class Wire:
    """One connection, opened when needed, kept open. `meanwhile` is called while it waits and
    answers whether to go on waiting."""

    def __init__(
        self,
        address: Address,
        token_file: Optional[str],
        timeout: float,
        meanwhile: Callable[[], bool],
    ) -> None:
        self._address = address
        self._token_file = token_file
        self._timeout = timeout
        self._meanwhile = meanwhile
        self._socket: Optional[socket.socket] = None

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    def post(self, venue: str, body: bytes) -> Answer:
        """Raises Absent or NoAnswer. A kept connection that was closed meanwhile is made anew
        once: sending twice is harmless, because everything sent has a key."""
        kept = self._socket is not None
        try:
            return self._exchange(venue, body)
        except NoAnswer:
            if not kept or not self._meanwhile():
                raise
        return self._exchange(venue, body)

    def _exchange(self, venue: str, body: bytes) -> Answer:
        deadline = time.monotonic() + self._timeout
        if self._socket is None:
            try:
                self._socket = self._address.connect(min(1.0, self._timeout))
                self._socket.setblocking(False)
            except OSError as error:
                self.close()
                raise Absent(error.strerror or type(error).__name__) from None
        try:
            self._send(self._socket, self._head(venue, len(body)) + body, deadline)
            self._wait(self._socket, False, deadline)
            return self._receive(self._socket, deadline)
        except (OSError, HTTPException) as error:
            self.close()
            raise NoAnswer(type(error).__name__) from None
        except BaseException:
            self.close()
            raise

    def _head(self, venue: str, length: int) -> bytes:
        target = "/v1/events" + (f"?venue={quote(venue, safe='')}" if venue else "")
        lines = [
            f"POST {target} HTTP/1.1",
            f"Host: {self._address.authority}",
            "Content-Type: application/x-ndjson",
            f"Content-Length: {length}",
        ]
        token = self._token()
        if token:
            lines.append(f"Authorization: Bearer {token}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    def _token(self) -> str:
        """Read for every batch: a new token holds at once, and none is kept in memory."""
        if self._token_file is None:
            return ""
        try:
            with open(self._token_file, encoding="ascii") as file:
                token = file.read(4096).strip()
        except (OSError, ValueError):
            return ""
        return token if token.isprintable() and " " not in token else ""

    def _send(self, to: socket.socket, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            self._wait(to, True, deadline)
            try:
                view = view[to.send(view) :]
            except BlockingIOError:
                continue

    def _wait(self, on: socket.socket, to_write: bool, deadline: float) -> None:
        poller = select.poll()
        poller.register(on, select.POLLOUT if to_write else select.POLLIN)
        while not poller.poll(_SLICE * 1000):
            if not self._meanwhile() or time.monotonic() > deadline:
                raise NoAnswer("no answer in time")

    def _receive(self, from_socket: socket.socket, deadline: float) -> Answer:
        from_socket.settimeout(max(0.05, min(2.0, deadline - time.monotonic())))
        response = HTTPResponse(from_socket, method="POST")
        try:
            response.begin()
            body = response.read(_ANSWER_MAX)
            if response.will_close or not response.isclosed():
                self.close()
            else:
                from_socket.setblocking(False)
            kind = response.headers.get_content_type()
            return Answer(response.status, kind, body, response.headers.get("Retry-After"))
        finally:
            response.close()


def problem_of(answer: Answer) -> Optional[Dict[str, Any]]:
    """The problem an HTTP error tells (RFC 9457), or None."""
    if answer.kind != "application/problem+json":
        return None
    try:
        told = json.loads(answer.body)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def rows_of(answer: Answer, count: int, exact: bool) -> Optional[List[Any]]:
    """The acknowledgement, one row an event, or None when it is none."""
    try:
        rows = json.loads(answer.body)
    except ValueError:
        return None
    if not isinstance(rows, list) or (exact and len(rows) != count):
        return None
    return rows
