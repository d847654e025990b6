"""What an order is composed from, with the rights of the person who drafts it."""

from typing import Any
from uuid import UUID

from varangian.operations import queries as operations
from varangian.places import queries as places
from varangian.places.queries import surveys
from varangian.platform.access.scope import Actor, may
from varangian.platform.audit.services import note
from varangian.principals import queries as principals
from varangian.threats import queries as threats

from ..compose.material import HELP, Material
from ..models import Measure
from . import cards, comms


def material(actor: Actor, operation: Any, *, secrets: bool = True) -> Material:
    """Reads all of it once; reading the medical card or the duress word is noted in the audit.

    Without ``secrets`` neither of them is read: a change of plan does not touch them.
    """
    movements = tuple(operations.movements(actor, operation).exclude(state="cancelled"))
    principal = operation.principal
    medical, duress = _secrets(actor, principal) if secrets else ({}, "")
    if medical or duress:
        note(kind="read", record=principal, purpose="composed into an order", actor=actor)
    stops = places_of(actor, operation, movements)
    return Material(
        operation=operation,
        movements=movements,
        posts=tuple(operations.posts(actor, operation).prefetch_related("covers")),
        places=stops,
        surveys=surveys_of(actor, stops, movements),
        measures=_measures(actor, operation),
        sources=tuple(threats.sources(actor, operation)),
        risks=tuple(threats.risks(actor, operation).exclude(state="closed")),
        assessment=threats.assessments(actor, operation).first(),
        contacts=tuple(principals.contacts(actor, principal)),
        windows=tuple(principals.windows(actor, principal)),
        medical=medical,
        duress=duress,
        cards=tuple(cards.of_order(actor, operation)),
        comms=comms.current(actor, operation),
    )


def _secrets(actor: Actor, principal: Any) -> tuple[dict[str, str], str]:
    medical = principal.medical if may(actor, "principal.medical", principal.compartment_id) else {}
    duress = principal.duress_word if _may_know_words(actor, principal) else ""
    return medical, duress


def material_places(actor: Actor, operation: Any) -> Material:
    """Only the programme and its places: enough to say where an operation happens."""
    movements = tuple(operations.movements(actor, operation).exclude(state="cancelled"))
    found = places_of(actor, operation, movements)
    return Material(operation=operation, movements=movements, places=found)


def covers(posts: Any) -> dict[UUID, frozenset[UUID]]:
    """The movements that each post names."""
    return {post.pk: frozenset(c.movement_id for c in post.covers.all()) for post in posts}


def _may_know_words(actor: Actor, principal: Any) -> bool:
    return may(actor, "principal.unmask", principal.compartment_id)


def _measures(actor: Actor, operation: Any) -> tuple[Any, ...]:
    found = Measure.objects.visible_to(actor).filter(operation=operation)
    return tuple(found.filter(state__in=("agreed", "in_place")).order_by("serial"))


def places_near(actor: Actor, operation: Any) -> list[Any]:
    """Those of the operation and of its engagement."""
    near = (operation.compartment_id, operation.engagement.compartment_id)
    return list(places.places(actor).filter(compartment_id__in=near))


def places_of(actor: Actor, operation: Any, movements: tuple[Any, ...]) -> tuple[Any, ...]:
    """Those that the movements name, in their order, then the places of help."""
    known = {p.pk: p for p in places_near(actor, operation)}
    named = [pk for move in movements for pk in (move.origin_id, move.destination_id)]
    first = [known[pk] for pk in dict.fromkeys(named) if pk in known]
    rest = [p for p in known.values() if p.kind in HELP and p not in first]
    return (*first, *rest)


def surveys_of(actor: Actor, stops: tuple[Any, ...], movements: tuple[Any, ...]) -> tuple[Any, ...]:
    """In the order of the programme; each surveyed way after the places."""
    roads = [
        (m.origin_id, m.destination_id)
        for m in movements
        if m.kind == "road" and m.origin_id and m.destination_id
    ]
    known = surveys.ways(actor, roads)
    ways = {way.pk: way for pair in roads for way in known.get(pair, [])}
    return tuple(surveys.surveys(actor, (*stops, *ways.values())).values())
