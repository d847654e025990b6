"""What an attachment is by its first bytes; names and types that a sender gives do not count."""

import re
from bisect import bisect

from .model import Remark

MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "pdf"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"BZh", "bzip2"),
    (0, b"\xfd7zXZ\x00", "xz"),
    (0, b"MSCF", "cab"),
    (257, b"ustar", "tar"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF8", "gif"),
    (8, b"WEBP", "webp"),
    (0, b"II*\x00", "tiff"),
    (0, b"MM\x00*", "tiff"),
    (4, b"ftypheic", "heic"),
    (4, b"ftypmif1", "heic"),
    (4, b"ftypavif", "avif"),
    (4, b"ftypM4A", "audio"),
    (4, b"ftypqt", "video"),
    (4, b"ftyp", "video"),
    (0, b"ID3", "audio"),
    (0, b"\xff\xfb", "audio"),
    (0, b"OggS", "audio"),
    (0, b"#!AMR", "audio"),
    (0, b"fLaC", "audio"),
    (8, b"WAVE", "audio"),
    (8, b"AVI ", "video"),
    (0, b"\x1aE\xdf\xa3", "video"),
    (0, b"MZ", "windows-program"),
    (0, b"\x7fELF", "program"),
    (0, b"\xcf\xfa\xed\xfe", "program"),
    (0, b"\xca\xfe\xba\xbe", "program"),
    (0, b"\x4c\x00\x00\x00\x01\x14\x02\x00", "shortcut"),
    (0, b"#!", "script"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office-old"),
    (0, b"{\\rtf", "rtf"),
    (0, b"\x78\x9f\x3e\x22", "winmail"),
    (0, b"-----BEGIN PGP", "encrypted"),
)
CLAIMS: dict[str, tuple[str, ...]] = {
    "image/png": ("png",), "image/jpeg": ("jpeg",), "image/jpg": ("jpeg",), "image/gif": ("gif",),
    "image/webp": ("webp",), "image/tiff": ("tiff",), "image/heic": ("heic",),
    "application/pdf": ("pdf",), "application/zip": ("zip",), "application/rtf": ("rtf", "text"),
    "application/x-rar-compressed": ("rar",), "application/x-7z-compressed": ("7z",),
    "application/gzip": ("gzip",), "application/msword": ("office-old", "rtf"),
    "audio/mpeg": ("audio",), "video/mp4": ("video", "audio"),
    "text/plain": ("text", "html", "script", "rtf", "encrypted"), "text/html": ("html", "text"),
}  # fmt: skip
"""What each claim should be. What is not listed is not judged."""
ENDINGS: dict[str, tuple[str, ...]] = {
    "pdf": ("pdf",), "png": ("png",), "jpg": ("jpeg",), "jpeg": ("jpeg",), "gif": ("gif",),
    "zip": ("zip",), "docx": ("zip", "office-old"), "xlsx": ("zip", "office-old"),
    "pptx": ("zip", "office-old"), "odt": ("zip",), "doc": ("office-old", "rtf"), "txt": ("text",),
    "mp4": ("video",), "mp3": ("audio",), "heic": ("heic",), "webp": ("webp",), "rar": ("rar",),
}  # fmt: skip
RUNS = {"windows-program", "program", "script", "shortcut"}
RUN_ENDINGS = {
    "exe", "scr", "com", "bat", "cmd", "ps1", "vbs", "js", "jse", "wsf", "hta", "lnk", "msi", "jar",
    "app", "command", "iso", "img", "vhd", "one", "docm", "xlsm", "chm", "pif", "url",
}  # fmt: skip
ARCHIVES = {"zip", "tar", "rar", "7z", "gzip", "bzip2", "xz", "cab"}
UNSEEN = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x180B, 0x180E),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xE0000, 0xE01EF),
)  # fmt: skip
TURNING = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
_STARTS = [low for low, _ in UNSEEN]
_HTML = re.compile(rb"\s{0,200}(?:<!doctype html|<html|<head|<body|<table|<div)", re.I)
_XML = re.compile(rb"\s{0,200}<\?xml|\s{0,200}<svg", re.I)


def type_of(head: bytes) -> str:
    """``head`` is the first 4 KB."""
    data = head.removeprefix(b"\xef\xbb\xbf")
    if not data:
        return "empty"
    for at, magic, name in MAGIC:
        if data.startswith(magic, at):
            return name
    if _HTML.match(data):
        return "html"
    if _XML.match(data):
        return "xml"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text"
    odd = sum(data.count(code) for code in (0, 1, 2, 3, 4, 5, 6, 14, 15, 16, 17))
    return "unknown" if odd else "text"


def claims_differ(place: str, name: str, claimed: str, found: str) -> list[Remark]:
    """Notes on an attachment that is not what it says."""
    notes = []
    shown = name or "without a name"
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    should = CLAIMS.get(claimed) or ENDINGS.get(ending)
    by_name = ENDINGS.get(ending)
    lies = bool(should) and found not in (*should, "empty", "unknown")
    lies = lies or (bool(by_name) and found in RUNS | {"html"})
    if lies:
        told = f"{shown} claims to be {claimed} and is {found}."
        notes.append(Remark(f"part {place}", told, "Do not open it on a machine of the house."))
    elif found in RUNS or ending in RUN_ENDINGS:
        told = f"{shown} can run or hide a program ({found})."
        notes.append(Remark(f"part {place}", told, "Do not open it on a machine of the house."))
    if any(letter in name for letter in TURNING):
        told = f"The name of the attachment turns the direction of writing: {ascii(name)[:120]}."
        notes.append(Remark(f"part {place}", told, "It may look like another kind of file."))
    return notes


def is_unseen(letter: str) -> bool:
    code = ord(letter)
    index = bisect(_STARTS, code) - 1
    return index >= 0 and code <= UNSEEN[index][1]


UNSEEN_LETTER = re.compile("[" + "".join(f"{chr(low)}-{chr(high)}" for low, high in UNSEEN) + "]")


def unseen_letters(where: str, text: str) -> list[Remark]:
    """A note where text holds letters that nobody sees."""
    if text.isascii():
        return []
    found = UNSEEN_LETTER.findall(text)
    turning = sum(letter in TURNING for letter in found)
    joiners = sum("\ufe00" <= letter <= "\ufe0f" or letter == "\u200d" for letter in found)
    notes = []
    if turning:
        told = f"{turning} letters that turn the direction of writing."
        notes.append(Remark(where, told, "It may read otherwise than it stands here."))
    if len(found) - turning - joiners > 0:
        told = f"{len(found) - turning - joiners} letters that nobody sees (zero width)."
        notes.append(Remark(where, told, "They are left out where words are looked for."))
    return notes
