"""Chance chooses, the choice is sealed, released just in time, and opened once it was driven."""

from datetime import timedelta
from random import SystemRandom
from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.platform.access.scope import Actor
from varangian.platform.audit.services import note

from ..models import Allotment, RouteDraw, RoutePlan, Vehicle
from ..queries import allotments, fleet
from ..queries import routes as queries
from ..route_working import mix_of, part
from .allotments import assign_vehicle, write_cues
from .route_surveys import checked_minutes, write_driven
from .routes import locked, route_row, tell, title

EARLY = timedelta(hours=2)
"""Released sooner than this before the window opens only for a reason: what is known leaks."""


@transaction.atomic
def draw_route(*, actor: Actor, plan: RoutePlan) -> RouteDraw:
    plan = locked(actor, plan, "route.draw", RoutePlan.State.APPROVED)
    if RouteDraw.objects.visible_to(actor).filter(plan=plan).exists():
        raise Conflict(
            "This plan was drawn already: who may draw again draws until it suits",
            f"version {plan.version}", "Plan anew for a new draw.",
        )  # fmt: skip
    mix = part("mix")
    cars = {row["vehicle"]: row["share"] for row in plan.payload.get("cars", [])}
    choice = mix.draw(mix_of(plan.payload), SystemRandom(), cars).shape()
    sealed = mix.seal(choice)
    draw = RouteDraw.objects.create(
        key_id=plan.key_id, compartment_id=plan.compartment_id, plan=plan, choice=choice,
        nonce=sealed.nonce, commitment=sealed.digest, drawn_by_id=actor.pk,
    )  # fmt: skip
    tell(plan, "drawn", f"Route drawn and sealed: {title(plan)}; seal {sealed.digest}", actor)
    return draw


@transaction.atomic
def release_route(
    *, actor: Actor, plan: RoutePlan, reason: str = "", driver: Any = None,
    vehicle: Vehicle | None = None,
) -> RouteDraw:  # fmt: skip
    """Those of the leg may read the choice from now on: its drivers and named watchers. The drawn
    vehicle is given to the leg, with its driver, and the turns go to its card; another ``vehicle``
    than the drawn one needs a reason."""
    plan = locked(actor, plan, "route.draw", RoutePlan.State.APPROVED)
    draw = queries.draw_of(actor, plan)
    if draw is None:
        raise Conflict("Nothing was drawn from this plan", f"version {plan.version}", "Draw first.")
    opens = plan.opens_at
    if opens and opens - now() > EARLY and not reason.strip():
        raise Refused(
            "The departure is more than two hours away: what is known early leaks early",
            "reason", "Release it later, or say why now.",
        )  # fmt: skip
    draw.released_at, draw.released_by_id = now(), actor.pk
    draw.save(update_fields=["released_at", "released_by"])
    plan.state = RoutePlan.State.RELEASED
    plan.save(update_fields=["state"])
    words = _hand_over(actor, plan, draw, driver, vehicle, reason)
    note(
        kind="unmask",
        record=draw,
        actor=actor,
        purpose=f"route released: {reason.strip() or 'just in time'}",
    )
    tell(plan, "released", f"Route released to those of the leg: {title(plan)}{words}", actor)
    return draw


def _hand_over(
    actor: Actor, plan: RoutePlan, draw: RouteDraw, driver: Any, vehicle: Vehicle | None,
    reason: str,
) -> str:  # fmt: skip
    """Vehicle and driver are named now and not before; words of it for the log."""
    leg, drawn = plan.movement, draw.choice.get("car", "")
    if leg is None:
        return ""
    if vehicle and drawn and str(vehicle.pk) != drawn and not reason.strip():
        raise Refused(
            f"{vehicle.name} is not the vehicle that was drawn",
            "reason",
            "Say why it goes instead.",
        )
    car = vehicle or (_drawn_car(actor, drawn) if drawn else None)
    held = list(allotments.allotments(actor, leg).filter(part=Allotment.Part.PRINCIPAL))
    if car and not any(row.vehicle_id == car.pk for row in held):  # pyright: ignore
        held.append(
            assign_vehicle(actor=actor, movement=leg, vehicle=car, driver=driver, reason=reason)
        )
    turns = card_cues(route_row(plan.payload, draw.choice["route"]))
    for row in held:
        write_cues(actor=actor, allotment=row, cues=turns)
    named = [f"{row.vehicle.name}, {row.driver or 'no driver yet'}" for row in held]
    return f"; {'; '.join(named)}" if named else ""


def _drawn_car(actor: Actor, drawn: str) -> Vehicle:
    try:
        return fleet.vehicle(actor, UUID(drawn))
    except (ValueError, NotFound):
        mend = "Name the vehicle that goes, and why."
        raise Refused("The drawn vehicle is no longer in the fleet", "vehicle", mend) from None


def card_cues(route: dict[str, Any]) -> list[dict[str, Any]]:
    """Each turn with the metres until it, as the one at the wheel counts; the start has none."""
    before: float | None = None
    found = []
    for cue in route["cues"]:
        row = {name: cue.get(name) for name in ("words", "lat", "lon", "turn", "seconds")}
        found.append(row | {"metres": before})
        before = cue["metres"]
    return found


@transaction.atomic
def report_driven(
    *, actor: Actor, plan: RoutePlan, route: str = "", words: str = "",
    minutes: float | None = None,
) -> RouteDraw:  # fmt: skip
    """After the fact. Without a route it was driven as drawn; ``other`` is a way of its own.

    Surveys of the route between the two places learn that it was driven, and in how many minutes.
    """
    plan = locked(actor, plan, "route.report", RoutePlan.State.RELEASED)
    draw = queries.draw_of(actor, plan)
    if draw is None:
        raise Denied("This draw is not yours to see", mend="Ask the detail leader to name you.")
    drawn = route_row(plan.payload, draw.choice["route"])
    taken = _taken(plan, route) if route else drawn["key"]
    fits = part("mix").opens(draw.commitment, draw.choice, draw.nonce)
    draw.driven = {
        "route": taken, "as_drawn": taken == drawn["key"], "seal_fits": fits,
        "words": words.strip()[:400], "minutes": checked_minutes(minutes),
    }  # fmt: skip
    draw.driven_at, draw.driven_by_id = now(), actor.pk
    draw.save(update_fields=["driven", "driven_at", "driven_by"])
    plan.state = RoutePlan.State.DRIVEN
    plan.save(update_fields=["state"])
    names = {row["key"]: row["name"] for row in plan.payload["routes"]}
    write_driven(actor, plan, draw, names.get(taken, "a way of its own"))
    tell(plan, "driven", _entry(plan, draw, drawn), actor)
    return draw


def _taken(plan: RoutePlan, route: str) -> str:
    return "other" if route == "other" else str(route_row(plan.payload, route)["key"])


def _entry(plan: RoutePlan, draw: RouteDraw, drawn: dict[str, Any]) -> str:
    """The seal is opened in the log: who noted the digest sees that nothing was swapped."""
    if draw.driven["as_drawn"]:
        way = f"{drawn['name']} as drawn"
    else:
        names = {row["key"]: row["name"] for row in plan.payload["routes"]}
        way = f"{names.get(draw.driven['route'], 'another way')}, drawn was {drawn['name']}"
    seal = "opens and fits" if draw.driven["seal_fits"] else "DOES NOT FIT the draw on record"
    return f"Driven: {title(plan)}: {way}; seal {draw.commitment[:16]} {seal}"
