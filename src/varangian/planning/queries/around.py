"""What stands around a change: cards, surveys, readiness, hazards and who has read what."""

from typing import Any
from uuid import UUID

from varangian.engines.corridor import match
from varangian.intelligence import queries as signals
from varangian.intelligence import rules as hazards
from varangian.kernel.clock import now
from varangian.places.queries import surveys
from varangian.platform.access.scope import Actor, may

from ..change import Leg, Plan, Scene
from ..change.touch import CardFact, Contact
from ..compose import Line
from ..compose.actions import settings_of
from ..compose.material import Material
from ..library import actions_on, readiness_policy
from ..models import Order
from ..readiness import light
from ..tailoring import Known, fall_back
from . import advance, cards, orders
from .evidence import Records, evidence_of
from .material import covers
from .readiness import latest_words


def scene_of(
    actor: Actor, known: Material, fresh: Material, plan: Plan, lines: list[Line], pending: int
) -> Scene:
    """``known`` is what the order is composed from now, ``fresh`` after the change."""
    operation = known.operation
    views, wants = _wants(actor, operation, plan)
    return Scene(
        plan=plan,
        level=operation.threat_level,
        posts=known.posts,
        covers=covering(known.posts, plan),
        lines=lines,
        pending=pending,
        put_away=_put_away(actor, operation),
        cards=_cards(actor, operation, known, fresh),
        arising=_arising(known, fresh),
        wants=wants,
        place_names={view.place.pk: view.place.name for view in views},
        items={fact.rule.id: fact.rule.title for view in views for fact in view.facts},
        lights=_lights(actor, operation, plan),
        contacts=_contacts(actor, plan),
        unread=_unread(actor, operation),
    )


def covering(posts: Any, plan: Plan) -> dict[UUID, frozenset[UUID]]:
    """Whoever covers the leg covers what a stop adds to it."""
    added = frozenset(new.pk for old, new in plan.changed if old is None)
    found = covers(posts)
    return {pk: own | added if plan.target.pk in own else own for pk, own in found.items()}


def _cards(actor: Actor, operation: Any, before: Material, after: Material) -> list[CardFact]:
    """Cards in force; where the place of the programme decides, the one that would be fitted."""
    found = []
    for own in cards.shown_of(actor, operation, in_force=True):
        place = own.version.place
        words = own.version.content["fall_back"]
        old, new = (fall_back(words, Known(places=m.places)) for m in (before, after))
        moved = new is not None and old is not None and old.pk != new.pk and place == old
        fitted = new.name if moved and new is not None else ""
        found.append(
            CardFact(
                own.card.pk,
                own.card.title,
                place.pk if place else None,
                place.name if place is not None else "",
                fitted,
            )
        )
    return found


def _arising(before: Material, after: Material) -> list[str]:
    """Standard cards that only the new programme asks for, and that are not in force."""
    held = {own.card.library_id for own in after.cards if own.card.in_force}
    known = {card.id for card in actions_on().arising_in(settings_of(before))}
    return [
        card.title
        for card in actions_on().arising_in(settings_of(after))
        if card.id not in known and card.id not in held
    ]


def _wants(actor: Actor, operation: Any, plan: Plan) -> tuple[list[Any], tuple[Any, Any]]:
    """What must be looked at before and after, by place and item."""
    if not may(actor, "advance.view", operation.compartment_id):
        return [], ({}, {})
    at = now()
    times = [advance.times_of(actor, operation, legs, at) for legs in (plan.before, plan.live)]
    all_ = {place.pk: place for found in times for place in found}
    views = surveys.surveys(actor, all_.values(), at)
    sides = [
        {
            (place.pk, want.item): want
            for place, legs in found.items()
            if place.pk in views
            for want in advance.wants(views[place.pk], legs, at)
        }
        for found in times
    ]
    return list(views.values()), (sides[0], sides[1])


def _lights(actor: Actor, operation: Any, plan: Plan) -> tuple[Any, Any]:
    """Readiness computed from the programme as it is and as it will be."""
    level = operation.threat_level or "substantial"
    words = latest_words(actor, operation)
    required = readiness_policy().required(operation.kind, level)
    return _side(actor, operation, plan.before, required, words, level), _side(
        actor, operation, plan.live, required, words, level
    )


def _side(
    actor: Actor, operation: Any, legs: tuple[Leg, ...], required: Any, words: Any, level: str
) -> dict[str, Any]:
    records = Records(actor, operation)
    records.movements = [leg for leg in legs if leg.state != "cancelled"]  # pyright: ignore
    return {
        rule.id: light(rule, evidence_of(rule.id, records), words.get(rule.id), level, now())
        for rule in required
        if rule.id in OF_THE_PROGRAMME
    }


OF_THE_PROGRAMME = ("movements_located", "trauma_centre", "primary_route", "alternate_route")
"""Artefacts of the readiness policy whose evidence is the programme itself."""


def _contacts(actor: Actor, plan: Plan) -> tuple[list[Contact], list[Contact]]:
    """Running hazards against the legs that change, before and after."""
    running = {str(row.pk): row for row in signals.running(actor)}
    before = [old for old, _ in plan.changed if old is not None]
    after = [new for _, new in plan.changed if new.state != "cancelled"]
    return met(before, running), met(after, running)


def met(legs: list[Any], running: dict[str, Any]) -> list[Contact]:
    """Where running signals, by their id as text, meet these legs."""
    given = [hazards.hazard_of(row) for row in running.values()]
    known = [hazard for hazard in given if hazard is not None]
    by_id = {str(leg.pk): leg for leg in legs}
    found = []
    for local in (True, False):
        group = [hazard for hazard in known if hazards.is_local(hazard) == local]
        if group and legs:
            found += match(hazards.legs_of(legs, local=local), group)
    return [_contact(row, by_id[row.leg_id], running[row.hazard_id]) for row in found]


def _contact(row: Any, leg: Leg, signal: Any) -> Contact:
    minutes = hazards.minutes_words(row, leg.zone)
    words = f"leg {leg.serial}, {minutes[0].lower()}{minutes[1:]}"
    return Contact(leg.pk, signal.pk, signal.title, words)


def _put_away(actor: Actor, operation: Any) -> str:
    draft = orders.being_drafted(actor, operation, Order.Kind.FRAGMENTARY)
    if draft is None or draft.state != Order.State.DRAFT:
        return ""
    return f"{draft.serial}, drafted by {draft.drafted_by or 'the house'}"


def _unread(actor: Actor, operation: Any) -> dict[UUID, str]:
    base = orders.issued(actor, operation)
    if base is None:
        return {}
    found: dict[UUID, list[str]] = {}
    for part in (base, *orders.amendments(actor, base)):
        for ack in orders.due(orders.acknowledgements(actor, part)):
            found.setdefault(ack.post_id, []).append(part.serial)  # pyright: ignore
    return {post: ", ".join(serials) for post, serials in found.items()}
