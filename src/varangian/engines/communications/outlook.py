"""Mails that Outlook saved (.msg): properties in a compound file.

``olefile`` (extra ``comms``) opens the container; what the properties mean is read here, by the
public description of the format ([MS-OXMSG]). Large attachments are hashed sector by sector.
"""

import hashlib
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from .charsets import text_of
from .compose import beside, of_page
from .dates import dates_of
from .documents import digest, unread
from .headers import Head, head_of, words_of
from .model import Attachment, Limits, Message, Origin, Remark
from .page import read_page
from .senders import by_machine, people_in, sender_of, thread_of
from .types import claims_differ, type_of, unseen_letters

PROPERTIES = "__properties_version1.0"
ATTACHED = "__attach_version1.0_"
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
NO_EXTRA = Remark(
    "file",
    "Reading mails of Outlook needs the extra comms.",
    "pip install varangian[comms] adds it.",
)
BROKEN = "Save the mail again, or ask for it as .eml."
HEADERS, SUBJECT, BODY, HTML, RTF = "007D", "0037", "1000", "1013", "1009"
SENDER, SENDER_ADDRESS, SMTP, OF_NAME, OF_SMTP = "0C1A", "0C1F", "5D01", "0042", "5D02"
TO, COPY, MESSAGE_ID, REPLIES_TO, REFERENCES = "0E04", "0E03", "1035", "1042", "1039"
SUBMITTED, DELIVERED = 0x0039, 0x0E06
CODE_PAGES = (0x3FFD, 0x3FDE)
LONG_NAME, NAME, MIME, DATA, CONTENT_ID = "3707", "3704", "370E", "3701", "3712"


def read_outlook(path: Path, origin: Origin, limits: Limits) -> Message:
    try:
        import olefile
    except ImportError:
        return unread(path, origin, NO_EXTRA)
    with path.open("rb") as handle:
        sha, size = digest(handle)
    origin = Origin(origin.file, 0, size, origin.number)
    try:
        with olefile.OleFileIO(str(path)) as ole:
            if not ole.exists(PROPERTIES):
                what = "It is an old Office file and no mail of Outlook."
                return unread(path, origin, Remark("file", what, "Read it by hand."))
            return _Box(ole, limits).message([], origin, sha, size, depth=0)
    except Exception as error:  # whatever a broken container makes its reader say
        what = f"The mail of Outlook cannot be read ({type(error).__name__})."
        return unread(path, origin, Remark("file", what, BROKEN))


class _Box:
    """A compound file whose folders are mails and attachments."""

    def __init__(self, ole: Any, limits: Limits) -> None:
        self.ole, self.limits = ole, limits

    def message(
        self, folder: list[str], origin: Origin, sha: str, size: int, *, depth: int
    ) -> Message:
        fixed = self._fixed(folder, 24 if folder else 32)
        page = self._code_page(fixed)
        head = self._head(folder, page, fixed)
        sender, faults, notes = sender_of(head)
        filed = _moment(fixed.get(DELIVERED)) or _moment(fixed.get(SUBMITTED))
        dates, more_faults, more_notes = dates_of(head, filed=filed)
        faults, notes = faults + more_faults, notes + more_notes
        plain, html = self._texts(folder, page, faults)
        found = read_page(html) if html else None
        text, other = beside(plain, found)
        if found:
            notes += of_page(found, "page")
        attachments, children = self._attached(folder, origin, page, depth, notes, faults)
        subject = self._string(folder, SUBJECT, page) or head.words("subject")
        notes += unseen_letters("subject", subject) + unseen_letters("text", text)
        return Message(
            origin=origin,
            kind="outlook",
            sha256=sha,
            size=size,
            sender=sender,
            to=people_in(head, "to"),
            copy=people_in(head, "cc"),
            dates=dates,
            subject=" ".join(subject.split())[:2000],
            text=text,
            text_from="html" if found and text == found.text else "plain" if text else "none",
            other_text=other,
            pictures=found.pictures if found else (),
            trackers=found.trackers if found else (),
            links=found.links if found else (),
            attachments=tuple(attachments),
            children=tuple(children),
            thread=thread_of(head),
            faults=tuple(faults),
            notes=tuple(notes),
            quiet=by_machine(head),
        )

    # -- properties

    def _bytes(self, folder: list[str], name: str, most: int) -> bytes | None:
        where = [*folder, f"__substg1.0_{name}"]
        if not self.ole.exists(where) or self.ole.get_type(where) != 2:
            return None
        if self.ole.get_size(where) > most:
            return b"".join(_upto(self._chunks(where), most))
        return self.ole.openstream(where).read()

    def _string(self, folder: list[str], tag: str, page: str) -> str:
        data = self._bytes(folder, f"{tag}001F", self.limits.text * 2)
        if data is not None:
            return data.decode("utf-16-le", "replace").replace("\x00", "")
        data = self._bytes(folder, f"{tag}001E", self.limits.text)
        return text_of(data, page)[0] if data else ""

    def _fixed(self, folder: list[str], skip: int) -> dict[int, bytes]:
        """Values of eight bytes by the number of their property."""
        where = [*folder, PROPERTIES]
        data = self.ole.openstream(where).read() if self.ole.exists(where) else b""
        found = {}
        for at in range(skip, len(data) - 15, 16):
            _, number = struct.unpack_from("<HH", data, at)
            found[number] = data[at + 8 : at + 16]
        return found

    def _code_page(self, fixed: dict[int, bytes]) -> str:
        for number in CODE_PAGES:
            if number in fixed:
                page = struct.unpack_from("<I", fixed[number])[0]
                return "utf-8" if page == 65001 else f"cp{page}"
        return ""

    def _head(self, folder: list[str], page: str, fixed: dict[int, bytes]) -> Head:
        """The head as it came over the net; else one made of what Outlook wrote down."""
        whole = self._string(folder, HEADERS, page)
        head = head_of(whole.encode("utf-8", "replace")) if whole else Head()
        if head.raw("from"):
            return head
        name = self._string(folder, SENDER, page) or self._string(folder, OF_NAME, page)
        said = [self._string(folder, tag, page) for tag in (SMTP, OF_SMTP, SENDER_ADDRESS)]
        address = next((one for one in said if "@" in one), "")
        known = {
            "from": f'"{name.replace(chr(34), "")}" <{address}>' if address else name,
            "to": self._string(folder, TO, page),
            "cc": self._string(folder, COPY, page),
            "message-id": self._string(folder, MESSAGE_ID, page),
            "in-reply-to": self._string(folder, REPLIES_TO, page),
            "references": self._string(folder, REFERENCES, page),
        }
        sent = _moment(fixed.get(SUBMITTED))
        if sent and not head.raw("date"):
            known["date"] = f"{sent:%a, %d %b %Y %H:%M:%S} +0000"
        made = [(key, value.encode()) for key, value in known.items() if value]
        return Head(head.fields + made)

    def _texts(self, folder: list[str], page: str, faults: list[Remark]) -> tuple[str | None, str]:
        plain = self._string(folder, BODY, page).replace("\r\n", "\n")
        data = self._bytes(folder, f"{HTML}0102", self.limits.text)
        html = text_of(data, "" if b"utf-8" in data[:2000].lower() else page)[0] if data else ""
        html = html or self._string(folder, HTML, page)
        if not plain.strip() and not html and self._bytes(folder, f"{RTF}0102", 1) is not None:
            told = "Its words are there in Outlook's own form alone and were not read."
            faults.append(Remark("text", told, BROKEN))
        return plain if plain.strip() else None, html

    # -- attachments

    def _attached(
        self,
        folder: list[str],
        origin: Origin,
        page: str,
        depth: int,
        notes: list[Remark],
        faults: list[Remark],
    ) -> tuple[list[Attachment], list[Message]]:
        names = sorted(
            {one[len(folder)] for one in self.ole.listdir(streams=True, storages=True)
             if len(one) > len(folder) and one[: len(folder)] == folder
             and one[len(folder)].startswith(ATTACHED)}
        )  # fmt: skip
        attachments, children = [], []
        for number, name in enumerate(names[: self.limits.parts], start=1):
            inner = [*folder, name]
            nested = [*inner, f"__substg1.0_{DATA}000D"]
            try:
                if self.ole.exists(nested):
                    if depth >= self.limits.nested:
                        told = f"Mails lie more than {self.limits.nested} deep; not opened."
                        notes.append(Remark(f"part {number}", told))
                        continue
                    where = Origin(f"{origin.file}, part {number}", 0, 0, origin.number)
                    sha, size = self._digest_of(nested)
                    children.append(self.message(nested, where, sha, size, depth=depth + 1))
                    continue
                attachments.append(self._attachment(inner, str(number), page, notes))
            except Exception as error:  # one broken attachment does not cost the others
                told = f"The attachment cannot be read ({type(error).__name__})."
                faults.append(Remark(f"part {number}", told, BROKEN))
        return attachments, children

    def _attachment(
        self, folder: list[str], place: str, page: str, notes: list[Remark]
    ) -> Attachment:
        name = self._string(folder, LONG_NAME, page) or self._string(folder, NAME, page)
        name = words_of(name.replace("\\", "/").rpartition("/")[2].encode())[:200]
        claimed = self._string(folder, MIME, page).lower() or "application/octet-stream"
        sha, size, first = hashlib.sha256(), 0, b""
        where = [*folder, f"__substg1.0_{DATA}0102"]
        if self.ole.exists(where):
            for chunk in self._chunks(where):
                sha.update(chunk)
                size += len(chunk)
                first = first or chunk[:4096]
        found = type_of(first)
        notes += claims_differ(place, name, claimed, found)
        inline = bool(self._string(folder, CONTENT_ID, page))
        return Attachment(place, name, claimed, found, size, sha.hexdigest(), inline)

    def _chunks(self, where: list[str]) -> Iterator[bytes]:
        """The bytes of a stream, sector by sector where they are many."""
        size = self.ole.get_size(where)
        if size < 1024**2:
            yield self.ole.openstream(where).read()
            return
        sector, left = self.ole.direntries[self.ole._find(where)].isectStart, size
        table, waiting, held = self.ole.fat, [], 0
        for _ in range(len(table)):
            if left <= 0 or sector >= len(table):
                break
            data = self.ole.getsect(sector)[:left]
            left -= len(data)
            waiting.append(data)
            held += len(data)
            if held > 256 * 1024:
                yield b"".join(waiting)
                waiting, held = [], 0
            sector = table[sector]
        yield b"".join(waiting)

    def _digest_of(self, folder: list[str]) -> tuple[str, int]:
        """A mail within a mail has no bytes of its own: its streams, in order of their names."""
        sha, size = hashlib.sha256(), 0
        for one in sorted(self.ole.listdir()):
            if one[: len(folder)] == folder:
                for chunk in self._chunks(one):
                    sha.update(chunk)
                    size += len(chunk)
        return sha.hexdigest(), size


def _upto(chunks: Iterator[bytes], most: int) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk[:most]
        most -= len(chunk)
        if most <= 0:
            return


def _moment(value: bytes | None) -> datetime | None:
    if value is None:
        return None
    ticks = struct.unpack_from("<Q", value)[0]
    try:
        return EPOCH + timedelta(microseconds=ticks // 10) if ticks else None
    except OverflowError:
        return None
