"""Bytes to text, when the claim about their character set may be a lie."""

import codecs

DANGEROUS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
"""Encodings of the language and not of mails; some take quadratic time."""
SINGLE = {"iso8859-1", "cp1252", "iso8859-15", "ascii"}
USUAL = {"": "utf-8", "unknown-8bit": "utf-8", "x-unknown": "utf-8", "default": "utf-8"}


def text_of(data: bytes, charset: str = "", *, cut: bool = False) -> tuple[str, str]:
    """The text and, when the claim does not hold, words about it.

    ``cut`` says that the bytes may end in the middle of a character.
    """
    named = USUAL.get(charset.strip().lower(), charset.strip())
    codec = _codec(named)
    if codec is None:
        found, as_what = _guess(data, cut)
        return found, f"claims the unknown character set {named[:40]!r}; read as {as_what}"
    if data.isascii() and (codec in SINGLE or codec == "utf-8"):
        return data.decode("ascii").replace("\x00", ""), ""
    if codec in SINGLE:
        guessed = _decode(data, "utf-8", cut)
        if guessed is not None:
            return guessed, f"claims to be {named} and is UTF-8" if charset else ""
    found = _decode(data, "cp1252" if codec == "iso8859-1" else codec, cut)
    if found is None and codec == "iso8859-1":
        found = _decode(data, codec, cut)
    if found is not None:
        return found, ""
    found, as_what = _guess(data, cut)
    return found, f"claims to be {named} and is not; read as {as_what}" if charset else ""


def _codec(name: str) -> str | None:
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError, TypeError, UnicodeError):
        return None
    if found.name.replace("_", "-") in DANGEROUS or not getattr(found, "_is_text_encoding", True):
        return None
    return found.name


def _decode(data: bytes, codec: str, cut: bool) -> str | None:
    try:
        if not cut:
            return data.decode(codec).replace("\x00", "")
        return codecs.getincrementaldecoder(codec)().decode(data).replace("\x00", "")
    except (UnicodeError, LookupError, ValueError):
        return None


def _guess(data: bytes, cut: bool) -> tuple[str, str]:
    found = _decode(data, "utf-8", cut)
    if found is not None:
        return found, "UTF-8"
    found = _decode(data, "cp1252", cut)
    if found is not None:
        return found, "Windows-1252"
    return data.decode("cp1252", "replace").replace("\x00", ""), "Windows-1252 with gaps"
