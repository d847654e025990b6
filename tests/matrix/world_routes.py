"""Routes of a leg that were drawn and wait, sealed, for their release."""

from datetime import date
from typing import Any

from varangian.operations.models import Movement
from varangian.travel.models import (
    LegRun,
    PlaceDoor,
    RouteDay,
    RouteDraw,
    RoutePlan,
    RouteWatcher,
    RouteWork,
)
from varangian.travel.services import make_tracking_plan


def drawn_routes(movement: Movement, mark: str) -> RoutePlan:
    """Made by hand: the matrix asks who may look, not what is planned."""
    known = {"key_id": movement.key_id, "compartment_id": movement.compartment_id}
    plan = RoutePlan.objects.create(
        **known, operation_id=movement.operation_id, movement=movement, version=1,
        state="approved", map_name=f"{mark} city", licence="Invented", payload=_payload(mark),
        areas=[], reason=f"{mark} why", budget=1.2, bound=0.4, time_ratio=1.1,
        opens_at=movement.starts,
    )  # fmt: skip
    choice = {
        "plan": "k",
        "leg": 1,
        "route": "k1",
        "edges": [0],
        "at_s": 0.0,
        "doors": [mark, mark],
        "car": "",
    }
    RouteDraw.objects.create(**known, plan=plan, choice=choice, nonce="00", commitment="0" * 64)
    return plan


def planned_day(movement: Movement, mark: str) -> dict[str, Any]:
    """A day, a plan that waits to be made, and a door."""
    known = {"key_id": movement.key_id, "compartment_id": movement.compartment_id}
    bounds = ("bound", "bound_all_day", "bound_one_car", "bound_unstaffed", "time_ratio")
    payload = {"words": f"{mark} words", "cars": [f"{mark} car"], "extra_s": 60.0, "notes": []}
    day = RouteDay.objects.create(
        **known, operation_id=movement.operation_id, on=date(2026, 5, 4), payload=payload,
        budget=1.2, window_s=600, hold_s=1200, took_s=1, **dict.fromkeys(bounds, 1.0),
    )  # fmt: skip
    RoutePlan.objects.filter(movement=movement).update(day=day)
    work = RouteWork.objects.create(
        **known, operation_id=movement.operation_id, kind="leg", wish={"why": mark}, words=mark
    )
    assert movement.destination is not None
    door = PlaceDoor.objects.create(
        key_id=movement.destination.key_id, compartment_id=movement.destination.compartment_id,
        place=movement.destination, name=f"{mark} gate", position=[54.5, 11.0],
    )  # fmt: skip
    return {"route_day": day.pk, "route_work": work.pk, "place_door": door.pk}


def _payload(mark: str) -> dict[str, Any]:
    row = {
        "key": "k1", "name": "R1", "role": "primary", "seconds": 60.0, "metres": 900.0,
        "probability": 1.0, "chance": 1.0, "doors": ["", ""],
        "geometry": [[11.0, 54.5], [11.1, 54.5]],
        "edges": [0], "places": [1], "exposure": {"gap": None, "drivers": [], "turn": None},
        "cues": [{"words": f"Left into {mark} Street", "metres": 900.0}],
    }  # fmt: skip
    figures = ("bound", "bound_all_day", "bound_unstaffed", "at_ends", "floor", "time_ratio")
    more = ("budget", "fastest_s", "extra_s", "hold_s", "window_s", "ends_s", "cell_m", "sight_m")
    return {
        **dict.fromkeys((*figures, *more), 1.0), "leg": f"1. {mark} leg", "routes": [row],
        "departures": [{"route": 0, "at_s": 0.0, "probability": 1.0}], "forced": [], "havens": [],
        "picture": {"panels": ["<svg></svg>"], "told": []}, "notes": [],
        "method": "flow", "source": {},
    }  # fmt: skip


def followed_routes(leader: Any, movement: Movement, mark: str) -> RoutePlan:
    """With a tracking plan: there is something to see on the movement board."""
    plan = drawn_routes(movement, mark)
    marks = [{"name": f"{mark} bridge", "km": 2, "code": mark}]
    followed = make_tracking_plan(
        actor=leader, movement=movement, marks=marks, reason=f"{mark} why"
    )
    known = {"key_id": movement.key_id, "compartment_id": movement.compartment_id}
    LegRun.objects.create(
        **known, operation_id=movement.operation_id, movement=movement, plan=followed,
        state="ended", known={}, words={"bridge": f"{mark} said"},
    )  # fmt: skip
    RouteWatcher.objects.create(
        compartment_id=movement.compartment_id, movement=movement, person=leader, named_by=leader
    )
    return plan
