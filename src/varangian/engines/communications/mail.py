"""A mail, line by line: its parts are decoded and hashed as they pass by, and never all held.

The library's own parser keeps the whole mail in memory and goes down into it by recursion. This
one keeps a stack of the boundaries that are open, at most twenty, and looks into mails within the
mail afterwards, to a depth that is agreed.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO, Any

from .compose import compose
from .headers import FIELD, Head, parse_head
from .leaf import Leaf
from .model import Limits, Message, Origin, Remark

LINE = 64 * 1024
"""A longer line comes in pieces."""
BATCH = 256 * 1024
TELL = 4 * 1024**2
UNSEEN = 2_000
USUAL_PREAMBLE = b"multi-part message in MIME format"
SEND_WHOLE = "Ask for the mail as the server has it."


class _Multi:
    """A multipart that is open."""

    __slots__ = ("count", "end", "mark", "place", "type")

    def __init__(self, boundary: bytes, place: str, type_: str) -> None:
        self.mark, self.end = b"--" + boundary, b"--" + boundary + b"--"
        self.place, self.type, self.count = place, type_, 0


class MailReader:
    """``feed`` it lines, then ``close``."""

    def __init__(
        self, origin: Origin, limits: Limits, *, depth: int = 0, filed: datetime | None = None
    ) -> None:
        self.origin, self.limits, self.depth, self.filed = origin, limits, depth, filed
        self.head = Head()
        self.leaves: list[Leaf] = []
        self.faults: list[Remark] = []
        self.notes: list[Remark] = []
        self.size = 0
        self._sha = hashlib.sha256()
        self._lines: list[bytes] = []
        self._waiting = 0
        self._stack: list[_Multi] = []
        self._take: Any = self._in_head
        self._head_lines: list[bytes] = []
        self._head_size = 0
        self._top = True
        self._leaf: Leaf | None = None
        self._unseen = bytearray()
        self._skipped = 0
        self._too_deep = False
        self._failed = False

    def feed(self, line: bytes, fresh: bool = True) -> None:
        """``fresh`` is False for the rest of a line that came in pieces."""
        self._lines.append(line)
        self._waiting += len(line)
        if self._waiting > BATCH:
            self._digest()
        if self._failed:
            return
        try:
            if fresh and line[:2] == b"--" and self._stack and self._border(line.rstrip()):
                return
            self._take(line)
        except Exception as error:  # whatever a mail does to us, the next one is read
            self._fail(error)

    def _digest(self) -> None:
        data = b"".join(self._lines)
        self._lines, self._waiting = [], 0
        self.size += len(data)
        self._sha.update(data)

    def _fail(self, error: Exception) -> None:
        self._failed = True
        told = f"Reading stopped by a fault of the reader ({type(error).__name__})."
        self.faults.append(Remark("mail", told, "The original is whole; report the fault."))

    # -- boundaries

    def _border(self, line: bytes) -> bool:
        for level in range(len(self._stack) - 1, -1, -1):
            multi = self._stack[level]
            if line == multi.mark or line == multi.end:
                self._end_part(border=True)
                self._drop_open(level)
                if line == multi.end:
                    self._stack.pop()
                    self._take = self._in_between
                else:
                    self._begin_part()
                return True
        return False

    def _drop_open(self, level: int) -> None:
        for lost in self._stack[level + 1 :]:
            told = "It ends without its closing boundary; its parts were read."
            self.faults.append(Remark(f"part {lost.place}", told, SEND_WHOLE))
        del self._stack[level + 1 :]

    def _begin_part(self) -> None:
        self._stack[-1].count += 1
        self._head_lines, self._head_size = [], 0
        self._take = self._in_head

    def _end_part(self, *, border: bool) -> None:
        if self._take == self._in_head and self._stack and self._stack[-1].count:
            self._end_head()
        if self._leaf is not None:
            self._leaf.close(border=border)
            self._leaf = None

    @property
    def _place(self) -> str:
        if not self._stack:
            return "1"
        return f"{self._stack[-1].place}.{self._stack[-1].count}".removeprefix("0.")

    # -- what is done with a line

    def _in_head(self, line: bytes) -> None:
        if line in (b"\n", b"\r\n") or not line.strip():
            if self._top and not self._head_lines:
                return  # empty lines before the head
            self._end_head()
            return
        continues = line[:1] in (b" ", b"\t") and self._head_lines
        if not continues and not FIELD.match(line):
            if self._top and not self._head_lines and line.lstrip(b">").startswith(b"From "):
                return
            told = "There is no empty line between the head and the words."
            self.faults.append(Remark(self._where, told))
            self._end_head()
            self._take(line)
            return
        self._head_size += len(line)
        if self._head_size <= self.limits.head:
            self._head_lines.append(line)

    @property
    def _where(self) -> str:
        return "head" if self._top else f"part {self._place}"

    def _end_head(self) -> None:
        if self._head_size > self.limits.head:
            most = self.limits.head // 1024
            told = f"The head has more than {most} KB; the rest of it was left out."
            self.faults.append(Remark(self._where, told))
        head = parse_head(self._head_lines)
        self._head_lines, self._head_size = [], 0
        if self._top:
            self.head, self._top = head, False
        self._take = self._in_leaf
        type_ = head.type
        if not head.type_given and self._stack and self._stack[-1].type == "multipart/digest":
            type_ = "message/rfc822"
        if type_.startswith("multipart/") and self._open(head, type_):
            return
        self._open_leaf(head, type_)

    def _open(self, head: Head, type_: str) -> bool:
        boundary = head.boundary
        if not boundary:
            told = "It should have parts and does not say where they begin; read as one text."
            self.faults.append(Remark(self._where, told, SEND_WHOLE))
            return False
        if len(self._stack) >= self.limits.deep:
            if not self._too_deep:
                told = f"Parts lie more than {self.limits.deep} deep; the deeper were not opened."
                self.faults.append(Remark(self._where, told, "No honest mail is built so."))
            self._too_deep = True
            return False
        place = self._place if self._stack else "0"
        self._stack.append(_Multi(boundary, place, type_))
        self._take = self._in_between
        return True

    def _open_leaf(self, head: Head, type_: str) -> None:
        if len(self.leaves) >= self.limits.parts:
            self._skipped += 1
            self._take = self._in_nothing
            return
        if type_.startswith("multipart/"):
            type_ = "text/plain"
        leaf = Leaf(head, self._place, self.limits, type_=type_)
        groups = [one.place for one in self._stack if one.type == "multipart/alternative"]
        leaf.group = groups[-1] if groups else ""
        self.leaves.append(leaf)
        self._leaf = leaf

    def _in_leaf(self, line: bytes) -> None:
        if self._leaf is not None:
            self._leaf.feed(line)

    def _in_nothing(self, _line: bytes) -> None:
        return

    def _in_between(self, line: bytes) -> None:
        """Before the first boundary and after the last: no mail program shows it."""
        if len(self._unseen) < UNSEEN and USUAL_PREAMBLE not in line and line.strip():
            self._unseen += line[: UNSEEN - len(self._unseen)]

    # -- the end

    def close(self) -> Message:
        self._digest()
        try:
            if not self._failed:
                self._finish()
        except Exception as error:  # as in feed
            self._fail(error)
        try:
            return compose(self, read_nested)
        except Exception as error:  # as in feed
            self._fail(error)
            return Message(self.origin, "unread", self.sha256, self.size, faults=tuple(self.faults))
        finally:
            for leaf in self.leaves:
                leaf.release()

    def _finish(self) -> None:
        if self._take == self._in_head:
            if self._top and not self._head_lines:
                self.faults.append(Remark("mail", "There is nothing in it."))
            self._end_head()
        self._end_part(border=False)
        if self._stack:
            told = "The mail ends in the middle: its closing boundary is missing."
            self.faults.append(Remark(f"part {self._place}", told, SEND_WHOLE))
        if self._skipped:
            told = f"{self._skipped} parts beyond {self.limits.parts} were counted, not listed."
            self.faults.append(Remark("mail", told))
        words = bytes(self._unseen).decode("utf-8", "replace").strip()
        if words:
            shown = " ".join(words.split())[:200]
            told = f"Words outside of the parts, which no mail program shows: {shown!r}"
            self.notes.append(Remark("mail", told))

    @property
    def sha256(self) -> str:
        return self._sha.hexdigest()


def lines_of(handle: IO[bytes]) -> Iterator[tuple[bytes, bool]]:
    """(line, whether it begins one); a line without end comes in pieces."""
    fresh = True
    while line := handle.readline(LINE):
        yield line, fresh
        fresh = line.endswith(b"\n")


def read_mail(
    handle: IO[bytes],
    origin: Origin,
    limits: Limits,
    *,
    depth: int = 0,
    tell: Callable[[int], None] | None = None,
) -> Message:
    """``tell`` hears now and then how many bytes were read."""
    reader = MailReader(origin, limits, depth=depth)
    told = 0
    for line, fresh in lines_of(handle):
        reader.feed(line, fresh)
        if tell is not None and reader.size - told > TELL:
            told = reader.size
            tell(told)
    return reader.close()


def read_nested(reader: MailReader, leaf: Leaf) -> Message:
    origin = Origin(f"{reader.origin.file}, part {leaf.place}", 0, leaf.size, reader.origin.number)
    return read_mail(leaf.spool, origin, reader.limits, depth=reader.depth + 1)
