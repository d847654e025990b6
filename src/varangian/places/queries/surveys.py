"""Reads of surveys: how every fact of a place stands now, or at another time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import Actor

from ..library import FactRule, PhotoRule, Section, SurveyForm, form_for
from ..models import Place, SurveyAnswer, SurveyFact, SurveyPhoto, SurveyVersion
from ..standing import Claim, Standing, at_time, open_claims
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


def form_of(place: Place) -> SurveyForm:
    found = form_for(place.kind)
    if found is None:
        raise Refused(
            f"There is no survey form for a {place.get_kind_display().lower()}",  # pyright: ignore
            where=place.slug,
            mend="Give the place its kind first: hotel, venue, residence, hospital and so on.",
        )
    return found


def survey(actor: Actor, place: Place, at: datetime | None = None) -> SurveyView:
    return surveys(actor, [place], at)[place.pk]


def surveys(
    actor: Actor, places: Iterable[Place], at: datetime | None = None
) -> dict[UUID, SurveyView]:
    """The surveys of several places in three reads; places without a form are left out."""
    at = at or now()
    wanted = {place.pk: place for place in places if form_for(place.kind)}
    facts = SurveyFact.objects.visible_to(actor).filter(place_id__in=wanted)
    answers = _answers(actor, list(wanted))
    photos = _photos(actor, list(wanted))
    by_key = {(fact.place_id, fact.form, fact.item): fact for fact in facts}
    found = {}
    for pk, place in wanted.items():
        form = form_of(place)
        sections = []
        for section in form.sections:
            rows = [
                _fact(rule, by_key.get((pk, form.id, rule.id)), answers, at)
                for rule in section.facts
            ]
            shots = [PhotoView(p, photos.get((pk, form.id, p.id)), at) for p in section.photos]
            sections.append(SectionView(section, rows, shots))
        found[pk] = SurveyView(place, form, at, sections)
    return found


def _fact(
    rule: FactRule, fact: Any, answers: dict[UUID, list[SurveyAnswer]], at: datetime
) -> FactView:
    if fact is None:
        return FactView(rule, Standing("never"))
    rows = answers.get(fact.pk, [])
    state = at_time(open_claims(rows, rule.days), rule.days, at)
    return FactView(rule, state, fact.pk, rows[::-1])


def _answers(actor: Actor, places: list[UUID]) -> dict[UUID, list[SurveyAnswer]]:
    found: dict[UUID, list[SurveyAnswer]] = defaultdict(list)
    rows = SurveyAnswer.objects.visible_to(actor).filter(fact__place_id__in=places)
    for row in rows.select_related("by").order_by("fact_id", "number"):
        found[row.fact_id].append(row)
    return found


def _photos(actor: Actor, places: list[UUID]) -> dict[tuple[UUID, str, str], SurveyPhoto]:
    """The newest of each slot."""
    rows = SurveyPhoto.objects.visible_to(actor).filter(place_id__in=places)
    found: dict[tuple[UUID, str, str], SurveyPhoto] = {}
    for row in rows.select_related("by").order_by("taken_at", "made_at"):
        found[row.place_id, row.form, row.item] = row
    return found


def photos(actor: Actor, place: Place) -> QuerySet[SurveyPhoto]:
    """All that were ever taken, the newest first."""
    return SurveyPhoto.objects.visible_to(actor).filter(place=place).select_related("by")


def photo(actor: Actor, place: Place, pk: UUID) -> SurveyPhoto:
    found = photos(actor, place).filter(pk=pk).select_related("preview", "original").first()
    if found is None:
        raise NotFound("There is no such picture, or it is not yours to see", where=str(pk))
    return found


def versions(actor: Actor, place: Place) -> QuerySet[SurveyVersion]:
    """Of the form that the place has now, the latest first."""
    found = SurveyVersion.objects.visible_to(actor).filter(place=place, form=form_of(place).id)
    return found.order_by("-number")


def version(actor: Actor, place: Place, number: int) -> SurveyVersion:
    found = versions(actor, place).filter(number=number).first()
    if found is None:
        raise NotFound("There is no such version of this survey", where=str(number))
    return found


def latest(actor: Actor, place: Place) -> int:
    """Number of the latest version."""
    found = versions(actor, place).first()
    if found is None:
        raise NotFound("No version of this survey is signed yet", mend="Sign one first.")
    return found.number


def since(actor: Actor, place: Place, signed: SurveyVersion) -> int:
    """Answers written after a version was signed."""
    rows = SurveyAnswer.objects.visible_to(actor).filter(fact__place=place, fact__form=signed.form)
    return rows.filter(made_at__gt=signed.signed_at).count()


def routes_between(actor: Actor, origin: Place, destination: Place) -> QuerySet[Place]:
    """Surveyed ways from one place to another."""
    found = Place.objects.visible_to(actor).filter(kind=Place.Kind.ROUTE)
    return found.filter(begins_at=origin, ends_at=destination)


def runs_out(fact: FactView, until: datetime) -> bool:
    """Will somebody have to look again before this time?"""
    expires = fact.standing.expires_at
    return not fact.standing.good or (expires is not None and expires <= until)
