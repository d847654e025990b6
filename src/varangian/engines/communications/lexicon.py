"""Phrases by language, as data; how a line of the data is found in a text.

``i/we will ... kill you`` means: one of two words, another, up to four words, two more; ``liar*``
is whatever begins so. A phrase does not run over the end of a sentence.
"""

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Literal, get_args

from pydantic import StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from varangian.kernel.library import Entry, LibraryFile, load_yaml

from .words import Word

PACKAGE = "varangian.engines.communications"
LANGUAGES = ("en", "de", "fr")
GAP = 4
type FactKind = Literal[
    "request", "asks-to-meet", "approach", "travel", "place", "time", "gift", "relation", "threat",
    "self-harm", "weapon", "target", "anger", "polite", "specific",
]  # fmt: skip
type Form = Literal["", "direct", "wish", "veiled", "conditional"]
KINDS: tuple[FactKind, ...] = get_args(FactKind.__value__)
ENOUGH = 3
"""Common words of a language from which it counts as that of the text."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]


class Phrases(Entry):
    kind: FactKind
    form: Form = ""
    lines: tuple[Text, ...]

    @field_validator("lines")
    @classmethod
    def _readable(cls, lines: tuple[str, ...]) -> tuple[str, ...]:
        for line in lines:
            if parse_line(line) is None:
                raise PydanticCustomError("line", "'{line}' is no line of words", {"line": line})
        return lines


class Lexicon(LibraryFile):
    language: Literal["en", "de", "fr"]
    common: tuple[Text, ...]
    negations: tuple[Text, ...]
    conditions: tuple[Text, ...]
    reporting: tuple[Text, ...]
    own: tuple[Text, ...]
    months: tuple[Text, ...]
    days: tuple[Text, ...]
    phrases: tuple[Phrases, ...]


@dataclass(frozen=True, slots=True)
class Step:
    words: frozenset[str]
    beginnings: tuple[str, ...]
    gap: int
    """Words that may stand before it."""

    def fits(self, word: str) -> bool:
        return word in self.words or (bool(self.beginnings) and word.startswith(self.beginnings))


@dataclass(frozen=True, slots=True)
class Line:
    kind: FactKind
    form: Form
    language: str
    said: str
    steps: tuple[Step, ...]


def parse_line(line: str) -> tuple[Step, ...] | None:
    steps: list[Step] = []
    gap = 0
    for piece in line.split():
        if piece == "...":
            gap = GAP
            continue
        alternatives = piece.lower().split("/")
        if not all(alternatives) or any(not one.strip("*'").strip() for one in alternatives):
            return None
        whole = frozenset(one for one in alternatives if not one.endswith("*"))
        begin = tuple(one[:-1] for one in alternatives if one.endswith("*"))
        steps.append(Step(whole, begin, gap))
        gap = 0
    return tuple(steps) if steps and not gap else None


class Matcher:
    """The lines of one language, found by their first word."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.language: str = lexicon.language
        self.common = frozenset(lexicon.common)
        self.negations = frozenset(lexicon.negations)
        self.conditions = frozenset(lexicon.conditions)
        self.reporting = frozenset(lexicon.reporting)
        self.own = frozenset(lexicon.own)
        self.months, self.days = lexicon.months, lexicon.days
        self._first: dict[str, list[Line]] = {}
        self._begin: dict[str, list[Line]] = {}
        for group in lexicon.phrases:
            for said in group.lines:
                line = Line(group.kind, group.form, self.language, said, parse_line(said) or ())
                for word in line.steps[0].words:
                    self._first.setdefault(word, []).append(line)
                for begin in line.steps[0].beginnings:
                    self._begin.setdefault(begin[:3], []).append(line)

    def found(self, words: list[Word]) -> list[tuple[Line, int, int]]:
        """(line, first word, last word); of two of a kind that overlap, the longer."""
        hits: list[tuple[Line, int, int]] = []
        for at, word in enumerate(words):
            for line in self._first.get(word.word, ()):
                last = _ends(line, words, at)
                if last is not None:
                    hits.append((line, at, last))
            for line in self._begin.get(word.word[:3], ()):
                last = _ends(line, words, at) if line.steps[0].fits(word.word) else None
                if last is not None:
                    hits.append((line, at, last))
        return _longest(hits)


def _ends(line: Line, words: list[Word], at: int) -> int | None:
    sentence, last = words[at].sentence, at
    for step in line.steps[1:]:
        for here in range(last + 1, min(last + 2 + step.gap, len(words))):
            if words[here].sentence != sentence:
                return None
            if step.fits(words[here].word):
                last = here
                break
        else:
            return None
    return last


def _longest(hits: list[tuple[Line, int, int]]) -> list[tuple[Line, int, int]]:
    kept: dict[FactKind, list[tuple[Line, int, int]]] = {}
    for hit in sorted(hits, key=lambda one: (one[1], -one[2])):
        mine = kept.setdefault(hit[0].kind, [])
        if not mine or hit[1] > mine[-1][2]:
            mine.append(hit)
    return sorted((hit for mine in kept.values() for hit in mine), key=lambda one: one[1:])


@cache
def matchers() -> tuple[Matcher, ...]:
    return tuple(
        Matcher(load_yaml(PACKAGE, f"communication_words_{language}.yaml", Lexicon))
        for language in LANGUAGES
    )


def of_text(words: list[Word]) -> tuple[Matcher, ...]:
    """The languages whose common words the text has; all, where it is too short to tell."""
    every = matchers()
    counts = [sum(word.word in one.common for word in words) for one in every]
    most = max(counts)
    if most < ENOUGH:
        return every
    return tuple(one for one, count in zip(every, counts, strict=True) if count * 2 >= most)


__all__ = ["KINDS", "FactKind", "Form", "Lexicon", "Line", "Matcher", "matchers", "of_text"]
