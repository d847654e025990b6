"""What a message says, as plain frozen data: who, when, what, what hangs on it, what is odd."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

type Kind = Literal["mail", "outlook", "text", "pdf", "unread"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is held or opened. What is beyond is counted, hashed and said, never held."""

    head: int = 256 * 1024
    """Bytes of one head."""
    text: int = 1_000_000
    """Bytes of one text part; also of a text file."""
    parts: int = 500
    deep: int = 20
    """Multiparts within multiparts."""
    nested: int = 4
    """Mails within mails."""
    held: int = 32 * 1024**2
    """Bytes of an archive or an attached mail that is looked into."""
    members: int = 200
    """Names of an archive that are listed."""
    document: int = 32 * 1024**2
    """Bytes of a PDF that is read."""
    pages: int = 200


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something broken, left out or odd: where, what, and what a person can do about it."""

    where: str
    what: str
    mend: str = ""

    def __str__(self) -> str:
        cure = f" {self.mend}" if self.mend else ""
        return f"{self.where}: {self.what}{cure}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the message lies: the file and, in a mailbox, from which byte to which."""

    file: str
    start: int = 0
    end: int = 0
    number: int = 1

    def __str__(self) -> str:
        return f"{self.file}, mail {self.number}"


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    address: str
    """Lower case; empty when the header names none that can be read."""


@dataclass(frozen=True, slots=True)
class Named:
    """One header that names a sender."""

    header: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom the mail says it is from. Headers are what somebody wrote: none of them is proof."""

    name: str = ""
    address: str = ""
    reply_to: tuple[Address, ...] = ()
    named: tuple[Named, ...] = ()
    """Every header that names a sender, in order."""
    disagree: tuple[Named, ...] = ()
    """Those that name another address than From does."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One Received header, newest first; ``at`` is None when it cannot be read."""

    said: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Dates:
    written: datetime | None = None
    """The Date header: the sender's own claim."""
    said: str = ""
    received: datetime | None = None
    """Of the newest Received header that can be read: the last server's word."""
    filed: datetime | None = None
    """From the separator of the mailbox or the properties of the file format."""
    apart_s: float | None = None
    """Seconds from ``written`` to ``received``; None when one is unknown."""
    hops: tuple[Hop, ...] = ()

    @property
    def at(self) -> datetime | None:
        """The best known: received, else written, else filed, else None for unknown."""
        return self.received or self.written or self.filed


@dataclass(frozen=True, slots=True)
class Member:
    """A file within an archive, by its own list of contents."""

    name: str
    size: int
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    place: str
    """Number of the part: ``2.1``."""
    name: str
    claimed: str
    """The type that the mail claims."""
    found: str
    """The type that the first bytes show: ``pdf``, ``zip``, ``windows-program``, ``unknown``."""
    size: int
    sha256: str
    inline: bool = False
    members: tuple[Member, ...] | None = None
    """None: no archive, or one that is not listed; a remark says why."""
    members_in_all: int = 0
    text: str = ""
    """Of an attached text; empty of all else, which is listed and not read."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address in a page; ``shown`` where the words name another host than it leads to."""

    target: str
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says, with nothing fetched."""

    text: str
    pictures: tuple[str, ...] = ()
    """Remote pictures that a mail program might fetch."""
    trackers: tuple[str, ...] = ()
    """Those that no eye can see."""
    links: tuple[Link, ...] = ()
    """Only those that lead elsewhere than they say."""
    hidden: str = ""
    """Text that a reader is not shown. It stands in ``text`` as well."""


@dataclass(frozen=True, slots=True)
class Thread:
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    origin: Origin
    kind: Kind
    sha256: str
    """Of the original bytes: as the mail was, without what a mailbox adds."""
    size: int
    sender: Sender = Sender()
    to: tuple[Address, ...] = ()
    copy: tuple[Address, ...] = ()
    dates: Dates = Dates()
    subject: str = ""
    text: str = ""
    text_from: Literal["plain", "html", "both", "document", "none"] = "none"
    other_text: str = ""
    """The part that was not chosen, where it says something else."""
    pictures: tuple[str, ...] = ()
    trackers: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    children: tuple["Message", ...] = ()
    thread: Thread = Thread()
    faults: tuple[Remark, ...] = ()
    """What could not be read, or not in full."""
    notes: tuple[Remark, ...] = ()
    """What was read and is odd."""
    quiet: bool = field(default=False, compare=False)
    """Sent by a machine, by its own headers: a list, an answer machine, a bounce."""

    def texts(self) -> tuple[tuple[str, str], ...]:
        """(field, words) of all that was written, for whoever looks for words in it."""
        found = [("subject", self.subject), ("text", self.text), ("other text", self.other_text)]
        found += [(f"attachment {one.place}", one.text) for one in self.attachments]
        return tuple((name, words) for name, words in found if words)
