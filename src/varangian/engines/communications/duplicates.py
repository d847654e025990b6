"""Is this mail one that is there already? Said as "same as", never thrown away.

    index = Duplicates()
    for message in messages:
        print(index.look(message))

Exact: the same bytes. Same message: the same Message-ID and the same words, as two copies that
came over two servers have. Near: most runs of three words are the same; found by MinHash (Broder
1997) and then counted in full.
"""

import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from .model import Message
from .words import normal

RUN = 3
FEWEST = 12
"""Words below which two texts are not compared: short ones are alike by chance."""
MOST = 3_000
"""Runs of a text that are compared."""
BANDS, ROWS = 24, 4
NEAR = 0.8
LONGEST = 50_000
CANDIDATES = 50
_PRIME = np.uint64((1 << 31) - 1)
_RANDOM = np.random.default_rng(20261201)
_A = _RANDOM.integers(1, 1 << 31, BANDS * ROWS, dtype=np.uint64)[:, None]
_B = _RANDOM.integers(0, 1 << 31, BANDS * ROWS, dtype=np.uint64)[:, None]
type How = Literal["exact", "message", "near"]
type Runs = np.ndarray[tuple[int], np.dtype[np.uint64]]


@dataclass(frozen=True, slots=True)
class Same:
    """``as_`` is the name under which the earlier one was looked at."""

    how: How
    as_: str
    share: float = 1.0
    """Share of runs of words that both have, of all that one of them has."""

    @property
    def told(self) -> str:
        if self.how == "exact":
            return f"same bytes as {self.as_}"
        if self.how == "message":
            return f"same message and words as {self.as_}"
        return f"nearly the same words as {self.as_}: {self.share:.0%} of the runs of three words"


def runs_of(text: str) -> Runs:
    """Runs of three words as numbers, each once, in order; empty for a short text."""
    words = normal(text[:LONGEST]).split()
    if len(words) < FEWEST:
        return np.zeros(0, np.uint64)
    found = {
        zlib.crc32(" ".join(words[at : at + RUN]).encode()) for at in range(len(words) - RUN + 1)
    }
    return np.array(sorted(found)[:MOST], np.uint64)


def share_of(one: Runs, other: Runs) -> float:
    if not len(one) or not len(other):
        return 0.0
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both)


def _bands(runs: Runs) -> list[bytes]:
    least = ((_A * (runs & _PRIME) + _B) % _PRIME).min(axis=1).reshape(BANDS, ROWS)
    return [bytes([number]) + row.tobytes() for number, row in enumerate(least)]


@dataclass
class Near:
    """Texts that are nearly the same, by the names they were added under.

    ``most``: of those that may be near only so many are compared, the likeliest; 0 for all.
    """

    most: int = 0
    _runs: list[tuple[str, Runs]] = field(default_factory=list)
    _buckets: dict[bytes, list[int]] = field(default_factory=dict)

    def add(self, name: str, runs: Runs) -> list[tuple[str, float]]:
        """Those that were added before and are near, nearest first; then keeps this one as well."""
        if not len(runs):
            return []
        seen: Counter[int] = Counter()
        number = len(self._runs)
        for band in _bands(runs):
            bucket = self._buckets.setdefault(band, [])
            seen.update(bucket[:CANDIDATES])
            if len(bucket) < CANDIDATES:
                bucket.append(number)
        self._runs.append((name, runs))
        likely = [at for at, _ in seen.most_common(self.most)] if self.most else list(seen)
        found = [(self._runs[at][0], share_of(self._runs[at][1], runs)) for at in likely]
        return sorted((one for one in found if one[1] >= NEAR), key=lambda one: -one[1])


class Duplicates:
    """Holds what it has seen: about two kilobytes a mail."""

    def __init__(self) -> None:
        self._bytes: dict[str, str] = {}
        self._messages: dict[str, tuple[str, int]] = {}
        self._near = Near()

    def look(self, message: Message, name: str = "") -> Same | None:
        """Same as an earlier one? Otherwise it is kept for those that come."""
        name = name or str(message.origin)
        if message.sha256 and message.sha256 in self._bytes:
            return Same("exact", self._bytes[message.sha256])
        if message.sha256:
            self._bytes[message.sha256] = name
        text = message.text or message.other_text
        found = self._by_id(message, name, text)
        near = self._near.add(name, runs_of(text))
        if found is not None:
            return found
        return Same("near", near[0][0], round(near[0][1], 2)) if near else None

    def other_words(self, message: Message) -> str:
        """The earlier one that has this Message-ID and other words: one of them lies."""
        known = self._messages.get(message.thread.message_id)
        text = message.text or message.other_text
        return known[0] if known and known[1] != _body(message, text) else ""

    def _by_id(self, message: Message, name: str, text: str) -> Same | None:
        identity = message.thread.message_id
        if not identity:
            return None
        body = _body(message, text)
        known = self._messages.setdefault(identity, (name, body))
        return Same("message", known[0]) if known[0] != name and known[1] == body else None


def _body(message: Message, text: str) -> int:
    hung = " ".join(sorted(one.sha256 for one in message.attachments))
    return hash((normal(text[:LONGEST]), hung))
