"""Pure rules of the words in a brief: how likely, how sure, and words that say too little."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from varangian.kernel.results import Refused
from varangian.threats.library import grading

from .library import brief_library

LONGEST, MOST_SENTENCES = 600, 3
UNGRADED = "ungraded"
SHORTEST_SECRET = 4


@dataclass(frozen=True)
class Finding:
    """A word in a judgement that is not of the list, or is another than the one chosen."""

    word: str
    why: str
    offer: tuple[str, ...]


def probability_words() -> tuple[str, ...]:
    return tuple(row.word for row in grading().probability)


def confidence_words() -> tuple[str, ...]:
    return tuple(row.id for row in grading().confidence)


def findings(text: str, chosen: str = "") -> list[Finding]:
    """In the order in which they stand. Words inside a listed word are not looked at twice."""
    rest, found = text, []
    for word in sorted(probability_words(), key=len, reverse=True):
        pattern = _pattern(word)
        if chosen and word != chosen:
            found += [
                (hit.start(), Finding(hit[0], f"the word chosen is ‘{chosen}’", (chosen, word)))
                for hit in pattern.finditer(rest)
            ]
        rest = pattern.sub(lambda hit: "\x00" * len(hit[0]), rest)
    for row in sorted(brief_library().vague, key=lambda row: -len(row.word)):
        pattern = _pattern(row.word, any_case=row.case == "any")
        why = "readers take it for anything"
        found += [(hit.start(), Finding(hit[0], why, row.offer)) for hit in pattern.finditer(rest)]
        rest = pattern.sub(lambda hit: "\x00" * len(hit[0]), rest)
    return [finding for _, finding in sorted(found, key=lambda pair: pair[0])]


def _pattern(word: str, *, any_case: bool = True) -> re.Pattern[str]:
    inner = r"\s+".join(re.escape(part) for part in word.split())
    return re.compile(rf"(?<!\w){inner}(?!\w)", re.IGNORECASE if any_case else 0)


def mended(text: str, word: str, instead: str) -> str:
    """The first place of a word, in its own spelling, says the listed word."""
    found, count = re.subn(rf"(?<!\w){re.escape(word)}(?!\w)", lambda _: instead, text, count=1)
    if not count:
        raise Refused("The judgement has no such word", where=word)
    return found[0].upper() + found[1:] if text[:1].isupper() else found


def checked_text(name: str, words: str, *, needed: str = "") -> str:
    clean = "\n".join(" ".join(row.split()) for row in words.replace("\x00", "").splitlines())
    clean = clean.strip()
    if needed and len(clean) < 3:
        raise Refused(needed, where=name)
    if len(clean) > LONGEST:
        raise Refused(f"This has more than {LONGEST} letters", where=name, mend="Say less.")
    return clean


def checked_bottom_line(words: str) -> str:
    """One to three sentences, or nothing while it is a draft."""
    clean = checked_text("bottom_line", words)
    many = len([part for part in re.split(r"[.!?]+(?:\s+|$)", clean) if part.strip()])
    if many > MOST_SENTENCES:
        raise Refused(
            f"A bottom line has {MOST_SENTENCES} sentences at most, this has {many}",
            where="bottom_line",
            mend="Keep what the reader must know if they read nothing else.",
        )
    return clean


def checked_word(name: str, word: str, known: Iterable[str]) -> str:
    listed = tuple(known)
    if word not in listed:
        raise Refused("This word is not of the list", where=f"{name}: {word}"[:80],
                      mend=", ".join(listed) + ".")  # fmt: skip
    return word


def grade_words(grade: str, scale: str) -> str:
    """``B2: usually reliable, probably true``; without a grade it says so."""
    if not grade:
        return UNGRADED
    known = grading().scale(scale or "admiralty")
    worth = {row.code: row.word for row in known.source}.get(grade[:1], "")
    truth = {row.code: row.word for row in known.information}.get(grade[1:], "")
    words = ", ".join(filter(None, (worth, truth)))
    return f"{grade}: {words}" if words else grade


def told_too_widely(text: str, secrets: Iterable[str]) -> str:
    """The first title of an item that not every reader may see and that the text names."""
    plain = " ".join(text.casefold().split())
    for title in secrets:
        bare = re.sub(r"^[A-Z]\d+\s+", "", title).casefold().strip()
        if len(bare) >= SHORTEST_SECRET and bare in plain:
            return title
    return ""


def age_words(at: datetime | None, then: datetime) -> str:
    """``3 h old`` when the records were read; an age that nobody knows is said to be unknown."""
    if at is None:
        return "age not known"
    minutes = int((then - at).total_seconds() // 60)
    if minutes < 0:
        return "dated ahead"
    if minutes < 120:
        return f"{minutes} min old"
    return f"{minutes // 60} h old" if minutes < 2880 else f"{minutes // 1440} days old"
