"""A road closes on a recorded day: what is still to be driven is mixed anew, as one game."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from varangian.engines.routing.errors import Progress, silent
from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.operations.models import Movement
from varangian.platform.access.scope import Actor, require

from ..models import RouteDay, RoutePlan
from ..queries import maps
from ..queries import route_days as queries
from ..queries.route_havens import surveyed
from ..route_day_working import BeforeLeg, DayWish, LegWish, work_out_closure
from .route_days import WantedDay, cars_of, leg_wish, mapped, road_legs, stops_of, tell_day
from .routes import for_a_principal, keep_version, kept_leg

QUICK_S = 1.4
UNDER_WAY = (Movement.State.UNDER_WAY, Movement.State.DIVERTED)
GONE = (*UNDER_WAY, Movement.State.ARRIVED, Movement.State.COMPLETE)
State = RoutePlan.State


@dataclass(frozen=True)
class WantedClosure(WantedDay):
    day: RouteDay
    area: dict[str, Any]
    reason: str
    stands: dict[UUID, tuple[str, bool]]
    """State of each plan of the day, and whether it was drawn, when this was asked for."""
    fixed: list[RoutePlan]
    """Driven or on the way: these stay, whatever is closed."""
    asked: list[Movement]
    """Every leg of that day still before its start when this was asked for, planned or not."""

    def work(self, tell: Progress = silent) -> tuple[Any, dict[UUID, dict[str, Any]]]:
        found, payloads = work_out_closure(self.graph, self.wish, self.known, tell)
        for movement in self.movements:
            if movement.pk in payloads:
                kept_leg(payloads[movement.pk], movement)
        return found, payloads


def close_road(
    *, actor: Actor, day: RouteDay, area: Any, reason: str, within_s: float = QUICK_S
) -> RouteDay:
    """The rest of the day round the closed area; see ``want_closure``."""
    wanted = want_closure(actor=actor, day=day, area=area, reason=reason, within_s=within_s)
    return keep_closure(actor=actor, wanted=wanted, made=wanted.work())


def want_closure(
    *, actor: Actor, day: RouteDay, area: Any, reason: str, within_s: float = QUICK_S
) -> WantedClosure:
    """``area``: GeoJSON polygons. Refused when the day was planned anew since, or is over."""
    require(actor, "route.change", day.compartment_id)
    day = queries.day(actor, day.pk)
    operation = day.operation
    for_a_principal(operation)
    if later := queries.later(actor, day):
        raise Conflict(
            "This day was planned anew since", f"{later.made_at:%Y-%m-%d %H:%M} UTC",
            "Close the road on the newest plan of the day.",
        )  # fmt: skip
    if not isinstance(area, dict):
        raise Refused("This is no area", "area", "Give a GeoJSON polygon.")
    if not reason.strip():
        raise Refused("Say what is closed, and who says so", "reason", "Such as Water main broke.")
    midnight = datetime.combine(day.on, time(), ZoneInfo(operation.time_zone))
    rows = road_legs(actor, operation, midnight)
    plans = list(queries.standing(actor, day, rows))
    fixed = [plan for plan in plans if _gone(plan)]
    gone = {plan.movement_id for plan in fixed}  # pyright: ignore
    left = [leg for leg in rows if leg.pk not in gone]
    if not left:
        raise Refused("Every leg of this day is driven or on its way", f"{day.on}")
    doors = queries.doors_of(actor, stops_of(left))
    road_map, legs, left_out = mapped(actor, left, doors)
    known = {plan.movement_id: plan for plan in plans}  # pyright: ignore
    wish = DayWish(
        midnight, [_before(leg_wish(leg, doors), known.get(leg.pk)) for leg in legs],
        cars_of(actor, operation, midnight, legs, []), day.budget, day.window_s, day.hold_s,
        [*_areas(plans), area], within_s,
    )  # fmt: skip
    return WantedClosure(
        operation, day.on, legs, road_map, maps.network(actor, road_map), wish,
        surveyed(actor, operation), left_out, day, area, " ".join(reason.split())[:300],
        _stands(plans), fixed, rows,
    )  # fmt: skip


def _gone(plan: RoutePlan) -> bool:
    leg = plan.movement
    return plan.state == State.DRIVEN or leg is None or leg.state in GONE


def _before(wish: LegWish, plan: RoutePlan | None) -> LegWish:
    at = now()
    late = at if wish.opens < at else None
    if plan is None or plan.opens_at is None:
        return replace(wish, not_before=late)
    drawn = BeforeLeg(plan.payload, plan.opens_at, queries.drawn(plan))
    return replace(wish, not_before=late, before=drawn)


def _areas(plans: Sequence[RoutePlan]) -> list[Any]:
    """Everything that any leg of the day keeps out of already, once."""
    found: list[Any] = []
    for plan in plans:
        found += [area for area in plan.areas if area not in found]
    return found


def _stands(plans: Sequence[RoutePlan]) -> dict[UUID, tuple[str, bool]]:
    return {plan.pk: (plan.state, queries.drawn(plan)) for plan in plans}


@transaction.atomic
def keep_closure(
    *, actor: Actor, wanted: WantedClosure, made: tuple[Any, dict[UUID, Any]]
) -> RouteDay:
    """The day anew. Legs that stay move to it; new drafts overtake what they replace."""
    found, payloads = made
    plans = _unchanged(actor, wanted)
    told = _changes(wanted, found, plans)
    day = _record(actor, wanted, found, told)
    for movement, leg in zip(wanted.movements, found.legs, strict=True):
        payload, old = payloads.get(movement.pk), plans.get(movement.pk)
        if payload:
            _overtake(actor, wanted, day, movement, payload)
        elif old and leg.blocked:
            old.state, old.reason = State.WITHDRAWN, f"{wanted.reason}: {leg.blocked}"[:400]
            old.save(update_fields=["state", "reason"])
        elif old:
            _stay(old, day, found)
    for plan in wanted.fixed:
        plan.day = day
        plan.save(update_fields=["day"])
    words = f"Day {day.on} planned anew, {wanted.reason}: {len(payloads)} legs have new drafts"
    tell_day(day, "planned anew", words, actor)
    return day


def _unchanged(actor: Actor, wanted: WantedClosure) -> dict[Any, RoutePlan]:
    """The plans as they stand now; refused when somebody drew, drove or planned meanwhile."""
    held = queries.standing(actor, wanted.day, wanted.asked)
    plans = list(held.select_for_update(of=("self",)))
    if why := _moved(plans, wanted):
        raise Conflict(
            "The day changed while it was planned anew", ", ".join(why),
            "Look at it, and close the road again.",
        )  # fmt: skip
    if later := queries.later(actor, wanted.day):
        raise Conflict(
            "The day was planned anew meanwhile", f"{later.made_at:%Y-%m-%d %H:%M} UTC",
            "Close the road on the newest plan of the day.",
        )  # fmt: skip
    return {plan.movement_id: plan for plan in plans}  # pyright: ignore


def _moved(plans: Sequence[RoutePlan], wanted: WantedClosure) -> list[str]:
    """What is otherwise than when this was asked for, each in words."""
    fixed, stands = {plan.pk for plan in wanted.fixed}, _stands(plans)
    words = [
        f"{plan.payload['leg']}: {_state_words(plan)} now"
        for plan in plans
        if stands[plan.pk] != wanted.stands.get(plan.pk) or (_gone(plan) and plan.pk not in fixed)
    ]
    lost = len(wanted.stands.keys() - stands.keys())
    return [*words, f"{lost} withdrawn"] if lost else words


def _state_words(plan: RoutePlan) -> str:
    if plan.movement is not None and plan.movement.state in UNDER_WAY:
        return "under way"
    drawn = plan.state == State.APPROVED and queries.drawn(plan)
    return "drawn" if drawn else plan.get_state_display().lower()


def _record(
    actor: Actor, wanted: WantedClosure, found: Any, told: list[dict[str, str]]
) -> RouteDay:
    wish = wanted.wish
    return RouteDay.objects.create(
        key_id=wanted.day.key_id, compartment_id=wanted.day.compartment_id,
        operation=wanted.operation, on=wanted.on, budget=wish.budget, window_s=wish.window_s,
        hold_s=wish.hold_s, bound=found.bound, bound_all_day=found.bound_all_day,
        bound_one_car=found.bound_one_car, bound_unstaffed=found.bound_unstaffed,
        time_ratio=found.time_ratio, took_s=found.seconds, made_by_id=actor.pk,
        payload={"words": found.words(), "notes": [*found.notes, *wanted.left_out],
                 "cars": [car.name for car in wish.cars],
                 "extra_s": sum(leg.mean_s - leg.fastest_s for leg in found.legs if leg.routes),
                 "closed": {"reason": wanted.reason, "area": wanted.area},
                 "overtakes": str(wanted.day.pk), "changes": told},
    )  # fmt: skip


def _overtake(
    actor: Actor, wanted: WantedClosure, day: RouteDay, movement: Movement, payload: dict[str, Any]
) -> None:
    keep_version(
        actor, movement, wanted.road_map, payload, day=day, areas=wanted.wish.areas,
        reason=f"{wanted.reason}: the day was planned anew", budget=day.budget,
        window_s=payload["window_s"], bound=day.bound, time_ratio=payload["time_ratio"],
        opens_at=datetime.fromisoformat(payload["opens_at"]),
    )  # fmt: skip


def _stay(plan: RoutePlan, day: RouteDay, found: Any) -> None:
    """It promises now what the new day promises: the legs round it are other ones."""
    plan.day, plan.bound = day, found.bound
    plan.payload = plan.payload | {
        "bound": found.bound, "bound_all_day": found.bound_all_day,
        "bound_unstaffed": found.bound_unstaffed,
    }  # fmt: skip
    plan.save(update_fields=["day", "bound", "payload"])


def _changes(
    wanted: WantedClosure, found: Any, plans: dict[Any, RoutePlan]
) -> list[dict[str, str]]:
    """For each leg of the day, in words, what the closure did to it and why."""
    rows = [_fixed_words(plan) for plan in wanted.fixed]
    for movement, leg in zip(wanted.movements, found.legs, strict=True):
        tone, words = _words(leg, plans.get(movement.pk))
        rows.append({"leg": f"{movement.serial}. {movement.title}", "tone": tone, "words": words})
    return rows


def _fixed_words(plan: RoutePlan) -> dict[str, str]:
    on_way = plan.movement is not None and plan.movement.state in UNDER_WAY
    words = (
        "Under way: the movement board leads it round." if on_way else "Driven: stays as it was."
    )
    return {"leg": plan.payload["leg"], "tone": "amber" if on_way else "grey", "words": words}


def _words(leg: Any, old: RoutePlan | None) -> tuple[str, str]:
    if leg.blocked:
        return "red", f"No way is left: {leg.blocked} Its routes are withdrawn."
    if leg.kept:
        return "green", "Drawn, and all its roads are open: the draw stands."
    if old is None:
        return "blue", "Was not in the day before: it is planned with the others. Approve it."
    if queries.drawn(old):
        return "amber", "A road of its mix is closed: the draw is void. Approve and draw it anew."
    return "blue", "Not drawn yet: mixed anew with the others. Approve it."
