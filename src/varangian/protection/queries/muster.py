"""Reads of the party and of its roll calls."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Value, When

from varangian.kernel.results import NotFound
from varangian.platform.access.scope import Actor
from varangian.travel.queries import presence

from ..models import Muster, MusterPerson

ORDER = ("help", "missing", "unknown", "safe", "away")
"""Who needs somebody first."""
FIRST = Case(
    *(When(state=state, then=Value(rank)) for rank, state in enumerate(ORDER)),
    output_field=IntegerField(),
)


def party(actor: Actor, operation: Any) -> QuerySet[Any]:
    """The one party, which travel keeps: whoever travels along besides the principal."""
    return presence.party(actor, operation)


def party_member(actor: Actor, pk: UUID) -> Any:
    return presence.party_person(actor, pk)


def musters(actor: Actor, operation: Any = None) -> QuerySet[Muster]:
    found = Muster.objects.visible_to(actor).select_related("operation", "incident")
    return found.filter(operation=operation) if operation is not None else found


def running(actor: Actor) -> QuerySet[Muster]:
    return musters(actor).filter(closed_at=None)


def muster(actor: Actor, pk: UUID) -> Muster:
    found = musters(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such roll call, or it is not yours to see", where=str(pk))
    return found


def lines(actor: Actor, muster: Muster) -> QuerySet[MusterPerson]:
    """Who needs help or is not known first."""
    found = MusterPerson.objects.visible_to(actor).filter(muster=muster)
    found = found.select_related("person", "traveller", "entered_by")
    return found.order_by(FIRST, "serial")


def line(actor: Actor, pk: UUID) -> MusterPerson:
    found = (
        MusterPerson.objects.visible_to(actor).select_related("muster", "traveller").filter(pk=pk)
    )
    row = found.first()
    if row is None:
        raise NotFound("There is no such line, or it is not yours to see", where=str(pk))
    return row


def own_lines(actor: Actor) -> QuerySet[MusterPerson]:
    """Roll calls that wait for this person or have their answer."""
    found = MusterPerson.objects.visible_to(actor, "muster.answer").filter(
        person_id=actor.pk, muster__closed_at=None
    )
    return found.select_related("muster__operation")


def counts(actor: Actor, muster: Muster) -> dict[str, int]:
    states = MusterPerson.objects.visible_to(actor).filter(muster=muster)
    found = Counter(states.values_list("state", flat=True))
    return {state: found[state] for state in ORDER} | {"all": sum(found.values())}


def open_of(found: dict[str, int]) -> int:
    """How many of the party are not accounted for."""
    return found["help"] + found["missing"] + found["unknown"]
