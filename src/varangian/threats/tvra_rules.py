"""Pure: what of a register touches a subject, what changed in it since, and how versions differ."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from varangian.kernel.results import NotFound

from .library import matrix, risks
from .library.tvra import Subject

ANSWERS = ("met", "partly", "not_met", "not_applicable", "unknown")
WORDS = {
    "met": "met",
    "partly": "partly",
    "not_met": "not met",
    "not_applicable": "not applicable",
    "unknown": "unknown",
}
TONES = {"met": "green", "partly": "amber", "not_met": "red", "not_applicable": "grey"}
ICONS = {
    "met": "check",
    "partly": "alert-circle",
    "not_met": "x",
    "not_applicable": "circle-dashed",
}
LEVELS = ("state", "intent", "capability", "opportunity", "likelihood", "impact", "band")
"""What is compared between the snapshot and the register; words are not levels."""


def touches(subject: Subject, place_id: Any, movement_id: Any, risk: Any) -> bool:
    """Whether a line of the register belongs into a TVRA of this subject.

    A line that is tied to a leg touches the leg and both its ends. One that is tied to nothing
    touches where its standard risk arises; an own line might touch anywhere, so it is shown.
    """
    if risk.state == "closed":
        return False
    if subject.id in ("principal", "event") and place_id is None:
        return True
    leg = risk.movement
    if leg is not None:
        if subject.id == "trip":
            return movement_id is None or leg.pk == movement_id
        return place_id is not None and place_id in (leg.origin_id, leg.destination_id)
    return _arises(subject, risk.library_id)


def _arises(subject: Subject, library_id: str) -> bool:
    if not library_id:
        return True
    try:
        standard = risks().get(library_id)
    except NotFound:
        return True
    return bool({"any", *subject.settings}.intersection(standard.applies_to))


def direction(taken: Mapping[str, Any], likelihood: int | None, impact: int | None) -> str:
    """What the assessor made of the level in the register: raised, kept, or nothing yet."""
    if likelihood is None or impact is None:
        return ""
    same = (likelihood, impact) == (taken["likelihood"], taken["impact"])
    return "kept" if same else "raised"


def lowers(taken: Mapping[str, Any], likelihood: int, impact: int) -> bool:
    return likelihood < taken["likelihood"] or impact < taken["impact"]


def band(likelihood: int, impact: int) -> str:
    return matrix().band(likelihood, impact)


def step_words(axis: str, step: int | None) -> str:
    if step is None:
        return "not judged"
    return next(word.word for word in getattr(matrix(), axis) if word.step == step)


def counted(answers: Iterable[str]) -> dict[str, int]:
    """How many of each; what nobody has looked at is unknown, and unknown is never met."""
    found = Counter(answers)
    return {answer: found.get(answer, 0) for answer in ANSWERS}


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise in the register than in the snapshot."""

    label: str
    words: str


def level_changes(label: str, taken: Mapping[str, Any], present: Mapping[str, Any]) -> list[Change]:
    """Levels one by one, in words; a changed wording once."""
    found = [
        Change(label, f"{name} {_said(taken[name])} to {_said(present[name])}")
        for name in LEVELS
        if name in taken and taken.get(name) != present.get(name)
    ]
    reworded = any(
        taken.get(name) != present.get(name) for name in present if name not in (*LEVELS, "facts")
    )
    return [*found, *([Change(label, "worded otherwise")] if reworded else [])]


def _said(value: Any) -> str:
    return str(value).replace("_", " ") or "none"


@dataclass(frozen=True)
class Difference:
    """One row of two versions side by side."""

    part: str
    what: str
    before: str
    after: str

    @property
    def same(self) -> bool:
        return self.before == self.after


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Every row of both contents, those that are the same as well."""
    rows = [
        Difference("Facts", name, old["facts"].get(name, ""), value)
        for name, value in new["facts"].items()
    ]
    for part, key in (
        ("Threats", "threats"),
        ("Risks", "risks"),
        ("Checks", "checks"),
        ("Treatments", "treatments"),
    ):
        before = {row["key"]: row for row in old[key]}
        after = {row["key"]: row for row in new[key]}
        for name in dict.fromkeys([*before, *after]):
            title = (after.get(name) or before[name])["title"]
            rows.append(Difference(part, title, _line(before.get(name)), _line(after.get(name))))
    return rows


def _line(row: Mapping[str, Any] | None) -> str:
    return row["line"] if row else "not in it"
