"""Every message of a file or a folder, one after the other, and a bookmark to go on from.

    for found in read("inbox.mbox"):
        print(found.message.subject)

Files are known by what stands in them: mail, mailbox (mbox), Maildir, mail of Outlook, text, PDF.
Nothing raises for what a file holds; what cannot be read comes out as ``unread``, with the reason.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from varangian.kernel.results import Refused

from .documents import read_pdf, read_text, unread
from .mail import read_mail
from .mbox import SEPARATOR, read_mbox
from .model import LIMITS, Limits, Message, Origin, Remark
from .outlook import read_outlook
from .sniffing import HEAD, kind_of

PASSED_OVER = {".DS_Store", "Thumbs.db", "desktop.ini"}
MAILDIR = ("cur", "new")
CHECKED = 4096
UNKNOWN = Remark(
    "file", "It is no mail, mailbox, text or PDF that can be read.", "See what it is by hand."
)
type Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where reading got to: everything before ``offset`` of ``file`` has been read."""

    file: str
    offset: int
    number: int
    """Mails so far in this file."""
    checked: int = 0
    check: str = ""
    """SHA-256 of the first ``checked`` bytes, to know the file again."""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Any) -> "Bookmark":
        try:
            return cls(
                str(data["file"]), int(data["offset"]), int(data["number"]),
                int(data["checked"]), str(data["check"]),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError) as error:
            raise Refused("The bookmark cannot be read", mend="Delete it to begin anew.") from error


@dataclass(frozen=True, slots=True)
class Found:
    message: Message
    bookmark: Bookmark
    """Go on from here with ``read(path, after=...)``."""


@dataclass(frozen=True, slots=True)
class _File:
    key: str
    path: Path
    size: int


def files_of(path: Path) -> list[_File]:
    """What is to be read, in the order in which it is read."""
    if not path.exists():
        raise Refused("There is no such file or folder", where=str(path))
    if not path.is_dir():
        return [_File(path.name, path, path.stat().st_size)]
    found = []
    for one in path.rglob("*"):
        if one.is_symlink() or not one.is_file() or one.name in PASSED_OVER:
            continue
        inside = one.relative_to(path)
        if _beside_maildir(one):
            continue
        found.append(_File(_key(one, inside), one, one.stat().st_size))
    return sorted(found, key=lambda one: one.key)


def _key(path: Path, inside: Path) -> str:
    """Mails of a Maildir are moved and marked as they are read; their name to the colon stays."""
    if path.parent.name in MAILDIR:
        return (inside.parent.parent / path.name.partition(":")[0]).as_posix()
    return inside.as_posix()


def _beside_maildir(path: Path) -> bool:
    """Index files of mail servers, and what is still being delivered."""
    home = path.parent
    if home.name == "tmp" and all((home.parent / one).is_dir() for one in MAILDIR):
        return True
    return all((home / one).is_dir() for one in MAILDIR)


def read(
    path: Path | str,
    *,
    after: Bookmark | None = None,
    limits: Limits = LIMITS,
    tell: Tell | None = None,
) -> Iterator[Found]:
    """``tell(done, total)`` hears of bytes. Raises Refused when ``after`` does not fit them."""
    files = files_of(Path(path))
    total, done = sum(one.size for one in files), 0
    if after is not None:
        _refuse_other(files, after, Path(path))
    for one in files:
        if after is None or one.key >= after.file:
            start = after if after is not None and one.key == after.file else None
            before = done

            def inside(at: int, before: int = before) -> None:
                if tell is not None:
                    tell(before + at, total)

            length = min(CHECKED, one.size)
            check = _check(one.path, length)
            for message in _safely(one, start, limits, inside):
                inside(message.origin.end)
                origin = message.origin
                yield Found(message, Bookmark(one.key, origin.end, origin.number, length, check))
        done += one.size
    if tell is not None:
        tell(total, total)


def _refuse_other(files: list[_File], after: Bookmark, path: Path) -> None:
    mend = "Delete the bookmark to begin anew."
    known = next((one for one in files if one.key == after.file), None)
    if known is None:
        if not path.is_dir():
            what = f"The bookmark is of {after.file!r} and not of this file"
            raise Refused(what, where=path.name, mend=mend)
        return
    if _check(known.path, after.checked) != after.check or known.size < after.offset:
        raise Refused("The file is not the one of the bookmark", where=after.file, mend=mend)


def _check(path: Path, length: int) -> str:
    try:
        with path.open("rb") as handle:
            return hashlib.sha256(handle.read(length)).hexdigest()
    except OSError:
        return ""


def _safely(
    one: _File, start: Bookmark | None, limits: Limits, tell: Callable[[int], None]
) -> Iterator[Message]:
    """One file that cannot be read does not cost the others."""
    if start is not None and start.offset >= one.size:
        return
    origin = Origin(one.key, 0, one.size, 1)
    try:
        yield from _messages(one, origin, start, limits, tell)
    except Refused:
        raise
    except OSError as error:
        told = f"The file cannot be read ({error.strerror or type(error).__name__})."
        mend = "Give the service the right to read it."
        yield Message(origin, "unread", "", one.size, faults=(Remark("file", told, mend),))
    except Exception as error:  # whatever a file makes a reader do
        told = f"Reading stopped by a fault of the reader ({type(error).__name__})."
        yield unread(one.path, origin, Remark("file", told, "Report the fault."))


def _messages(
    one: _File,
    origin: Origin,
    start: Bookmark | None,
    limits: Limits,
    tell: Callable[[int], None],
) -> Iterator[Message]:
    with one.path.open("rb", buffering=1024**2) as handle:
        kind = kind_of(handle.read(HEAD))
        handle.seek(0)
        if kind == "mailbox":
            at, number = (start.offset, start.number) if start else (0, 0)
            handle.seek(at)
            _refuse_middle(handle, at, one.key)
            yield from read_mbox(handle, one.key, limits, at=at, number=number, tell=tell)
            return
        if kind == "mail":
            found = read_mail(handle, origin, limits, tell=tell)
            yield replace(found, origin=replace(found.origin, end=found.size))
            return
    if kind == "outlook":
        yield read_outlook(one.path, origin, limits)
    elif kind == "pdf":
        yield read_pdf(one.path, origin, limits)
    elif kind == "text":
        yield read_text(one.path, origin, limits)
    else:
        yield unread(one.path, origin, UNKNOWN)


def _refuse_middle(handle: Any, at: int, name: str) -> None:
    line = handle.readline(1000)
    handle.seek(at)
    if at and not SEPARATOR.match(line.lstrip()):
        raise Refused(
            "The bookmark points into the middle of a mail",
            where=f"{name}, byte {at}",
            mend="Delete the bookmark to begin anew.",
        )
