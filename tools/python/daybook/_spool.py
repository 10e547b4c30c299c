"""What the recorder has not taken yet, on disk: one line an item, oldest first.

A line is the item's own, or `{"wrapped":"VENUE","line":LINE}` for a frame. A file belongs to who
holds its flock; one that nobody holds was left behind and is sent first. The folder is 0700, a
file 0600. Written without fsync: it outlives the process, not a power cut.
"""

import fcntl
import json
import os
from typing import Iterable, List, Optional

from ._events import Item

_WRAPPED = b'{"wrapped":'
_LONGEST = 8 << 20  # bytes read ahead for one batch


def to_line(item: Item) -> bytes:
    if not item.venue:
        return item.line + b"\n"
    return _WRAPPED + json.dumps(item.venue).encode() + b',"line":' + item.line + b"}\n"


def from_line(line: bytes) -> Item:
    if not line.startswith(_WRAPPED):
        return Item("", line, 0, b'"source":"daybook-python"' in line)
    end = line.index(b',"line":')
    return Item(json.loads(line[len(_WRAPPED) : end]), line[end + 8 : -1], 0)


class SpoolFile:
    """One file, read at its front and appended to at its end."""

    def __init__(self, path: str, fd: int) -> None:
        self.path = path
        self._fd = fd
        self._front = 0
        self._end = os.fstat(fd).st_size
        self.torn = 0  #: bytes of a last line that was cut off
        self._drop_torn_line()

    @classmethod
    def opened(cls, path: str, flags: int = 0) -> "Optional[SpoolFile]":
        """The file, ours alone, or None when somebody else holds it."""
        fd = os.open(path, os.O_RDWR | os.O_NOFOLLOW | flags, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(fd).st_nlink == 0:  # its holder removed it meanwhile
                raise BlockingIOError
        except OSError:
            os.close(fd)
            return None
        return cls(path, fd)

    def _drop_torn_line(self) -> None:
        """Whoever wrote it was killed in the middle: that line was never whole."""
        at = self._end
        while at > 0:
            begin = max(0, at - 65536)
            found = os.pread(self._fd, at - begin, begin).rfind(b"\n")
            if found >= 0:
                at = begin + found + 1
                break
            at = begin
        self.torn = self._end - at
        if self.torn:
            os.ftruncate(self._fd, at)
            self._end = at

    @property
    def waiting(self) -> int:
        """Bytes not yet acknowledged."""
        return self._end - self._front

    @property
    def size(self) -> int:
        return self._end

    def append(self, lines: bytes) -> bool:
        """All of it, or nothing: False when the disk refuses."""
        done = 0
        try:
            while done < len(lines):
                done += os.pwrite(self._fd, lines[done:], self._end + done)
        except OSError:
            os.ftruncate(self._fd, self._end)
            return False
        self._end += len(lines)
        return True

    def peek(self, count: int, size: int) -> List[Item]:
        """The oldest items: at most `count`, at most `size` bytes, one at least."""
        block = os.pread(self._fd, size, self._front)
        if b"\n" not in block:
            block = os.pread(self._fd, _LONGEST, self._front)
        lines = block[: block.rfind(b"\n") + 1].split(b"\n")[:-1]
        if not lines and self.waiting:  # no item is that long: not ours, pass over it
            self._front = self._end
        return [from_line(line) for line in lines[:count]]

    def advance(self, items: Iterable[Item]) -> None:
        """These were acknowledged. An empty file gives its bytes back."""
        self._front += sum(len(to_line(item)) for item in items)
        if self._front >= self._end:
            os.ftruncate(self._fd, 0)
            self._front = self._end = 0

    def close(self) -> None:
        """Lets go; removes the file when nothing waits in it."""
        if not self.waiting:
            try:
                os.unlink(self.path)
            except OSError:
                pass
        os.close(self._fd)

    def abandon(self) -> None:
        """In the child of a fork: the file is the parent's."""
        os.close(self._fd)


class Spool:
    """This process' own file, made when first needed, and those left behind by others."""

    def __init__(self, folder: str, name: str, bytes_max: int) -> None:
        self._folder = folder
        self._name = name
        self._bytes_max = bytes_max
        self._own: Optional[SpoolFile] = None
        self._left: Optional[SpoolFile] = None
        self._passed: "set[str]" = set()
        self.torn = 0  #: bytes of cut-off lines found since last asked

    def waiting(self) -> int:
        """Bytes of this process that wait on disk."""
        return self._own.waiting if self._own else 0

    def is_own(self, file: SpoolFile) -> bool:
        return file is self._own

    def advance_own(self, items: Iterable[Item]) -> None:
        if self._own is not None:
            self._own.advance(items)

    def put(self, items: List[Item], reserve: int = 0) -> int:
        """How many of `items`, from the first, found room. `reserve` bytes beyond the bound."""
        room = self._bytes_max + reserve - (self._own.size if self._own else 0)
        lines: List[bytes] = []
        for item in items:
            line = to_line(item)
            room -= len(line)
            if room < 0:
                break
            lines.append(line)
        if not lines or not self._open_own():
            return 0
        assert self._own is not None
        return len(lines) if self._own.append(b"".join(lines)) else 0

    def _open_own(self) -> bool:
        try:
            if self._own is None:
                os.makedirs(self._folder, mode=0o700, exist_ok=True)
                path = os.path.join(self._folder, self._name + ".ndjson")
                self._own = SpoolFile.opened(path, os.O_CREAT)
        except OSError:
            return False
        return self._own is not None

    def front(self) -> Optional[SpoolFile]:
        """The file to send from: what others left first, then our own; None when both are empty."""
        if self._left is not None and not self._left.waiting:
            self._left.close()
            self._left = None
        if self._left is None:
            self._left = self._adopt()
        if self._left is not None:
            return self._left
        return self._own if self._own is not None and self._own.waiting else None

    def _adopt(self) -> Optional[SpoolFile]:
        try:
            names = [n for n in os.listdir(self._folder) if n.endswith(".ndjson")]
            names = [n for n in names if n != self._name + ".ndjson" and n not in self._passed]
            paths = [os.path.join(self._folder, n) for n in names]
            for path in sorted(paths, key=lambda p: (os.stat(p).st_mtime_ns, p)):
                self._passed.add(os.path.basename(path))  # held by another process: looked at once
                found = SpoolFile.opened(path)
                if found is None:
                    continue
                self.torn += found.torn
                if found.waiting:
                    return found
                found.close()
        except OSError:
            pass
        return None

    def close(self) -> None:
        for each in (self._left, self._own):
            if each is not None:
                each.close()
        self._left = self._own = None

    def abandon(self) -> None:
        for each in (self._left, self._own):
            if each is not None:
                each.abandon()
        self._left = self._own = None
