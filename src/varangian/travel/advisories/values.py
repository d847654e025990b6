"""Words, numbers, times and truths as these sources write them."""

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from html import unescape
from math import isfinite
from typing import Any

from lxml import etree

from varangian.kernel.results import Refused

LIMIT_BYTES = 25 * 1024 * 1024
LONGEST = 4000
MILLISECONDS_FROM = 100_000_000_000
"""As seconds this is the year 5138, as milliseconds 1973: nothing published lies between."""
YEARS = range(1970, 2201)
YES, NO = {"true", "1", "yes"}, {"false", "0", "no", ""}
_TAGS = re.compile(r"<[^>]*>")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SLASHED = re.compile(r"(\d{4})/(\d{2})/(\d{2})")


def text(value: Any, limit: int = LONGEST) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(_UNPRINTABLE.sub(" ", str(value)).split())[:limit]


def plain(value: Any, limit: int = LONGEST) -> str:
    """HTML without its tags."""
    return text(unescape(_TAGS.sub(" ", value)), limit) if isinstance(value, str) else ""


def link(value: Any) -> str:
    """Only http and https: a file must not plant a script link."""
    found = text(value, 1000)
    return found if re.match(r"https?://\S+$", found, re.I) else ""


def number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if isfinite(found) else None


def step(value: Any, most: int) -> int | None:
    """A whole number from 0 to ``most``, also when it is written as text."""
    found = number(value)
    return int(found) if found is not None and found == int(found) and 0 <= found <= most else None


def truth(value: Any) -> bool | None:
    """True and false, also as text or number. None: absent, or neither."""
    if isinstance(value, bool):
        return value
    word = text(value).lower() if value is not None else "absent"
    return True if word in YES else False if word in NO else None


def when(value: Any) -> datetime | None:
    """ISO 8601, RFC 822, or seconds or milliseconds since 1970, also as text."""
    stamp = number(value)
    try:
        found = _of_epoch(stamp) if stamp is not None else _of_text(text(value, 100))
        found = found if found is None or found.tzinfo else found.replace(tzinfo=UTC)
        found = found.astimezone(UTC) if found else None
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None
    return found if found and found.year in YEARS else None


def _of_epoch(stamp: float) -> datetime:
    return datetime.fromtimestamp(stamp / 1000 if stamp >= MILLISECONDS_FROM else stamp, UTC)


def _of_text(words: str) -> datetime | None:
    if not words:
        return None
    try:
        return datetime.fromisoformat(_SLASHED.sub(r"\1-\2-\3", words))
    except ValueError:
        return parsedate_to_datetime(words)


def digest(item: Any) -> str:
    """Of bytes as they are; of JSON regardless of the order of its fields."""
    if not isinstance(item, bytes):
        item = json.dumps(item, sort_keys=True, ensure_ascii=False, default=str).encode(
            "utf-8", "replace"
        )
    return sha256(item).hexdigest()


def checked(data: bytes) -> bytes:
    if len(data) > LIMIT_BYTES:
        raise Refused("The file is larger than 25 MB", mend="Fetch it again, or split it.")
    if not data.strip():
        raise Refused("The file is empty", mend="Fetch it again.")
    return data


def json_of(data: bytes) -> Any:
    """One document, or one document a line. Refuses what is neither, and says where it breaks."""
    words = data.decode("utf-8-sig", "replace")
    try:
        return json.loads(words)
    except RecursionError:
        raise Refused("The file is nested too deeply", mend="Fetch it again.") from None
    except ValueError as fault:
        lines = [line for line in words.splitlines() if line.strip()]
        try:
            return [json.loads(line) for line in lines]
        except (ValueError, RecursionError):
            place = f"line {getattr(fault, 'lineno', 1)}, column {getattr(fault, 'colno', 1)}"
        raise Refused(
            "The file is not whole JSON", place, "Fetch it again; a cut file is not guessed at."
        ) from None


def xml_of(data: bytes) -> tuple[etree._Element, str]:
    """The root as far as it was read, and what broke it. No document type is read."""
    if b"<!DOCTYPE" in data[:4000] or b"<!ENTITY" in data:
        raise Refused("The file carries a document type, which is not read", mend="Remove it.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=True, remove_comments=True
    )
    root = etree.fromstring(data.removeprefix(b"\xef\xbb\xbf"), parser)
    if root is None:
        raise Refused("The file is not XML that can be read", mend="Fetch it again.")
    fault = str(parser.error_log[0].message) if parser.error_log else ""
    return root, fault
