"""The head of a mail or of one of its parts: fields, words, parameters. Nothing here raises."""

import re
from dataclasses import dataclass, field
from email.header import decode_header
from email.message import Message as Parameters
from functools import cached_property

from .charsets import text_of

FIELD = re.compile(rb"[!-9;-~]{1,100}[ \t]*:")
LONGEST = 20_000
"""Bytes of one field that are looked at."""
OF_PART = ("content-type", "content-disposition", "content-transfer-encoding", "content-id")


@dataclass
class Head:
    fields: list[tuple[str, bytes]] = field(default_factory=list)

    def raw(self, name: str) -> list[bytes]:
        return [value for known, value in self.fields if known == name]

    def words(self, name: str) -> str:
        """The first field of the name, on one line, in words."""
        return next((words_of(value) for value in self.raw(name)), "")

    @cached_property
    def _of_part(self) -> Parameters:
        found = Parameters()
        for name in OF_PART:
            for value in self.raw(name)[:1]:
                plain = " ".join(value[:LONGEST].decode("ascii", "surrogateescape").split())
                found[name] = plain
        return found

    @property
    def type(self) -> str:
        try:
            return self._of_part.get_content_type()
        except Exception:  # a broken head is that of plain text, as every mail program has it
            return "text/plain"

    @property
    def type_given(self) -> bool:
        return bool(self.raw("content-type"))

    def parameter(self, name: str) -> str:
        try:
            found = self._of_part.get_param(name, "")
            return found[2] if isinstance(found, tuple) else str(found or "")
        except Exception:  # parameters in broken pieces
            return ""

    @property
    def boundary(self) -> bytes:
        try:
            found = self._of_part.get_boundary("") or ""
            return found.rstrip().encode("utf-8", "surrogateescape")
        except Exception:  # as above
            return b""

    @property
    def encoding(self) -> str:
        words = str(self._of_part.get("content-transfer-encoding") or "").strip().lower().split()
        return words[0].rstrip(";") if words else ""

    @property
    def disposition(self) -> str:
        try:
            return self._of_part.get_content_disposition() or ""
        except Exception:  # as above
            return ""

    @property
    def content_id(self) -> str:
        return str(self._of_part.get("content-id") or "").strip("<> ")

    @property
    def file_name(self) -> str:
        """As the sender gave it, without folders; see notes for what its letters hide."""
        try:
            found = self._of_part.get_filename("") or ""
        except Exception:  # as above
            return ""
        plain = words_of(found.encode("utf-8", "surrogateescape"))
        return re.split(r"[\\/]", plain)[-1][:200]


def parse_head(lines: list[bytes]) -> Head:
    """Of lines that are fields and their continuations, line ends and all."""
    fields: list[tuple[str, list[bytes]]] = []
    for line in lines:
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1][1].append(line)
            continue
        name, _, value = line.partition(b":")
        fields.append((name.strip().lower().decode("ascii", "replace"), [value]))
    return Head([(name, b"".join(values).strip()) for name, values in fields])


def head_of(data: bytes) -> Head:
    """Of the bytes of a whole head, or of a mail: what follows the first empty line is left."""
    kept: list[bytes] = []
    for line in data.lstrip(b"\r\n").splitlines(keepends=True):
        if not line.strip():
            break
        if FIELD.match(line) or (kept and line[:1] in (b" ", b"\t")):
            kept.append(line)
    return parse_head(kept)


def words_of(raw: bytes) -> str:
    """A field in words, on one line: encoded words opened, whatever their character set claims."""
    text, _ = text_of(raw[:LONGEST], cut=len(raw) > LONGEST)
    if "=?" in text:
        text = _opened(text)
    return " ".join(text.split())


def _opened(text: str) -> str:
    try:
        pieces = decode_header(text)
    except Exception:  # the parser of headers raises what it likes on broken ones
        return text
    found = []
    for piece, charset in pieces:
        if isinstance(piece, str):
            found.append(piece)
        else:
            found.append(text_of(piece, charset or "latin-1")[0])
    return "".join(found)
