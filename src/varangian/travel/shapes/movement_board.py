"""The movement board as pages, the API and the command line say it."""

from datetime import datetime, timedelta
from typing import Any

from varangian.engines.routing import match
from varangian.kernel.clock import now
from varangian.operations.models import Movement
from varangian.platform.access.scope import Actor

from ..board.holds import EARLY, Hold
from ..board.marks import WORDS, Mark, marks_of, planned_s
from ..board.rules import BACK, CORRIDOR, LATE, SILENCE, STOP, Known
from ..models import LegRun, RoutePlan, TrackingPlan
from ..queries import movement_board as queries
from ..queries import routes as route_queries

STATES = {
    "planned": ("not begun", "grey"), "confirmed": ("not begun", "grey"),
    "under_way": ("under way", "blue"), "diverted": ("diverted", "amber"),
    "arrived": ("arrived", "green"), "complete": ("arrived", "green"),
    "cancelled": ("cancelled", "grey"),
}  # fmt: skip
SURE, LIKELY = 0.95, 0.75
ALARMS = {
    CORRIDOR: ("off the corridor", "red"), STOP: ("unplanned stop", "red"),
    SILENCE: ("lost: no position", "red"), LATE: ("late report line", "amber"),
    BACK: ("driving back", "amber"),
}  # fmt: skip


def leg_row(actor: Actor, movement: Movement) -> dict[str, Any]:
    """One line of the board."""
    plan = queries.tracking_plan(actor, movement)
    run = queries.run_of(actor, movement)
    words, tone = STATES[movement.state]
    row: dict[str, Any] = {
        "movement": str(movement.pk), "serial": movement.serial, "title": movement.title,
        "state": words, "tone": tone, "zone": movement.zone, "starts": movement.starts,
        "ends": movement.ends, "plan": None, "begun_at": None, "ended_at": None,
        "departs_at": movement.starts, "on_time": None, "latest_departure": None, "eta": None,
        "progress": None, "km": None, "not_before": None, "early": None, "early_words": "",
        "marks": [], "position_at": None, "spoken_at": None,
        "alarms": [], "notes": [], "chance": "unknown", "chance_tone": "grey",
    }  # fmt: skip
    if plan is None:
        return row | {"notes": ["No tracking plan yet"]}
    row |= _planned(actor, plan, run) | _moving(actor, plan, run)
    words, tone = chance(row["on_time"])
    if plan.kind == TrackingPlan.Kind.DIVERT:
        words = "diverted"
    elif row["state"] == "arrived" and row["on_time"] is not None:
        words = "on time" if row["on_time"] else "late"
    return row | {"chance": words, "chance_tone": tone}


def chance(value: float | None) -> tuple[str, str]:
    """Words and a tone. Ten thousand draws tell no more than whole percents."""
    if value is None:
        return "unknown", "grey"
    tone = "green" if value >= SURE else "amber" if value >= LIKELY else "red"
    words = "over 99 %" if value > 0.99 else "under 1 %" if value < 0.01 else f"{value:.0%}"
    return words.replace("%", " %").replace("  ", " "), tone


def _planned(actor: Actor, plan: TrackingPlan, run: LegRun | None) -> dict[str, Any]:
    ahead = queries.ahead(actor, plan) if run is None else None
    return {
        "plan": plan_facts(plan),
        "departs_at": queries.departs_at(actor, plan),
        "on_time": ahead.on_time if ahead else None,
        "latest_departure": ahead.latest if ahead else None,
        "eta": ahead.p50 if ahead else None,
        "eta_from": ahead.p10 if ahead else None,
        "eta_to": ahead.p90 if ahead else None,
        "not_before": queries.ready_at(plan),
        "early": ahead.early if ahead else None,
        "early_words": early_words(ahead.early) if ahead else "",
        "km": round(plan.payload["metres"] / 1000, 1),
        "notes": notes(actor, plan),
    }


def early_words(share: float | None) -> str:
    if share is None or share <= EARLY:
        return ""
    return f"On {chance(share)[0]} of such days it arrives before its destination is ready"


def plan_facts(plan: TrackingPlan) -> dict[str, Any]:
    payload = plan.payload
    return {
        "version": plan.version, "kind": plan.kind, "words": plan.get_kind_display(),
        "route": payload["name"], "role": payload["role"], "goal": payload["goal"],
        "minutes": round(payload["seconds"] / 60, 1), "guessed": payload.get("guessed", False),
        "verified": payload.get("verified"), "cues": payload.get("cues", []),
        "corridor_m": plan.corridor_m, "silence_s": plan.silence_s, "stop_s": plan.stop_s,
        "late_s": plan.late_s, "loading_s": plan.loading_s, "spread": plan.spread,
        "traffic": payload["traffic"], "source": source_words(plan),
        "watcher": str(plan.watcher) if plan.watcher else None,
        "made_by": str(plan.made_by) if plan.made_by else None, "made_at": plan.made_at,
        "reason": plan.reason,
    }  # fmt: skip


def source_words(plan: TrackingPlan) -> str | None:
    if plan.device is not None:
        return plan.device.label
    return str(plan.person) if plan.person else None


def notes(actor: Actor, plan: TrackingPlan) -> list[str]:
    """What does not fit, in words: nothing of it is put right in silence."""
    found, routes = [], plan.route_plan
    if plan.kind == TrackingPlan.Kind.DIVERT:
        return found
    if routes is None or routes.state == RoutePlan.State.WITHDRAWN:
        found.append("The routes that it follows were withdrawn: make it anew")
    elif routes.movement_id:
        draw = route_queries.draw_of(actor, routes)
        drawn = draw.choice["route"] if draw is not None and draw.released_at else ""
        if drawn and plan.kind == TrackingPlan.Kind.ROUTE and drawn != plan.payload["route"]:
            found.append("Another route was released than the one followed here")
    if source_words(plan) is None:
        found.append("No device or person tells its position: report lines by radio only")
    return found


def _moving(actor: Actor, plan: TrackingPlan, run: LegRun | None) -> dict[str, Any]:
    seen, line = queries.known(run), queries.line_of(plan.payload)
    last, source = seen.progress, queries.position(actor, plan)
    share = last.along_m / line.metres if last else 0.0
    moving: dict[str, Any] = {
        "position_at": source.at if source else None,
        "marks": mark_rows(plan, run, seen, line),
    }
    if run is None:
        return moving
    over = run.state == LegRun.State.ARRIVED
    return moving | {
        "begun_at": run.begun_at, "ended_at": run.ended_at,
        "progress": 1.0 if over else round(share, 3),
        "off_m": round(last.off_m) if last else None,
        "eta": run.ended_at if over else run.eta, "eta_from": None, "eta_to": None,
        "on_time": _was_on_time(plan, run) if over else run.on_time,
        "position_at": run.seen_at or moving["position_at"],
        "spoken_at": _at(run, seen.spoken), "alarms": alarm_rows(plan, run),
    }  # fmt: skip


def _was_on_time(plan: TrackingPlan, run: LegRun) -> float | None:
    """Who arrived at a haven has not arrived where they were expected."""
    due = run.movement.ends if plan.kind != TrackingPlan.Kind.DIVERT else None
    return None if due is None or run.ended_at is None else float(run.ended_at <= due)


def _at(run: LegRun, seconds: float | None) -> datetime | None:
    return None if seconds is None else run.line_at + timedelta(seconds=seconds)


def mark_rows(
    plan: TrackingPlan, run: LegRun | None, seen: Known, line: match.Line
) -> list[dict[str, Any]]:
    marks = marks_of(plan.payload["marks"])
    due = queries.expected(line, marks, seen)
    start = plan.movement.starts if plan.movement else None
    planned = planned_s(line, marks, plan.loading_s)
    rows = []
    for mark in marks:
        if run is not None:
            at = _at(run, due.get(mark.id))
        else:
            at = start + timedelta(seconds=planned[mark.id]) if start else None
        rows.append(_mark_row(mark, run, seen, at, plan.late_s))
    return rows


def _mark_row(
    mark: Mark, run: LegRun | None, seen: Known, expected: datetime | None, late_s: int
) -> dict[str, Any]:
    passed = _at(run, seen.passed.get(mark.id)) if run else None
    said = (run.words.get(mark.id) or {}) if run else {}
    wait = run is not None and run.state == LegRun.State.UNDER_WAY and passed is None
    late = wait and expected is not None and now() - expected > timedelta(seconds=late_s)
    return {
        "id": mark.id, "kind": mark.kind, "words": WORDS[mark.kind], "name": mark.name,
        "code": mark.code, "km": round(mark.along_m / 1000, 2), "stay_min": mark.stay_s / 60,
        "until": datetime.fromisoformat(mark.until) if mark.until else None,
        "expected_at": expected, "passed_at": passed, "how": said.get("how", ""),
        "by": said.get("by", ""), "late": late,
    }  # fmt: skip


def alarm_rows(plan: TrackingPlan, run: LegRun) -> list[dict[str, Any]]:
    names = {mark["id"]: mark["name"] for mark in plan.payload["marks"]}
    rows = []
    for name, since in sorted(run.alarms.items()):
        kind, _, key = name.partition(":")
        words, tone = ALARMS[kind]
        more = f": {names.get(key, key)}" if key else ""
        rows.append({"name": name, "words": words + more, "tone": tone,
                     "since": datetime.fromisoformat(since)})  # fmt: skip
    return rows


def features(plan: TrackingPlan, run: LegRun | None) -> list[dict[str, Any]]:
    """What the map draws: the line followed, other planned routes, marks, the goal."""
    payload = plan.payload
    rank = "emergency" if plan.kind == TrackingPlan.Kind.DIVERT else "primary"
    found = [] if plan.kind == TrackingPlan.Kind.DIVERT else _others(plan)
    title = f"{payload['name']} to {payload['goal']}" if payload["goal"] else payload["name"]
    followed = _line(payload["line"], rank, title, "followed now")
    followed["properties"]["focus"] = True
    found.append(followed)
    line = queries.line_of(payload)
    for row in mark_rows(plan, run, queries.known(run), line):
        lon, lat = match.place_at(line, row["km"] * 1000)
        state = "passed" if row["passed_at"] else "ahead"
        title = f"{row['words']}: {row['name']}"
        found.append(_point(lon, lat, "other", title, f"{row['code']} {state}".strip()))
    lon, lat = payload["line"][-1]
    divert = plan.kind == TrackingPlan.Kind.DIVERT
    found.append(_point(lon, lat, "haven" if divert else "venue", payload["goal"] or "Goal", ""))
    return found


def _others(plan: TrackingPlan) -> list[dict[str, Any]]:
    rows = plan.route_plan.payload["routes"] if plan.route_plan else []
    return [
        _line(row["geometry"], "alternate", row["name"], row["role"] or "another planned route")
        for row in rows
        if row["role"] and row["key"] != plan.payload["route"]
    ]


def _line(points: list[Any], rank: str, title: str, text: str) -> dict[str, Any]:
    facts = {"kind": "route", "rank": rank, "title": title, "text": text}
    geometry = {"type": "LineString", "coordinates": points}
    return {"type": "Feature", "geometry": geometry, "properties": facts}


def _point(lon: float, lat: float, category: str, title: str, text: str) -> dict[str, Any]:
    facts = {"kind": "place", "category": category, "title": title, "text": text}
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "geometry": geometry, "properties": facts}


def hold_shape(row: Hold) -> dict[str, Any]:
    kept = row.shape()
    return {n: kept[n] for n in ("key", "name", "why", "sure", "km", "wait_min", "until")}


def proposal_shape(row: Any) -> dict[str, Any]:
    return {
        "alert": str(row.alert.pk), "title": row.alert.title, "route": row.route,
        "name": row.name, "words": row.words, "minutes": row.minutes,
    }  # fmt: skip
