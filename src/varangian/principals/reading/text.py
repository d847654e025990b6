"""Bytes of a file as text. What was guessed is said."""

from varangian.kernel.results import Refused

MOST_BYTES = 8 * 1024 * 1024
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
GUESSED = "The file is not in UTF-8; it was read as Western European (Windows-1252)."


def decode(data: bytes) -> tuple[str, list[str]]:
    """The text, and what the reader had to guess. NULs are no text and are left out."""
    if len(data) > MOST_BYTES:
        raise Refused(
            f"The file has {len(data) / 1024**2:.1f} MB, the limit is {MOST_BYTES // 1024**2} MB",
            mend="Split it, or leave pictures out of the export.",
        )
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _clean(data[len(mark) :].decode(encoding, "replace")), []
    try:
        return _clean(data.decode("utf-8")), []
    except UnicodeDecodeError:
        return _clean(data.decode("cp1252", "replace")), [GUESSED]


def _clean(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
