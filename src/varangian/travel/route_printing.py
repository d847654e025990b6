"""The route card on paper. Every print is audited."""

from typing import Any
from zoneinfo import ZoneInfo

from varangian.platform.access.scope import Actor
from varangian.platform.audit.services import note
from varangian.platform.ui.pdf import render

from .models import RouteDraw, RoutePlan
from .shapes.route_cards import card_shape

TEMPLATE = "travel/route_card.typ"


def card_pdf(actor: Actor, plan: RoutePlan, key: str, draw: RouteDraw | None) -> bytes:
    note(kind="export", record=draw or plan, purpose="route card as PDF", actor=actor)
    return render(TEMPLATE, _printed(actor, plan, draw, card_shape(plan, key, draw)))


def _printed(
    actor: Actor, plan: RoutePlan, draw: RouteDraw | None, card: dict[str, Any]
) -> dict[str, Any]:
    route, exposure = card["route"], card["route"]["exposure"]
    leaves = card["departs_at"]
    zone = plan.operation.time_zone
    facts = [
        [
            "Leave",
            f"{leaves.astimezone(ZoneInfo(zone)):%d %b %Y %H:%M} {zone}"
            if leaves
            else "no time yet",
        ],
        ["Way", f"{route['seconds'] / 60:.0f} min, {route['metres'] / 1000:.1f} km"],
        ["Vehicle", card["car"] or "as assigned to the leg"],
        ["Doors", card["door"] or "as briefed"],
        ["Map", f"{plan.map_name}, data {card['row']['data_age']}; {plan.licence}"],
    ]
    turn = card["route"].get("turn_haven")
    wrong = [exposure[name]["words"] for name in ("turn", "gap") if exposure.get(name)]
    if turn:
        wrong.insert(
            0, f"{turn['name']}, {card['turn_kind']}, nearest from the turning point: "
            f"{card['turn_known']}",
        )  # fmt: skip
    wrong += [f"{one['name']}, {one['role']}: {one['minutes']} min" for one in card["others"]]
    role = f", {route['role']}" if route["role"] else ""
    return {
        "house": {
            "title": f"Route card {route['name']}{role}",
            "subtitle": card["row"]["leg"],
            "classification": "Protect: need to know",
            "serial": plan.operation.slug.upper(),
            "version": str(plan.version),
            "copy": str(actor),
            "destroy_after": "the leg is driven",
        },
        "mark": "" if draw and draw.released_at else "SEALED" if draw else "NOT THE DRAW",
        "facts": facts,
        "cues": [[_metres(cue["metres"]), cue["words"]] for cue in card["cues"]],
        "wrong": wrong,
        "havens": [
            [row["name"], row["kind_words"], row["known"], row["tone"]] for row in card["havens"]
        ],
    }


def _metres(metres: float | None) -> str:
    if metres is None:
        return ""
    return f"{metres / 1000:.1f} km" if metres >= 950 else f"{round(metres / 10) * 10} m"
