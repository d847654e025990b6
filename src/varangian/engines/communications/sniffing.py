"""What a file is, by what stands in it. Names and types that a sender gives do not count."""

import re

from .types import type_of

HEADER = re.compile(
    r"^(return-path|received|from|to|cc|subject|date|message-id|mime-version|delivered-to"
    r"|content-type|reply-to|x-[\w-]+|dkim-signature|authentication-results)\s*:",
    re.I,
)
MBOX = re.compile(rb"\s*From \S+[^\n]{6,}\n")
HEAD = 4_000
WORDS = {"text", "html", "xml", "encrypted"}


def is_mail(head: str) -> bool:
    """Two lines of a mail's head before anything else."""
    found = 0
    for line in head.splitlines()[:60]:
        if HEADER.match(line):
            found += 1
        elif line[:1] not in (" ", "\t"):
            break
    return found >= 2


def is_mailbox(data: bytes, head: str) -> bool:
    return bool(MBOX.match(data[:HEAD])) and is_mail(head.partition("\n")[2])


def kind_of(data: bytes) -> str:
    """One of mailbox, mail, outlook, pdf, text; or ""."""
    head = data[:HEAD].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").lstrip()
    if is_mailbox(data.removeprefix(b"\xef\xbb\xbf"), head):
        return "mailbox"
    if is_mail(head):
        return "mail"
    found = type_of(data[:HEAD])
    if found in ("office-old", "pdf"):
        return "outlook" if found == "office-old" else "pdf"
    return "text" if found in WORDS else ""
