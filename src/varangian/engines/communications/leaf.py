"""One part of a mail that holds no further parts: decoded, counted and hashed as it passes by."""

import binascii
import hashlib
import tempfile
from typing import Any

from .headers import Head
from .model import Limits, Remark
from .types import type_of

BATCH = 64 * 1024
FIRST = 4096
IN_MEMORY = 1024**2
NESTED = {"message/rfc822", "message/global", "message/news"}
PLAIN = {"", "7bit", "8bit", "binary"}
NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
)


class Leaf:
    """Push lines into it, then ``close``. Holds ``text`` or ``spool`` where they are wanted."""

    def __init__(self, head: Head, place: str, limits: Limits, *, type_: str) -> None:
        self.head, self.place, self.type = head, place, type_
        self.size = 0
        self.first = b""
        self.text = bytearray()
        self.spool: Any = None
        self.faults: list[Remark] = []
        self.group = ""
        """Place of the multipart/alternative round it."""
        self._limits = limits
        self._sha = hashlib.sha256()
        self._lines: list[bytes] = []
        self._waiting = 0
        self._rest = b""
        self._ended = False
        self._broken = 0
        self._decode = self._decoder()

    def _decoder(self) -> Any:
        encoding = self.head.encoding
        if encoding == "base64":
            return self._base64
        if encoding == "quoted-printable":
            return self._quoted
        if encoding not in PLAIN:
            told = f"It is written in the unknown encoding {encoding[:30]!r}; kept as it stands."
            self.faults.append(Remark(self.where, told))
        return self._as_is

    @property
    def where(self) -> str:
        return f"part {self.place}"

    @property
    def sha256(self) -> str:
        return self._sha.hexdigest()

    @property
    def nested(self) -> bool:
        return self.type in NESTED

    @property
    def attached(self) -> bool:
        """Not meant to be read as the words of the mail."""
        if self.head.disposition == "attachment" or not self.type.startswith("text/"):
            return True
        return self.type not in ("text/plain", "text/html", "text/enriched") or bool(
            self.head.file_name
        )

    def feed(self, line: bytes) -> None:
        self._lines.append(line)
        self._waiting += len(line)
        if self._waiting > BATCH:
            self._flush(last=False)

    def close(self, *, border: bool) -> None:
        """``border``: the line end before a boundary belongs to the boundary."""
        if border and self._lines:
            last = self._lines[-1]
            self._lines[-1] = last.removesuffix(b"\n").removesuffix(b"\r")
        self._flush(last=True)
        if self._broken:
            told = f"The base64 is broken in {self._broken} places."
            self.faults.append(Remark(self.where, told, "What could be read was read."))
        if self.spool is not None:
            self.spool.seek(0)

    def _flush(self, *, last: bool) -> None:
        """The last line waits, since what follows it may be a boundary."""
        kept = [] if last else [self._lines.pop()]
        data = b"".join(self._lines)
        self._lines, self._waiting = kept, len(kept[0]) if kept else 0
        self._take(self._decode(data, last))

    def _as_is(self, data: bytes, _last: bool) -> bytes:
        return data

    def _quoted(self, data: bytes, last: bool) -> bytes:
        data, self._rest = self._rest + data, b""
        if not last and b"=" in data[-2:]:
            cut = data.rfind(b"=")
            data, self._rest = data[:cut], data[cut:]
        return binascii.a2b_qp(data)

    def _base64(self, data: bytes, last: bool) -> bytes:
        letters = self._rest + data.translate(None, NOT_BASE64)
        self._rest = b""
        if self._ended:
            self._broken += bool(letters)
            return b""
        pad = letters.find(b"=")
        if pad >= 0:
            self._ended = True
            self._broken += bool(letters[pad:].strip(b"="))
            letters = letters[:pad]
        elif not last:
            whole = len(letters) // 4 * 4
            letters, self._rest = letters[:whole], letters[whole:]
        if len(letters) % 4 == 1:
            self._broken += 1
            letters = letters[:-1]
        try:
            return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
        except (binascii.Error, ValueError):
            self._broken += 1
            return b""

    def _take(self, data: bytes) -> None:
        if not data:
            return
        if not self.size and self._holds(data):
            self.spool = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        self._sha.update(data)
        self.size += len(data)
        if len(self.first) < FIRST:
            self.first += data[: FIRST - len(self.first)]
        if self.type.startswith("text/") and len(self.text) < self._limits.text:
            self.text += data[: self._limits.text - len(self.text)]
        if self.spool is not None:
            self._hold(data)

    def _holds(self, data: bytes) -> bool:
        return self.nested or type_of(data[:FIRST]) in ("zip", "tar")

    def _hold(self, data: bytes) -> None:
        if self.size <= self._limits.held:
            self.spool.write(data)
            return
        self.spool.close()
        self.spool = None
        most = self._limits.held // 1024**2
        told = f"It has more than {most} MB and was hashed, not looked into."
        self.faults.append(Remark(self.where, told, "Open it on a machine that holds no secrets."))

    @property
    def found(self) -> str:
        return type_of(self.first)

    @property
    def cut(self) -> bool:
        return self.type.startswith("text/") and self.size > self._limits.text

    def release(self) -> None:
        if self.spool is not None:
            self.spool.close()
            self.spool = None
