"""A route as the driver needs it: turn by turn, and what to do when it goes wrong."""

from typing import Any

from ..models import RouteDraw, RoutePlan
from ..services.route_draws import card_cues
from ..services.routes import route_row
from .routes import KINDS, departs_at, haven_known, haven_rows, plan_row, ranked

MOST_HAVENS = 8


def card_shape(plan: RoutePlan, key: str, draw: RouteDraw | None) -> dict[str, Any]:
    route, row = route_row(plan.payload, key), plan_row(plan)
    others = [
        {**one, "minutes": f"{one['seconds'] / 60:.0f}"}
        for one in ranked(plan)
        if one["role"] in ("alternate", "emergency") and one["key"] != route["key"]
    ]
    turn = route.get("turn_haven")
    return {
        "row": row,
        "route": route,
        "cues": card_cues(route),
        "others": others,
        "havens": haven_rows(plan)[:MOST_HAVENS],
        "departs_at": departs_at(plan, draw.choice["at_s"]) if draw else None,
        "door": " to ".join(door for door in route["doors"] if door),
        "car": car_name(plan, draw),
        "turn_known": haven_known(turn) if turn else "",
        "turn_kind": KINDS.get(turn["kind"], turn["kind"]) if turn else "",
        "turn_tone": "green" if turn and turn["verified"] else "grey",
        "facts": f"{route['seconds'] / 60:.0f} min, {route['metres'] / 1000:.1f} km. {row['leg']}, "
        f"version {plan.version}. {row['map']}, data {row['data_age']}; {row['licence']}.",
    }


def car_name(plan: RoutePlan, draw: RouteDraw | None) -> str:
    car = draw.choice.get("car", "") if draw else ""
    named = {row["vehicle"]: row["name"] for row in plan.payload.get("cars", [])}
    return named.get(car, car)


def seal_words(draw: RouteDraw | None) -> dict[str, str]:
    if draw is None:
        return {"tone": "grey", "icon": "none", "words": "not the draw: one of the plan"}
    if draw.released_at:
        return {"tone": "green", "icon": "lock-open", "words": "released"}
    return {"tone": "red", "icon": "lock", "words": "sealed: for you alone"}
