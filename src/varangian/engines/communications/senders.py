"""Whom a mail says it is from: every header that names a sender, and where they disagree."""

import re
from email.utils import getaddresses

from .headers import Head, words_of
from .model import Address, Named, Remark, Sender, Thread

NAMING = (
    "from", "sender", "reply-to", "return-path", "resent-from", "resent-sender", "envelope-from",
    "x-envelope-from", "x-sender", "x-original-sender", "x-original-from", "x-apparently-from",
    "x-authenticated-sender", "x-authenticated-user", "x-google-original-from",
)  # fmt: skip
SHOWN = {name: "-".join(part.capitalize() for part in name.split("-")) for name in NAMING}
ADDRESS = re.compile(r"[\w.+%'=-]{1,64}@[\w.-]{1,253}")
MESSAGE_ID = re.compile(r"<[^<>\s]{1,400}>")
CHECKS = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*(\w+)", re.I)
WELL = {"pass", "none", "neutral", "bestguesspass"}
MOST = 200
LONGEST = 20_000
BY_MACHINE = {"bulk", "list", "junk", "auto_reply"}


def addresses_in(raw: bytes) -> list[Address]:
    """Names are opened after the cut into addresses, since a name may itself hold a comma."""
    text = " ".join(raw[:LONGEST].decode("utf-8", "replace").split())
    try:
        pairs = getaddresses([text], strict=False)
    except Exception:  # nested comments, broken quotes: it raises what it likes
        pairs = []
    found = [
        Address(words_of(name.encode())[:200], address.strip().lower()[:320])
        for name, address in pairs[:MOST]
        if "@" in address
    ]
    if not found:
        found = [Address("", one.lower()) for one in ADDRESS.findall(text)[:MOST]]
    if not found and text:
        found = [Address(words_of(text.encode())[:200], "")]
    return found


def people_in(head: Head, name: str) -> tuple[Address, ...]:
    return tuple(one for value in head.raw(name)[:5] for one in addresses_in(value))[:MOST]


def sender_of(head: Head) -> tuple[Sender, list[Remark], list[Remark]]:
    """The sender, faults and notes."""
    named = [
        Named(SHOWN[name], one.name, one.address)
        for name in NAMING
        for value in head.raw(name)[:5]
        if value.strip(b"<> \t\r\n")
        for one in addresses_in(value)[:20]
    ]
    first = next((one for one in named if one.header == "From"), None)
    faults = [] if first and first.address else [_nobody(first)]
    known = first.address if first else ""
    disagree = tuple(one for one in named if one.address != known and one is not first)
    sender = Sender(
        name=first.name if first else "",
        address=known,
        reply_to=tuple(Address(o.name, o.address) for o in named if o.header == "Reply-To"),
        named=tuple(named),
        disagree=disagree,
    )
    return sender, faults, [*_disagreeing(sender), *_checks(head)]


def _nobody(first: Named | None) -> Remark:
    if first is None:
        return Remark("From", "The mail names no sender.", "See the other headers that do.")
    return Remark("From", f"{first.name[:60]!r} holds no address.", "See the other headers.")


def _disagreeing(sender: Sender) -> list[Remark]:
    notes = [
        Remark(one.header, f"names {one.address or one.name!r}, From names {sender.address!r}.")
        for one in sender.disagree
    ]
    inside = ADDRESS.search(sender.name)
    if inside and inside.group().lower() != sender.address:
        told = f"The name shows the address {inside.group()!r}, the mail comes from another."
        notes.append(Remark("From", told, "Do not trust the name."))
    return notes


def _checks(head: Head) -> list[Remark]:
    """What the receiving server wrote about the sender; only its newest word."""
    for value in head.raw("authentication-results")[:1]:
        failed = [
            f"{name.lower()}={result.lower()}"
            for name, result in CHECKS.findall(words_of(value))
            if result.lower() not in WELL
        ]
        if failed:
            told = f"The receiving server could not confirm the sender: {', '.join(failed[:5])}."
            return [Remark("Authentication-Results", told, "The address may be borrowed.")]
    return []


def thread_of(head: Head) -> Thread:
    return Thread(
        message_id=next(iter(_ids(head, "message-id")), ""),
        in_reply_to=_ids(head, "in-reply-to"),
        references=_ids(head, "references"),
    )


def _ids(head: Head, name: str) -> tuple[str, ...]:
    found = [one for value in head.raw(name) for one in MESSAGE_ID.findall(words_of(value))]
    return tuple(found[:100])


def by_machine(head: Head) -> bool:
    """A list, an answer machine or a bounce says so itself."""
    if head.raw("list-id") or head.raw("list-unsubscribe"):
        return True
    if head.words("auto-submitted").lower() not in ("", "no"):
        return True
    return head.words("precedence").lower() in BY_MACHINE
