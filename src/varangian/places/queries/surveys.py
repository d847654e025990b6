"""Reads of surveys: how every fact of a place stands now, or at another time."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet

from varangian.kernel.clock import now
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.scope import Actor

from ..library import FactRule, SurveyForm, form_for
from ..models import Place, SurveyAnswer, SurveyFact, SurveyPhoto, SurveyVersion
from ..standing import Standing, at_time, open_claims
from .survey_views import FactView, PhotoView, SectionView, SurveyView


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


def signed(actor: Actor, places: Iterable[Place]) -> set[UUID]:
    """Which of these places have a signed version of the form that they have now."""
    wanted = {place.pk: form.id for place in places if (form := form_for(place.kind))}
    rows = SurveyVersion.objects.visible_to(actor).filter(place_id__in=wanted)
    pairs = rows.values_list("place_id", "form").distinct().order_by()
    return {pk for pk, form in pairs if wanted[pk] == form}


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


def ways(actor: Actor, pairs: Iterable[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], list[Place]]:
    """The surveyed ways of many pairs of places at once, in one read; pairs without one are out."""
    wanted = set(pairs)
    found = Place.objects.visible_to(actor).filter(kind=Place.Kind.ROUTE)
    rows = found.filter(begins_at__in={a for a, _ in wanted}, ends_at__in={b for _, b in wanted})
    by_pair: dict[tuple[UUID, UUID], list[Place]] = {}
    for row in rows if wanted else ():
        pair = (row.begins_at_id, row.ends_at_id)  # pyright: ignore
        if pair in wanted:
            by_pair.setdefault(pair, []).append(row)
    return by_pair


def last_verified(actor: Actor, places: Iterable[Place]) -> dict[UUID, datetime]:
    """When somebody last verified something that still holds there; others are left out."""
    rows = SurveyFact.objects.visible_to(actor).filter(
        place__in=list(places), verified_at__isnull=False, disputed=False
    )
    good = rows.exclude(expires_at__lte=now()).values("place").annotate(seen=Max("verified_at"))
    return {row["place"]: row["seen"] for row in good.order_by()}
