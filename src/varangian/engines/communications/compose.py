"""From the parts of a mail to the message: which text is its words, and what hangs on it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, NamedTuple

from . import archives
from .charsets import text_of
from .dates import dates_of
from .leaf import Leaf
from .model import Attachment, Limits, Message, Page, Remark
from .page import read_page
from .senders import by_machine, people_in, sender_of, thread_of
from .types import ARCHIVES, claims_differ, unseen_letters

if TYPE_CHECKING:
    from .mail import MailReader

ENOUGH = 0.5
"""Plain text is taken when it has at least this share of the words of the page beside it."""
NEWS = 8
"""So many words that only one of the two has make a note."""
SEALED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}


class _Words(NamedTuple):
    text: str
    source: Literal["plain", "html", "both", "document", "none"]
    other: str
    pages: tuple[Page, ...]
    faults: list[Remark]
    notes: list[Remark]


def compose(reader: "MailReader", read_nested: Callable[..., Message]) -> Message:
    faults, notes = list(reader.faults), list(reader.notes)
    sender, more_faults, more_notes = sender_of(reader.head)
    dates, date_faults, date_notes = dates_of(reader.head, filed=reader.filed)
    if reader.head.fields:
        faults += more_faults + date_faults
        notes += more_notes + date_notes
    words = _words_of([leaf for leaf in reader.leaves if not leaf.attached], reader.limits)
    attachments, children = [], []
    for leaf in reader.leaves:
        faults += leaf.faults
        if leaf.nested and leaf.spool is not None and reader.depth < reader.limits.nested:
            children.append(read_nested(reader, leaf))
        elif leaf.attached:
            one, said = _attachment(leaf, reader)
            attachments.append(one)
            notes += said
    subject = reader.head.words("subject")[:2000]
    notes += words.notes + unseen_letters("subject", subject) + unseen_letters("text", words.text)
    return Message(
        origin=reader.origin,
        kind="mail" if reader.head.fields else "unread",
        sha256=reader.sha256,
        size=reader.size,
        sender=sender,
        to=people_in(reader.head, "to"),
        copy=people_in(reader.head, "cc"),
        dates=dates,
        subject=subject,
        text=words.text,
        text_from=words.source,
        other_text=words.other,
        pictures=tuple({one: None for page in words.pages for one in page.pictures}),
        trackers=tuple({one: None for page in words.pages for one in page.trackers}),
        links=tuple({one: None for page in words.pages for one in page.links}),
        attachments=tuple(attachments),
        children=tuple(children),
        thread=thread_of(reader.head),
        faults=tuple(faults + words.faults),
        notes=tuple(notes),
        quiet=by_machine(reader.head),
    )


def _words_of(leaves: list[Leaf], limits: Limits) -> _Words:
    """The parts of one alternative say the same, so one of them is taken; else all, in order."""
    groups: dict[str, list[Leaf]] = {}
    for leaf in leaves:
        groups.setdefault(leaf.group or f"alone {leaf.place}", []).append(leaf)
    texts, others, pages = [], [], []
    sources: set[str] = set()
    faults: list[Remark] = []
    notes: list[Remark] = []
    for group in groups.values():
        plain, page = _read(group, faults, limits)
        if page is not None:
            pages.append(page)
            notes += of_page(page, group[-1].where)
        chosen, other = beside(plain, page)
        if other:
            told = "The plain text and the page beside it do not say the same; both are kept."
            notes.append(Remark(group[0].where, told, "A mail program shows one of them only."))
            others.append(other)
        if chosen.strip():
            texts.append(chosen.strip())
            sources.add("html" if page is not None and chosen is page.text else "plain")
    source: Literal["plain", "html", "both", "none"] = "none"
    if sources:
        source = "both" if len(sources) > 1 else "html" if "html" in sources else "plain"
    return _Words("\n\n".join(texts), source, "\n\n".join(others), tuple(pages), faults, notes)


def _read(
    group: list[Leaf], faults: list[Remark], limits: Limits
) -> tuple[str | None, Page | None]:
    plain: list[str] = []
    html: list[str] = []
    for leaf in group:
        text, fault = text_of(bytes(leaf.text), leaf.head.parameter("charset"), cut=leaf.cut)
        if fault:
            faults.append(Remark(leaf.where, f"The text {fault}."))
        if leaf.cut:
            told = f"The text has {leaf.size} bytes; {limits.text} were read."
            faults.append(Remark(leaf.where, told, "Read the rest in the original."))
        (html if leaf.type == "text/html" else plain).append(_lines(text))
    found = "\n\n".join(plain) if plain else None
    return found, read_page("\n".join(html)) if html else None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def beside(plain: str | None, page: Page | None) -> tuple[str, str]:
    """(what is taken, what is kept beside it since it says something else)."""
    if page is None:
        return plain or "", ""
    if plain is None:
        return page.text, ""
    mine, theirs = _bag(plain), _bag(page.text)
    differ = len(mine - theirs) >= NEWS or len(theirs - mine) >= NEWS
    if len(plain.split()) >= ENOUGH * len(page.text.split()) and plain.strip():
        return plain, page.text if differ else ""
    return page.text, plain if differ and plain.strip() else ""


def _bag(text: str) -> set[str]:
    return {word.strip(".,;:!?()[]<>\"'*_").lower() for word in text.split() if "://" not in word}


def of_page(page: Page, where: str) -> list[Remark]:
    notes = []
    if page.hidden:
        shown = page.hidden[:120]
        notes.append(Remark(where, f"The page holds words that a reader is not shown: {shown!r}"))
    if page.trackers:
        told = f"{len(page.trackers)} pictures that nobody sees tell when the mail is opened."
        notes.append(Remark(where, told, "Nothing was fetched; do not let a mail program do it."))
    for link in page.links[:5]:
        told = f"A link shows {link.shown!r} and leads to {link.target[:120]!r}."
        notes.append(Remark(where, told, "Do not follow it."))
    return notes


def _attachment(leaf: Leaf, reader: "MailReader") -> tuple[Attachment, list[Remark]]:
    name, found = leaf.head.file_name, leaf.found
    notes = claims_differ(leaf.place, name, leaf.type, found)
    members, count = None, 0
    if found in archives.NOT_LISTED or (leaf.spool is not None and found in ARCHIVES):
        members, count, more = archives.members_of(leaf.spool, found, leaf.place, reader.limits)
        notes += more
    if leaf.nested:
        told = f"Mails lie more than {reader.limits.nested} deep; this one was not opened."
        if leaf.spool is not None:
            notes.append(Remark(leaf.where, told, "Save it by itself and read it."))
    if leaf.type in SEALED or found == "encrypted":
        told = "It is encrypted and cannot be read here."
        notes.append(Remark(leaf.where, told, "Ask its recipient for the text."))
    if leaf.type == "message/external-body":
        notes.append(Remark(leaf.where, "It names a file elsewhere; nothing was fetched."))
    text = ""
    if leaf.type in ("text/plain", "text/html") and found in ("text", "html"):
        text, _ = text_of(bytes(leaf.text), leaf.head.parameter("charset"), cut=leaf.cut)
        text = read_page(text).text if found == "html" else _lines(text)
    one = Attachment(
        place=leaf.place,
        name=name,
        claimed=leaf.type,
        found=found,
        size=leaf.size,
        sha256=leaf.sha256,
        inline=leaf.head.disposition == "inline" or bool(leaf.head.content_id),
        members=members,
        members_in_all=count,
        text=text,
    )
    return one, notes
