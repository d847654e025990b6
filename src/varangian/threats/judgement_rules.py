"""Pure rules of judgements: what changed, how two raters compare, and what must be there to sign.

Nothing here counts, weighs or adds. Unknown is what nobody has looked up yet, never absent.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from varangian.kernel.results import Refused

STATES = ("present", "partly", "absent", "unknown")
TRENDS = ("unknown", "rising", "steady", "falling")
SHOWN = ("present", "partly")
"""States that say something was seen, and so need their evidence."""
Relation = Literal["agree", "differ", "one_knows", "unknown"]
RELATIONS: tuple[Relation, ...] = ("differ", "one_knows", "agree", "unknown")
NOTHING_CHANGED = "Looked at again: nothing is judged otherwise"
FIRST_TIME = "First judgement"


@dataclass(frozen=True)
class Answer:
    """One indicator as one rater saw it."""

    state: str = "unknown"
    evidence: str = ""
    links: tuple[Mapping[str, str], ...] = ()
    since: str = ""
    trend: str = "unknown"


UNKNOWN = Answer()


@dataclass(frozen=True)
class View:
    """What a change or a comparison looks at: the level in words, and the answers by indicator."""

    level: str
    confidence: str
    answers: Mapping[str, Answer]

    def of(self, indicator: str) -> Answer:
        return self.answers.get(indicator, UNKNOWN)


@dataclass(frozen=True)
class Compared:
    indicator: str
    relation: Relation
    first: Answer
    second: Answer


def check_answer(indicator: str, answer: Answer) -> None:
    """Refuse what cannot be kept, in words that say how to mend it."""
    if answer.state not in STATES:
        raise Refused(f"'{answer.state}' is no answer", where=indicator, mend=", ".join(STATES))
    if answer.trend not in TRENDS:
        raise Refused(f"'{answer.trend}' is no trend", where=indicator, mend=", ".join(TRENDS))
    if answer.state in SHOWN and not (answer.evidence or answer.links):
        raise Refused(
            f"{answer.state.capitalize()} needs its evidence",
            where=indicator,
            mend="Say what was seen and from where, or leave it unknown.",
        )


def check_words(text: str, where: str) -> str:
    """A result is recorded in words; a figure alone says nothing of a person."""
    if not re.search(r"[^\W\d_]{3}", text):
        raise Refused(
            "Give the result in words",
            where=where,
            mend="Such as what the assessor concluded; no number about a person is kept.",
        )
    return text


def relation(first: Answer, second: Answer) -> Relation:
    """Unknown beside an answer is a gap in one rater's knowledge, not a disagreement."""
    known = [one for one in (first, second) if one.state != "unknown"]
    if not known:
        return "unknown"
    if len(known) == 1:
        return "one_knows"
    return "agree" if first.state == second.state else "differ"


def compare(indicators: Iterable[str], first: View, second: View) -> list[Compared]:
    """Side by side in the order of the catalogue."""
    return [
        Compared(one, relation(first.of(one), second.of(one)), first.of(one), second.of(one))
        for one in indicators
    ]


def must_settle(rows: Iterable[Compared], first: View, second: View) -> bool:
    """Two raters who see it differently leave a question that a named person answers."""
    return first.level != second.level or any(row.relation == "differ" for row in rows)


def what_changed(titles: Mapping[str, str], before: View | None, after: View) -> str:
    """One line: the level, then each indicator that is judged otherwise, by its name.

    ``titles`` are indicators in the order of the catalogue; the levels in ``View`` are words.
    """
    if before is None:
        return FIRST_TIME
    parts = []
    if before.level != after.level:
        parts.append(f"level {before.level.lower()} to {after.level.lower()}")
    elif before.confidence != after.confidence:
        parts.append(f"confidence {before.confidence} to {after.confidence}")
    groups: dict[str, list[str]] = {}
    for indicator, title in titles.items():
        words = _difference(before.of(indicator), after.of(indicator))
        if words:
            groups.setdefault(words, []).append(title.lower())
    parts += [f"{words}: {', '.join(names)}" for words, names in groups.items()]
    if not parts:
        return NOTHING_CHANGED
    line = "; ".join(parts)
    return line[0].upper() + line[1:]


def _difference(before: Answer, after: Answer) -> str:
    if before.state != after.state:
        if after.state == "unknown":
            return "no longer known"
        return f"now {after.state}" + (" (was unknown)" if before.state == "unknown" else "")
    if after.state in SHOWN and before.trend != after.trend and after.trend != "unknown":
        return after.trend
    return ""
