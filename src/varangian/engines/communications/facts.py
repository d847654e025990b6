"""What a person who reads the mail would note, as proposals with the words that show it.

    for one in facts(message): print(one.kind, one.words)

A proposal says "these words are here". It decides nothing, it is no number about anybody, and
words that are not in the lists are not found: whoever decides reads the mail. Negation, quotation
and condition are told by simple signs beside the words (see ``docs/explanation/communications.md``)
and only said, never used to leave a proposal out.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from .lexicon import FactKind, Form, Line, Matcher, of_text
from .model import Message
from .moments import moments
from .words import Word, words_in

LONGEST = 200_000
"""Letters of one text that are looked through."""
MOST = 400
MOST_HITS = 2_000
MOST_QUOTES = 1_000
BEFORE_NOT = 3
"""Words before the phrase among which a negation counts."""
BEFORE_SAID = 6
REPLY = re.compile(
    r"^(?:on .{5,200} wrote:|am .{5,200} schrieb.{0,80}:|le .{5,200} a écrit\s?:"
    r"|-{2,}\s?(?:original message|forwarded message|ursprüngliche nachricht"
    r"|message d'origine).*)$",
    re.I | re.M,
)
MARKED = re.compile(r"“[^”\n]{1,600}”|„[^“”\n]{1,600}[“”]|«[^»\n]{1,600}»|\"[^\"\n]{1,600}\"")
QUOTED_LINE = re.compile(r"^[ \t]{0,4}>.*$", re.M)
CLAUSE = re.compile(r"[,;:()]")
SPECIFIC = ("time", "place", "weapon", "target")
OPENERS = ("threat", "approach")
TRAVEL_WITH = ("travel", "asks-to-meet")
type Quoted = Literal["", "marks", "reply", "reported"]
type Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Fact:
    kind: FactKind
    field: str
    """Which text it stands in: ``subject``, ``text``, ``other text``, ``attachment 2``."""
    start: int
    end: int
    words: str
    """Exactly what stands there."""
    form: Form = ""
    """Of a threat: direct, conditional, veiled, or a wish."""
    language: str = ""
    negated: Span | None = None
    """Where a negation stands before it."""
    condition: Span | None = None
    quoted: Quoted = ""
    line: str = ""
    """The line of the data that found it."""
    parts: tuple[Span, ...] = ()
    """Of ``specific``: the time, place, means or person named beside the threat or approach."""
    names: tuple[str, ...] = ()
    """Of ``specific``: which of them are named."""

    @property
    def plain(self) -> bool:
        """Neither negated nor somebody else's words, as far as the signs beside it tell."""
        return self.negated is None and not self.quoted


def facts(message: Message, *, targets: Iterable[str] = ()) -> tuple[Fact, ...]:
    """``targets``: names of the principal and their people, found as whole words."""
    return tuple(
        one
        for field, text in message.texts()
        for one in facts_in(text, field=field, targets=targets)
    )


def facts_in(text: str, *, field: str = "text", targets: Iterable[str] = ()) -> list[Fact]:
    text = text[:LONGEST]
    words = words_in(text)
    if not words:
        return []
    quotes = _quotes(text)
    found: list[Fact] = []
    for matcher in of_text(words):
        for line, first, last in matcher.found(words)[:MOST_HITS]:
            found.append(_fact(text, field, words, quotes, matcher, line, first, last))
    found += [
        Fact(sort, field, start, end, text[start:end], quoted=_quoted(quotes, start, end))
        for sort, start, end in moments(text)
    ]
    found += _named(text, field, words, quotes, targets)
    found = _once(found)[:MOST]
    return sorted(found + _specific(text, field, words, found), key=lambda one: one.start)


def _fact(
    text: str,
    field: str,
    words: list[Word],
    quotes: list[tuple[int, int, Quoted]],
    matcher: Matcher,
    line: Line,
    first: int,
    last: int,
) -> Fact:
    start, end = words[first].start, words[last].end
    condition = _in_sentence(words, first, last, matcher.conditions)
    form: Form = line.form
    if form in ("direct", "veiled") and condition is not None:
        form = "conditional"
    quoted = _quoted(quotes, start, end) or _reported(words, first, matcher)
    return Fact(
        kind=line.kind,
        field=field,
        start=start,
        end=end,
        words=text[start:end],
        form=form,
        language=matcher.language,
        negated=_negated(text, words, first, last, matcher, line.said),
        condition=condition,
        quoted=quoted,
        line=line.said,
    )


def _negated(
    text: str, words: list[Word], first: int, last: int, matcher: Matcher, said: str
) -> Span | None:
    """A negation just before the phrase, or in a gap of it; not one that the phrase itself has.

    What stands before a comma, or before an "I" that begins the phrase, belongs to something else.
    """
    own = set(said.replace("/", " ").split())
    sentence, start = words[first].sentence, words[first].start
    before = 0 if words[first].word in matcher.own else BEFORE_NOT
    for word in words[max(0, first - before) : last + 1]:
        if word.sentence != sentence or word.word not in matcher.negations or word.word in own:
            continue
        if not CLAUSE.search(text[word.end : max(start, word.end)]):
            return word.start, word.end
    return None


def _in_sentence(words: list[Word], first: int, last: int, signs: frozenset[str]) -> Span | None:
    sentence = words[first].sentence
    low, high = first, last
    while low > 0 and words[low - 1].sentence == sentence:
        low -= 1
    while high + 1 < len(words) and words[high + 1].sentence == sentence:
        high += 1
    for word in words[low : high + 1]:
        if word.word in signs:
            return word.start, word.end
    return None


def _reported(words: list[Word], first: int, matcher: Matcher) -> Quoted:
    """``he said he would``: a word of saying before it that is not the writer's own."""
    sentence = words[first].sentence
    for at in range(first - 1, max(-1, first - 1 - BEFORE_SAID), -1):
        if words[at].sentence != sentence:
            return ""
        if words[at].word in matcher.reporting:
            return "" if at and words[at - 1].word in matcher.own else "reported"
    return ""


def _quotes(text: str) -> list[tuple[int, int, Quoted]]:
    found: list[tuple[int, int, Quoted]] = []
    reply = REPLY.search(text)
    if reply:
        found.append((reply.start(), len(text), "reply"))
    found.extend((one.start(), one.end(), "reply") for one in QUOTED_LINE.finditer(text))
    found.extend((one.start(), one.end(), "marks") for one in MARKED.finditer(text))
    return found[:MOST_QUOTES]


def _quoted(quotes: list[tuple[int, int, Quoted]], start: int, end: int) -> Quoted:
    for begin, finish, kind in quotes:
        if begin <= start and end <= finish:
            return kind
    return ""


def _named(
    text: str,
    field: str,
    words: list[Word],
    quotes: list[tuple[int, int, Quoted]],
    targets: Iterable[str],
) -> list[Fact]:
    found = []
    for name in targets:
        wanted = [one.word for one in words_in(name)]
        if not wanted:
            continue
        for at in range(len(words) - len(wanted) + 1):
            if words[at].word != wanted[0]:
                continue
            if [one.word for one in words[at : at + len(wanted)]] == wanted:
                start, end = words[at].start, words[at + len(wanted) - 1].end
                quoted = _quoted(quotes, start, end)
                found.append(
                    Fact("target", field, start, end, text[start:end], quoted=quoted, line=name)
                )
    return found


def _once(found: list[Fact]) -> list[Fact]:
    """Of one kind and overlapping, as two languages or a form and a list may find, the longer."""
    kept: dict[FactKind, list[Fact]] = {}
    for one in sorted(found, key=lambda fact: (fact.start, -fact.end)):
        mine = kept.setdefault(one.kind, [])
        if not mine or one.start >= mine[-1].end:
            mine.append(one)
    return sorted((one for mine in kept.values() for one in mine), key=lambda fact: fact.start)


def _specific(text: str, field: str, words: list[Word], found: list[Fact]) -> list[Fact]:
    """A threat, an approach or a journey with a time, place, means or person in the same breath."""
    if not any(one.kind in (*OPENERS, *TRAVEL_WITH) for one in found):
        return []
    starts = [word.start for word in words]
    by_sentence: dict[int, list[Fact]] = {}
    opened: set[int] = set()
    for one in found:
        where = _sentence(starts, words, one.start)
        if one.kind in SPECIFIC:
            by_sentence.setdefault(where, []).append(one)
        elif one.kind in (*OPENERS, *TRAVEL_WITH):
            opened.add(where)
    told = []
    for one in found:
        if one.kind not in (*OPENERS, *TRAVEL_WITH):
            continue
        here = _sentence(starts, words, one.start)
        near = (here,) if here + 1 in opened else (here, here + 1)
        beside = [fact for sentence in near for fact in by_sentence.get(sentence, ())]
        if not beside:
            continue
        spans = tuple((fact.start, fact.end) for fact in beside)
        low = min(one.start, *(begin for begin, _ in spans))
        high = max(one.end, *(end for _, end in spans))
        names = tuple(dict.fromkeys(fact.kind for fact in beside))
        told.append(
            Fact(
                "specific", field, low, high, text[low:high], form=one.form,
                language=one.language, negated=one.negated, condition=one.condition,
                quoted=one.quoted, line=one.kind, parts=((one.start, one.end), *spans), names=names,
            )
        )  # fmt: skip
    return told


def _sentence(starts: list[int], words: list[Word], start: int) -> int:
    return words[max(0, bisect_right(starts, start) - 1)].sentence
