"""What a phone takes along for eight hours: only what this person may see, of one operation."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.urls import reverse

from varangian.alerts import queries as alert_queries
from varangian.kernel.clock import now
from varangian.kernel.geometry import haversine_km
from varangian.kernel.results import Denied
from varangian.operations import queries as operations
from varangian.operations.models import Duty, Movement, Operation
from varangian.places import queries as places
from varangian.places.shapes import shape as place_shape
from varangian.planning.queries import cards, comms, orders, reading
from varangian.platform.access.queries import members
from varangian.platform.access.scope import Actor, may

from ..services.field import WHAT
from .on_duty import HANDOVER, duty_shape, startable

SHELTERS = {"hospital", "trauma_centre", "safe_haven"}
AHEAD = timedelta(hours=48)
MOST_LEGS, MOST_SHELTERS = 12, 24
Part = Callable[[Actor, Operation], Any]
_parts: dict[str, Part] = {}


def part(name: str) -> Callable[[Part], Part]:
    """Something that the screen Now shows, brought by another part: ``@part("check")``."""

    def keep(of: Part) -> Part:
        _parts[name] = of
        return of

    return keep


def snapshot(actor: Actor, duty: Duty | None) -> dict[str, Any]:
    """Off duty a phone takes nothing along but where duty could be taken up."""
    found: dict[str, Any] = {
        "made_at": now(),
        "me": {"id": str(actor.pk), "name": actor.name, "call_sign": actor.call_sign},
        "duty": duty_shape(duty) if duty else None,
        "statuses": [{"id": key, "words": words} for key, words in Duty.Status.choices],
        "what": [{"id": key, "words": words} for key, words in WHAT.items()],
        "start": startable(actor) if duty is None else [],
    }
    return found | _of_operation(actor, duty) if duty else found


def _of_operation(actor: Actor, duty: Duty) -> dict[str, Any]:
    operation = operations.operation_by_id(actor, duty.operation_id)
    legs = _legs(actor, operation, duty)
    return {
        "operation": {
            "slug": operation.slug,
            "title": operation.title,
            "zone": operation.time_zone,
            "state": operation.get_state_display(),
        },
        "legs": [_leg(leg) for leg in legs],
        "team": _team(actor, operation),
        "relief": _relief(actor, operation),
        "handover": list(HANDOVER),
        "order": _order(actor, operation),
        "cards": _cards(actor, operation),
        "comms": _comms(actor, operation),
        "shelters": _shelters(actor, operation, legs),
        "medical": _medical(actor, operation),
        "alerts": _alerts(actor, operation),
        **{name: of(actor, operation) for name, of in _parts.items()},
    }


def _legs(actor: Actor, operation: Operation, duty: Duty) -> list[Movement]:
    """Under way and coming, those of one's own post if it covers only some."""
    at = now()
    found = operations.movements(actor, operation).filter(starts__lt=at + AHEAD)
    rows = [m for m in found if m.state not in ("cancelled", "complete")]
    rows = [m for m in rows if m.starts and ((m.ends or m.starts) > at or m.state == "under_way")]
    named = set(duty.post.covers.values_list("movement_id", flat=True)) if duty.post else set()
    own = [m for m in rows if not named or m.pk in named]
    return sorted(own, key=lambda m: m.starts)[:MOST_LEGS]


def _leg(leg: Movement) -> dict[str, Any]:
    extra = {name: leg.details.get(name) for name in ("vehicle", "vehicles", "route", "seat")}
    return {
        "id": str(leg.pk),
        "title": leg.title,
        "kind": leg.kind,
        "state": leg.get_state_display(),
        "starts": leg.starts,
        "ends": leg.ends,
        "zone": leg.zone,
        "from": place_shape(leg.origin) if leg.origin else None,
        "to": place_shape(leg.destination) if leg.destination else None,
        "with": [str(value) for value in extra.values() if value],
    }


def _team(actor: Actor, operation: Operation) -> list[dict[str, Any]]:
    return [duty_shape(row) for row in operations.on_duty(actor, operation)]


def _relief(actor: Actor, operation: Operation) -> list[dict[str, Any]]:
    rows = members(actor, operation.compartment_id).exclude(user_id=actor.pk)
    live = rows.exclude(role="client").filter(user__is_active=True).order_by("user__name")
    return [{"email": row.user.email, "name": str(row.user)} for row in live]


def _order(actor: Actor, operation: Operation) -> dict[str, Any] | None:
    """The order in force in one's own edition; None for who has no edition to read."""
    order = orders.issued(actor, operation)
    if order is None:
        return None
    try:
        lines = reading.lines_for(actor, order)
    except Denied:
        return None
    waiting = orders.first_what_changed(orders.waiting_for(actor, operation))
    return {
        "id": str(order.pk),
        "serial": order.serial,
        "issued_at": order.issued_at,
        "url": reverse("planning:order", args=[operation.slug]),
        "sections": [_section(section) for section in reading.sections(lines)],
        "waiting": [_waiting(row) for row in waiting],
    }


def _section(section: reading.Section) -> dict[str, Any]:
    return {
        "title": f"{section.number}. {section.paragraph.title}",
        "headings": [
            {
                "title": heading.title,
                "lines": [
                    {"text": row.line.text, "stale": bool(row.stale), "gap": bool(row.line.gap)}
                    for row in rows
                ],
            }
            for heading, rows in section.headings
        ],
    }


def _waiting(row: Any) -> dict[str, Any]:
    order = row.order
    words = f"{order.get_kind_display()} {order.serial}"
    return {"id": str(order.pk), "post": str(row.post_id), "words": words, "by": row.post.title}


def _cards(actor: Actor, operation: Operation) -> list[dict[str, Any]]:
    if not may(actor, "card.view", operation.compartment_id):
        return []
    return [
        {
            "title": row.card.title,
            "word": row.word,
            "trigger": row.version.content.get("trigger", ""),
            "steps": row.steps,
            "do_not": row.version.content.get("do_not", ""),
            "calls": row.calls,
            "fall_back": row.version.content.get("fall_back", ""),
            "stale": bool(row.stale),
        }
        for row in cards.shown_of(actor, operation, in_force=True)
    ]


def _comms(actor: Actor, operation: Operation) -> list[dict[str, Any]]:
    if not may(actor, "comms.view", operation.compartment_id):
        return []
    rows = [row for row in comms.bearers(actor, operation) if row.means]
    return [{"rank": row.title, "means": row.means, "state": row.state} for row in rows]


def _shelters(actor: Actor, operation: Operation, legs: list[Movement]) -> list[dict[str, Any]]:
    """Havens and hospitals, nearest first to where the detail is or goes next."""
    if not may(actor, "place.view", operation.compartment_id):
        return []
    near = (operation.compartment_id, operation.engagement.compartment_id)
    rows = places.places(actor).filter(kind__in=SHELTERS, compartment_id__in=near)
    ends = [place for leg in legs[:1] for place in (leg.origin, leg.destination) if place]
    here = next((place.position for place in ends if place.located), None)
    found = [{**place_shape(row), "words": row.get_kind_display()} for row in rows]
    for row in found:
        row["km"] = _km(here, row["position"])
    return sorted(found, key=lambda row: (row["km"] is None, row["km"]))[:MOST_SHELTERS]


def _km(here: Any, there: Any) -> float | None:
    return round(haversine_km(tuple(here), tuple(there)), 1) if here and there else None


def _medical(actor: Actor, operation: Operation) -> dict[str, Any] | None:
    """Whether there is one; what stands on it comes only after a fresh proof."""
    who = operation.principal
    if not may(actor, "principal.medical", who.compartment_id):
        return None
    return {"principal": who.slug, "code_name": who.code_name, "checked": who.medical_checked_at}


def _alerts(actor: Actor, operation: Operation) -> list[dict[str, Any]]:
    if not may(actor, "alert.view", operation.compartment_id):
        return []
    rows = [row for row in alert_queries.queue(actor) if row.operation_id == operation.pk]
    return [
        {
            "id": str(row.pk),
            "title": row.title,
            "action": row.action,
            "urgency": row.urgency,
            "state": row.get_state_display(),
            "acknowledged": row.acknowledged_at is not None,
        }
        for row in rows[:10]
    ]
