"""A survey as a person reads it: how each fact stands, what is missing, what must be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ..library import FactRule, PhotoRule, Section, SurveyForm
from ..models import Place, SurveyAnswer, SurveyPhoto
from ..standing import Claim, Standing, at_time
from ..values import words


@dataclass(frozen=True)
class FactView:
    """One question with its answer as it stands; ``history`` has every answer, newest first."""

    rule: FactRule
    standing: Standing
    record: UUID | None = None
    history: Sequence[SurveyAnswer] = ()

    @property
    def words(self) -> str:
        return self.read(self.standing.claims[-1]) if self.standing.known else ""

    @property
    def note(self) -> str:
        return self.standing.claims[-1].said.get("note", "") if self.standing.known else ""

    @property
    def by(self) -> Any:
        return self.standing.claims[-1].answer.by if self.standing.known else None

    @property
    def claims(self) -> list[dict[str, Any]]:
        """Each side of a dispute in words."""
        return [
            {
                "number": claim.answer.number,
                "words": self.read(claim),
                "note": claim.said.get("note", ""),
                "by": claim.answer.by,
                "at": claim.verified_at,
            }
            for claim in self.standing.claims
        ]

    def read(self, claim: Claim) -> str:
        return words(self.rule, claim.said)


@dataclass(frozen=True)
class PhotoView:
    """One picture that the form asks for; ``expires_at`` tells how long it shows the place."""

    rule: PhotoRule
    photo: SurveyPhoto | None
    at: datetime

    @property
    def standing(self) -> Standing:
        if self.photo is None:
            return Standing("never")
        claim = Claim(self.photo, self.photo.taken_at, self.photo.by_id)  # pyright: ignore
        return at_time([claim], self.rule.days, self.at)


@dataclass(frozen=True)
class Gap:
    """What keeps a survey from being signed as complete."""

    item: str
    title: str
    why: str


@dataclass(frozen=True)
class SectionView:
    section: Section
    facts: Sequence[FactView]
    photos: Sequence[PhotoView]

    @property
    def known(self) -> int:
        return sum(fact.standing.known for fact in self.facts)

    @property
    def waiting(self) -> int:
        """What a person has to look at here."""
        return sum(fact.standing.known and not fact.standing.good for fact in self.facts)


@dataclass(frozen=True)
class SurveyView:
    place: Place
    form: SurveyForm
    at: datetime
    sections: Sequence[SectionView]

    @property
    def facts(self) -> list[FactView]:
        return [fact for section in self.sections for fact in section.facts]

    @property
    def photos(self) -> list[PhotoView]:
        return [photo for section in self.sections for photo in section.photos]

    def fact(self, item: str) -> FactView:
        self.form.fact(item)
        return next(fact for fact in self.facts if fact.rule.id == item)

    @property
    def total(self) -> int:
        return len(self.facts)

    @property
    def known(self) -> int:
        return sum(fact.standing.known for fact in self.facts)

    @property
    def good(self) -> int:
        return sum(fact.standing.good for fact in self.facts)

    @property
    def to_verify(self) -> int:
        """Known once, and expired or disputed by now."""
        return sum(fact.standing.known and not fact.standing.good for fact in self.facts)

    @property
    def never(self) -> int:
        return self.total - self.known

    @property
    def disputed(self) -> list[FactView]:
        return [fact for fact in self.facts if fact.standing.disputed]

    @property
    def oldest(self) -> datetime | None:
        return min(
            (f.standing.verified_at for f in self.facts if f.standing.verified_at), default=None
        )

    @property
    def last_look(self) -> datetime | None:
        """When anybody last saw anything here with their own eyes."""
        return max(
            (f.standing.verified_at for f in self.facts if f.standing.verified_at), default=None
        )

    @property
    def progress(self) -> str:
        """``35 of 42 known, 7 to re-verify``."""
        return f"{self.known} of {self.total} known, {self.to_verify} to re-verify"

    @property
    def segments(self) -> list[dict[str, Any]]:
        """The whole as a bar: tone, words, count, and how many stand before it."""
        states = [_segment(fact) for fact in self.facts]
        found, before = [], 0
        for tone, words_ in SEGMENTS:
            count = states.count(words_)
            if count:
                found.append({"tone": tone, "words": words_, "count": count, "before": before})
            before += count
        return found

    @property
    def tone(self) -> str:
        if not self.known:
            return "grey"
        return "green" if self.good == self.total else "amber"

    def gaps(self) -> list[Gap]:
        """Required and not there, out of date, or disputed; in the order of the form."""
        found = []
        for section in self.sections:
            for fact in section.facts:
                why = _fact_gap(fact)
                found += [Gap(fact.rule.id, fact.rule.title, why)] if why else []
            for photo in section.photos:
                if photo.rule.required and photo.photo is None:
                    found.append(Gap(photo.rule.id, photo.rule.title, f"no {photo.rule.kind}"))
        return found


SEGMENTS = (
    ("green", "fresh"),
    ("amber", "due soon"),
    ("amber", "disputed"),
    ("red", "expired"),
    ("grey", "never checked"),
)


def _segment(fact: FactView) -> str:
    disputed = fact.standing.disputed and fact.standing.state != "expired"
    return "disputed" if disputed else fact.standing.words


def _fact_gap(fact: FactView) -> str:
    if fact.standing.disputed:
        return "disputed"
    if fact.standing.state == "expired":
        return "expired"
    return "never checked" if fact.rule.required and not fact.standing.known else ""
