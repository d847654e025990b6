"""Reads of the choice of a house: the matrix as it stands, and what the surveys say beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.clock import age_words
from varangian.kernel.results import NotFound
from varangian.operations.models import Operation
from varangian.places import queries as places
from varangian.places.models import Place
from varangian.places.queries import surveys
from varangian.platform.access.scope import Actor

from ..models import StayChoice
from ..stays import sensitivity
from ..stays.filling import Surveyed, from_survey
from ..stays.library import StayLibrary, stays
from ..stays.rating import Answer, Candidate, Rated, Wish, rate, weights_of


def choices(actor: Actor, operation: Operation | None = None) -> QuerySet[StayChoice]:
    found = StayChoice.objects.visible_to(actor).select_related(
        "operation__principal", "made_by", "decided_by"
    )
    return found.filter(operation=operation) if operation is not None else found


def choice(actor: Actor, pk: UUID) -> StayChoice:
    found = choices(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such choice, or it is not yours to see", where=str(pk))
    return found


@dataclass(frozen=True)
class Matrix:
    """One choice as it stands now."""

    choice: StayChoice
    library: StayLibrary
    wishes: Sequence[Wish]
    weights: Mapping[str, float]
    rows: Sequence[Rated]
    facts: Mapping[str, Mapping[str, Surveyed]]
    """By house: what its survey says."""
    places: Mapping[str, Place]

    @cached_property
    def moved(self) -> list[sensitivity.Moved]:
        return sensitivity.moved(self.rows, self.weights)

    @cached_property
    def rests(self) -> list[sensitivity.Rests]:
        return sensitivity.rests_on(self.rows)

    @cached_property
    def level(self) -> list[tuple[str, str]]:
        return sensitivity.level(self.rows)

    def row(self, key: str) -> Rated | None:
        return next((row for row in self.rows if row.candidate.key == key), None)


def matrix(actor: Actor, choice: StayChoice) -> Matrix:
    library, content = stays(choice.kind), choice.content
    wishes = wishes_of(content)
    listed = content.get("candidates", [])
    known = _places(actor, listed)
    facts = _facts(actor, known)
    houses = [_candidate(library, row, facts.get(row["key"], {})) for row in listed]
    weights = weights_of(library, content.get("weights", {}), wishes)
    rows = rate(library, houses, weights, wishes)
    return Matrix(choice, library, wishes, weights, rows, facts, known)


def wishes_of(content: Mapping[str, Any]) -> list[Wish]:
    return [Wish(**row) for row in content.get("wishes", [])]


def _places(actor: Actor, listed: list[dict[str, Any]]) -> dict[str, Place]:
    ids = {row["place"]: row["key"] for row in listed if row.get("place")}
    found = places.places(actor).filter(pk__in=ids)
    return {ids[str(place.pk)]: place for place in found}


def _facts(actor: Actor, known: Mapping[str, Place]) -> dict[str, dict[str, Surveyed]]:
    views = surveys.surveys(actor, known.values())
    return {
        key: {fact.rule.id: _surveyed(fact) for part in view.sections for fact in part.facts}
        for key, place in known.items()
        if (view := views.get(place.pk)) is not None
    }


def _surveyed(fact: Any) -> Surveyed:
    at = fact.standing
    if not at.known:
        return Surveyed("not surveyed", None, False, False, at.words)
    said = at.claims[-1].said
    state = "disputed" if at.disputed else at.words
    age = f", seen {age_words(at.verified_at)} ago" if at.verified_at else ""
    words = f"{fact.words or 'none there'} ({state}{age})"
    return Surveyed(words, said.get("value"), bool(said.get("absent")), at.good, state)


def _candidate(
    library: StayLibrary, row: dict[str, Any], facts: Mapping[str, Surveyed]
) -> Candidate:
    """What a person typed goes before what the survey says by itself."""
    typed = {key: Answer(one["value"], "typed", _note(one)) for key, one in row["answers"].items()}
    return Candidate(row["key"], row["name"], {**from_survey(library, facts), **typed})


def _note(one: dict[str, Any]) -> str:
    signed = f"{one.get('by', '')} {str(one.get('at', ''))[:10]}".strip()
    return ", ".join(part for part in (one.get("note", ""), signed) if part)


def candidates_from(actor: Actor, choice: StayChoice) -> list[Place]:
    """Places of this kind in the operation and its engagement that are not in it yet."""
    circles = (choice.compartment_id, choice.operation.engagement.compartment_id)
    taken = {row.get("place") for row in choice.content.get("candidates", [])}
    found = places.places(actor, kind=choice.kind).filter(compartment_id__in=circles)
    return [place for place in found if str(place.pk) not in taken]
