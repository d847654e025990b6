"""Letters that came as a text or a PDF: they have words and no head."""

import hashlib
import time
from pathlib import Path
from typing import IO

from .charsets import text_of
from .model import Limits, Message, Origin, Remark
from .page import read_page
from .types import type_of, unseen_letters

PATIENCE_S = 30.0
"""A PDF may be built to take for ever; looked at between its pages."""
NO_HEAD = Remark("document", "It names no sender and no date.", "Enter both by hand.")
NO_EXTRA = Remark(
    "document", "Reading PDFs needs the extra comms.", "pip install varangian[comms] adds it."
)
BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def digest(handle: IO[bytes]) -> tuple[str, int]:
    """SHA-256 and size of what is left of a file, never whole in memory."""
    sha, size = hashlib.sha256(), 0
    while chunk := handle.read(1024**2):
        sha.update(chunk)
        size += len(chunk)
    return sha.hexdigest(), size


def unread(path: Path, origin: Origin, *faults: Remark) -> Message:
    """A file that is kept and explained."""
    try:
        with path.open("rb") as handle:
            sha, size = digest(handle)
    except OSError as error:
        sha, size = "", 0
        told = f"The file cannot be opened ({error.strerror or type(error).__name__})."
        faults = (*faults, Remark("file", told, "Give the service the right to read it."))
    return Message(Origin(origin.file, 0, size, origin.number), "unread", sha, size, faults=faults)


def read_text(path: Path, origin: Origin, limits: Limits) -> Message:
    with path.open("rb") as handle:
        data = handle.read(limits.text + 1)
        handle.seek(0)
        sha, size = digest(handle)
    cut = len(data) > limits.text
    data = data[: limits.text]
    text, _ = text_of(data, BOMS.get(data[:2], ""), cut=cut)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    faults = [NO_HEAD]
    if cut:
        told = f"It has {size} bytes; {limits.text} were read."
        faults.append(Remark("document", told, "Read the rest in the original."))
    page = read_page(text) if type_of(data[:4096]) == "html" else None
    return Message(
        origin=Origin(origin.file, 0, size, origin.number),
        kind="text",
        sha256=sha,
        size=size,
        text=page.text if page else text,
        text_from="document",
        pictures=page.pictures if page else (),
        trackers=page.trackers if page else (),
        links=page.links if page else (),
        faults=tuple(faults),
        notes=tuple(unseen_letters("text", text)),
    )


def read_pdf(path: Path, origin: Origin, limits: Limits) -> Message:
    with path.open("rb") as handle:
        sha, size = digest(handle)
    faults = [NO_HEAD]
    text = "" if size > limits.document else _words_of(path, faults, limits)
    if size > limits.document:
        most = limits.document // 1024**2
        told = f"The PDF has more than {most} MB; its words were not read."
        faults.append(Remark("document", told, "Read it yourself."))
    elif not text.strip() and len(faults) == 1:
        told = "The PDF holds no words, pictures of them at most."
        faults.append(Remark("document", told, "Read it yourself and enter what it says."))
    return Message(
        origin=Origin(origin.file, 0, size, origin.number),
        kind="pdf",
        sha256=sha,
        size=size,
        text=text,
        text_from="document" if text else "none",
        faults=tuple(faults),
        notes=tuple(unseen_letters("text", text)),
    )


def _words_of(path: Path, faults: list[Remark], limits: Limits) -> str:
    try:
        from pypdf import PdfReader
    except ImportError:
        faults.append(NO_EXTRA)
        return ""
    begun, kept, length = time.monotonic(), [], 0
    try:
        pages = PdfReader(path).pages
        for number, page in enumerate(pages, start=1):
            beyond = number > limits.pages or length > limits.text
            if beyond or time.monotonic() - begun > PATIENCE_S:
                told = f"Only the first {number - 1} of {len(pages)} pages were read."
                faults.append(Remark("document", told, "Read the rest in the original."))
                break
            kept.append(page.extract_text() or "")
            length += len(kept[-1])
    except Exception as error:  # whatever a broken or locked PDF makes its reader say
        told = f"The PDF cannot be read in full ({type(error).__name__})."
        faults.append(Remark("document", told, "Open it by hand, on a machine for such files."))
    return "\n\n".join(kept).replace("\x00", "")[: limits.text]
