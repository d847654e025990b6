"""A planned day as pages, the API and the command line say it."""

from typing import Any

from ..models import PlaceDoor, RouteDay, RoutePlan, RouteWork
from ..queries.route_days import drawn
from .routes import minutes_words


def day_shape(day: RouteDay, plans: list[RoutePlan]) -> dict[str, Any]:
    """What was drawn is not in it."""
    return {
        "id": str(day.pk),
        "operation": day.operation.slug,
        "on": day.on,
        "bound": round(day.bound, 4),
        "bound_all_day": round(day.bound_all_day, 4),
        "bound_one_car": round(day.bound_one_car, 4),
        "bound_unstaffed": round(day.bound_unstaffed, 4),
        "time_ratio": round(day.time_ratio, 4),
        "budget": day.budget,
        "window_s": day.window_s,
        "hold_s": day.hold_s,
        "seconds": round(day.took_s, 2),
        "words": day.payload["words"],
        "notes": day.payload["notes"],
        "cars": day.payload["cars"],
        "closed": day.payload.get("closed"),
        "overtakes": day.payload.get("overtakes"),
        "changes": day.payload.get("changes", []),
        "made_by": str(day.made_by) if day.made_by else None,
        "made_at": day.made_at,
        "legs": [leg_row(plan) for plan in plans],
    }


def leg_row(plan: RoutePlan) -> dict[str, Any]:
    payload = plan.payload
    doors = {tuple(row["doors"]) for row in payload["routes"] if any(row["doors"])}
    draw = getattr(plan, "draw", None)
    return {
        "plan": str(plan.pk),
        "leg": payload["leg"],
        "version": plan.version,
        "state": plan.state,
        "drawn": drawn(plan),
        "released_at": draw.released_at if draw else None,
        "leaves": plan.opens_at,
        "window_s": payload["window_s"],
        "routes": len(payload["routes"]),
        "minutes": minutes_words(payload["fastest_s"] + payload["extra_s"]),
        "doors": "; ".join(" to ".join(pair) for pair in sorted(doors)) or "one",
        "cars": ", ".join(row["name"] for row in payload.get("cars", [])),
        "forced": len(payload["forced"]),
    }


def promise(day: RouteDay) -> list[dict[str, str]]:
    hold = f"{day.hold_s / 60:.0f} minutes"
    return [
        {
            "figure": f"{day.bound:.0%}",
            "title": "chance at most, any leg",
            "words": f"Who knows this plan but not the draw and picks one place and {hold}. "
            f"Staying all day: {day.bound_all_day:.0%}.",
        },
        {
            "figure": f"{day.bound_one_car:.0%}",
            "title": "when he knows one car",
            "words": "And acts on that one only: cars are drawn with the routes.",
        },
        {
            "figure": f"+{minutes_words(day.payload['extra_s'])}",
            "title": "price over the day",
            "words": f"{day.time_ratio - 1:+.0%} driving time; allowed were {day.budget - 1:+.0%}.",
        },
        {
            "figure": f"{day.bound_unstaffed:.0%}",
            "title": "with forced places unstaffed",
            "words": "Doors and forced places need people: chance gives no cover there.",
        },
    ]


def work_shape(work: RouteWork) -> dict[str, Any]:
    return {
        "id": str(work.pk),
        "operation": work.operation.slug,
        "kind": work.kind,
        "state": work.state,
        "step": work.step.get("words", ""),
        "percent": round(100 * work.step.get("share", 0)),
        "words": work.words,
        "plan": str(work.plan_id) if work.plan_id else None,  # pyright: ignore
        "day": str(work.day_id) if work.day_id else None,  # pyright: ignore
        "asked_at": work.asked_at,
        "ended_at": work.ended_at,
    }


def door_row(door: PlaceDoor) -> dict[str, Any]:
    lat, lon = door.position
    return {
        "id": str(door.pk),
        "place": str(door.place_id),  # pyright: ignore[reportAttributeAccessIssue]
        "name": door.name,
        "lat": lat,
        "lon": lon,
        "waits": door.waits,
        "at": door.at,
        "by": str(door.by) if door.by else None,
    }


def door_features(place: Any, doors: list[PlaceDoor], without: str = "") -> list[dict[str, Any]]:
    rows: list[tuple[Any, ...]] = [
        (door.name, door.position, "other") for door in doors if str(door.pk) != without
    ]
    if place.located:
        rows.append((place.name, place.position, PICTURED.get(place.kind, place.kind)))
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {"kind": "place", "category": category, "title": title},
        }
        for title, (lat, lon), category in rows
    ]


PICTURED = {"safe_haven": "haven", "trauma_centre": "hospital", "fbo": "airport"}
