"""Route plans as pages, the API and the command line say them."""

from datetime import datetime, timedelta
from typing import Any

from varangian.kernel.clock import age_words as since_words
from varangian.kernel.clock import now

from ..map_rules import age_words
from ..models import RouteDraw, RoutePlan
from ..queries.route_watchers import Seal
from ..route_working import ROLES

CATEGORY = {
    "police": "police", "hospital": "hospital", "trauma_centre": "hospital",
}  # fmt: skip
KINDS = {"fire_station": "fire station", "trauma_centre": "trauma centre", "safe_haven": "haven"}
TONES = {"primary": "green", "alternate": "blue", "emergency": "amber"}


def plan_row(plan: RoutePlan) -> dict[str, Any]:
    """Without what a route is: for lists."""
    return {
        "id": str(plan.pk),
        "operation": plan.operation.slug,
        "movement": str(plan.movement_id) if plan.movement_id else None,
        "leg": plan.payload.get("leg", ""),
        "version": plan.version,
        "state": plan.state,
        "routes": len(plan.payload.get("routes", [])),
        "bound": round(plan.bound, 4),
        "time_ratio": round(plan.time_ratio, 4),
        "chance": f"{plan.bound:.0%}",
        "price": f"{plan.time_ratio - 1:+.0%}",
        "budget": plan.budget,
        "window_s": plan.window_s,
        "opens_at": plan.opens_at,
        "map": plan.map_name,
        "data_date": plan.data_date.isoformat() if plan.data_date else None,
        "data_age": age_words(plan.data_date, now().date()),
        "licence": plan.licence,
        "made_by": str(plan.made_by) if plan.made_by else None,
        "made_at": plan.made_at,
        "approved_by": str(plan.approved_by) if plan.approved_by else None,
        "approved_at": plan.approved_at,
        "reason": plan.reason,
    }


def plan_shape(plan: RoutePlan) -> dict[str, Any]:
    """Whole. What was drawn is not in it."""
    payload = plan.payload
    rows = [
        {**row, "chance": round(row["chance"], 6), "places": len(row["places"])}
        for row in ranked(plan)
    ]
    more = ("departures", "forced", "havens", "bound_all_day", "bound_unstaffed", "at_ends")
    return {
        **plan_row(plan),
        "words": bound_words(plan),
        "routes": [{name: row[name] for name in row if name != "edges"} for row in rows],
        **{name: payload[name] for name in (*more, "fastest_s", "extra_s", "notes")},
        "areas": plan.areas,
    }


def draw_shape(draw: RouteDraw) -> dict[str, Any]:
    plan, choice = draw.plan, draw.choice
    return {
        "plan": str(plan.pk),
        "version": plan.version,
        "commitment": draw.commitment,
        "choice": choice,
        "nonce": draw.nonce if draw.driven_at else None,
        "route": name_of(plan, choice["route"]),
        "departs_at": departs_at(plan, choice["at_s"]),
        "drawn_at": draw.drawn_at,
        "released_at": draw.released_at,
        "driven_at": draw.driven_at,
        "driven": draw.driven or None,
    }


def sealed_shape(draw: RouteDraw) -> dict[str, Any]:
    """Of a draw that nobody asked to see: when, and its seal."""
    return {
        "plan": str(draw.plan_id),
        "commitment": draw.commitment,
        "drawn_at": draw.drawn_at,
        "released_at": draw.released_at,
    }


def seal_shape(seal: Seal | None) -> dict[str, Any] | None:
    """What everybody who sees the plan is told of its draw."""
    if seal is None:
        return None
    return {
        "words": seal.words,
        "commitment": seal.commitment,
        "drawn_at": seal.drawn_at,
        "released_at": seal.released_at,
    }


def bound_words(plan: RoutePlan) -> str:
    hold = plan.payload["hold_s"] / 60
    window = f"one window of {hold:.0f} minutes" if plan.window_s else "any window"
    return (
        f"Whoever picks one place and {window} meets the car with at most {plan.bound:.0%}, "
        f"at {plan.time_ratio - 1:+.0%} time. Ends and forced places do not count: staff those."
    )


def promise(plan: RoutePlan) -> list[dict[str, str]]:
    """What a leader weighs: the chance, its price, and what people must cover."""
    payload = plan.payload
    hold = f"{payload['hold_s'] / 60:.0f} minutes"
    stays = f"picks one place and {hold}" if plan.window_s else "picks one place"
    forced = len(payload["forced"])
    bare = f"With nobody at them the chance there is {payload['bound_unstaffed']:.0%}."
    return [
        {
            "figure": f"{plan.bound:.0%}",
            "title": "chance at most",
            "words": f"Who knows this plan but not the draw and {stays} meets the car no oftener. "
            "Always the fastest way: 100%.",
        },
        {
            "figure": f"+{minutes_words(payload['extra_s'])}",
            "title": "price on average",
            "words": f"{plan.time_ratio - 1:+.0%} over the fastest way of "
            f"{minutes_words(payload['fastest_s'])}; allowed were {plan.budget - 1:+.0%}.",
        },
        {
            "figure": f"2 + {forced}",
            "title": "ends and forced places to staff",
            "words": "Chance gives no cover there: people, cover and timing do. "
            + (bare if forced else "No stretch is on every route."),
        },
    ]


def forced_rows(plan: RoutePlan) -> list[dict[str, str]]:
    """Where people must be, and from which minute on."""
    return [
        {
            "road": place["road"],
            "words": f"{place['metres']} m, {minutes_words(place['from_s'])} to "
            f"{minutes_words(place['to_s'])} after leaving by the fastest way. {place['why']}",
        }
        for place in plan.payload["forced"]
    ]


def haven_rows(plan: RoutePlan) -> list[dict[str, Any]]:
    """Verified ones with the age of what is known of them; the others as the map has them."""
    return [
        {
            **row,
            "kind_words": KINDS.get(row["kind"], row["kind"]),
            "nearest_words": f"{minutes_words(row['nearest_s'])} from the nearest route;"
            if row["nearest_s"]
            else "on a route;",
            "known": haven_known(row),
            "tone": "green" if row["verified"] else "grey",
        }
        for row in plan.payload["havens"]
    ]


def haven_known(row: dict[str, Any]) -> str:
    if not row["verified"]:
        return "not verified"
    seen = datetime.fromisoformat(row["verified_at"])
    return f"verified {since_words(seen)} ago"


def minutes_words(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02} s"


def ranked(plan: RoutePlan) -> list[dict[str, Any]]:
    """Primary, alternate, emergency, then the others by chance."""
    order = {role: number for number, role in enumerate((*ROLES, ""))}
    return sorted(plan.payload["routes"], key=lambda row: (order[row["role"]], -row["chance"]))


def name_of(plan: RoutePlan, key: str) -> str:
    return next((row["name"] for row in plan.payload["routes"] if row["key"] == key), "another way")


def departs_at(plan: RoutePlan, at_s: float) -> Any:
    return plan.opens_at + timedelta(seconds=round(at_s)) if plan.opens_at else None


def table(plan: RoutePlan) -> list[dict[str, Any]]:
    """The routes as people compare them."""
    return [
        {
            "key": row["key"],
            "name": row["name"],
            "role": row["role"],
            "tone": TONES.get(row["role"], "grey"),
            "minutes": f"{row['seconds'] / 60:.1f}",
            "km": f"{row['metres'] / 1000:.1f}",
            "chance": f"{row['chance']:.0%}",
            "gap": row["exposure"]["gap"]["words"] if row["exposure"]["gap"] else "",
            "drivers": [d["words"] for d in row["exposure"]["drivers"][:2] if d["share"] > 0],
        }
        for row in ranked(plan)
    ]


def features(plan: RoutePlan) -> list[dict[str, Any]]:
    """What the map of the house draws."""
    found = [_line(row) for row in ranked(plan)]
    for which, title in ((0, "Start"), (-1, "Goal")):
        lon, lat = plan.payload["routes"][0]["geometry"][which]
        facts = {"kind": "place", "category": "other", "title": title, "text": "staff it"}
        found.append(_point({"lon": lon, "lat": lat}, facts))
    for place in plan.payload["forced"]:
        facts = {"kind": "place", "category": "choke", "title": f"Forced: {place['road']}"}
        found.append(_point(place, facts | {"text": f"{place['metres']} m, to be staffed"}))
    for haven in plan.payload["havens"]:
        category = CATEGORY.get(haven["kind"], "haven")
        facts = {"kind": "place", "category": category, "title": haven["name"]}
        found.append(_point(haven, facts | {"text": haven_known(haven)}))
    return found


def _line(row: dict[str, Any]) -> dict[str, Any]:
    words = f"{row['seconds'] / 60:.1f} min, {row['metres'] / 1000:.1f} km, {row['chance']:.0%}"
    facts = {
        "kind": "route", "rank": row["role"] or "alternate", "text": words,
        "title": f"{row['name']} {row['role']}".strip(),
    }  # fmt: skip
    geometry = {"type": "LineString", "coordinates": row["geometry"]}
    return {"type": "Feature", "geometry": geometry, "properties": facts}


def _point(at: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": [at["lon"], at["lat"]]}
    return {"type": "Feature", "geometry": geometry, "properties": facts}
