"""What the Board answers in five seconds: where is everybody, what is next, what needs me."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from varangian.alerts import queries as alert_queries
from varangian.intelligence import queries as signal_queries
from varangian.intelligence.rules import feature_of
from varangian.kernel.clock import now
from varangian.operations import geo
from varangian.operations import queries as operation_queries
from varangian.operations.models import Movement, Operation
from varangian.places import queries as place_queries
from varangian.planning.queries import changes, decisions
from varangian.planning.queries import orders as order_queries
from varangian.planning.queries.readiness import readiness as lights
from varangian.platform.access.scope import Actor, holds, may
from varangian.platform.thread import queries as thread_queries
from varangian.platform.thread import registry

from ..models import Check
from . import checks
from . import incidents as incident_queries

BEFORE, AFTER = timedelta(hours=12), timedelta(hours=48)
TONES = {"now": "red", "attention": "amber", "inform": "amber"}
HAZARDS_AHEAD = timedelta(hours=12)
SHELTERS = ("hospital", "trauma_centre", "safe_haven")
OPEN = ("draft", "planned", "active")
MOST_OPERATIONS = 12
Node = tuple[str, UUID]


def operations(actor: Actor) -> list[Operation]:
    """Under way first, then what starts soonest."""
    rows = operation_queries.operations(actor).filter(state__in=OPEN)
    far = now() + timedelta(days=3650)
    ranked = sorted(rows, key=lambda o: (OPEN[::-1].index(o.state), o.starts or far))
    return ranked[:MOST_OPERATIONS]


def movements(actor: Actor) -> list[Movement]:
    """Legs of open operations that touch the Board's window."""
    low, high = now() - BEFORE, now() + AFTER
    rows = operation_queries.movements(actor).filter(
        operation__state__in=OPEN, starts__lt=high, starts__gt=low - timedelta(days=30)
    )
    shown = [m for m in rows.order_by("starts") if m.ends is None or m.ends > low]
    return [m for m in shown if m.ends is not None or m.starts > low]


def next_up(actor: Actor) -> dict[str, list[Movement]]:
    """The leg under way and the one that follows, per Board."""
    at, rows = now(), [m for m in movements(actor) if m.state not in ("cancelled", "complete")]
    running = [m for m in rows if m.starts <= at and (m.ends is None or m.ends > at)]
    coming = [m for m in rows if m.starts > at]
    return {"running": running[:4], "coming": coming[:3]}


def map_features(actor: Actor) -> dict[str, Any]:
    """Legs, places, shelters and the hazards that touch a leg."""
    features = geo.movement_features(movements(actor))
    shelters = place_queries.places(actor).filter(kind__in=SHELTERS)
    features += [geo.place_feature(place) for place in shelters if place.located]
    return {"type": "FeatureCollection", "features": features + _hazards(actor)}


def _hazards(actor: Actor) -> list[dict[str, Any]]:
    soon = now() + HAZARDS_AHEAD
    alerts = [
        alert
        for alert in alert_queries.alerts(actor, view="standing")
        if alert.source == "signal" and alert.about and (not alert.starts or alert.starts < soon)
    ]
    tones: dict[UUID, str] = {}
    for alert in alerts:
        if tones.get(alert.about) != "red":
            tones[alert.about] = TONES[alert.urgency]
    signals = signal_queries.signals_by_id(actor, list(tones))
    features = [
        feature_of(signal, tone=tones[pk], url=reverse("intelligence:show", args=[pk]))
        for pk, signal in signals.items()
    ]
    return [feature for feature in features if feature]


def timeline(actor: Actor) -> dict[str, Any]:
    """Rows in the zone of the operation in hand, with hazard overlaps from open alerts."""
    rows, hazards = movements(actor), defaultdict(list)
    for alert in alert_queries.alerts(actor, view="standing"):
        if alert.movement_id and alert.starts:
            hazards[alert.movement_id].append(
                {
                    "title": alert.title,
                    "tone": TONES[alert.urgency],
                    "starts": alert.starts,
                    "ends": alert.ends,
                }
            )
    first = operations(actor)[:1]
    return {
        "zone": first[0].time_zone if first else "UTC",
        "from": now() - BEFORE,
        "to": now() + AFTER,
        "rows": geo.timeline_rows(rows, hazards),
    }


def orders_to_read(actor: Actor) -> dict[str, Any]:
    """What waits for this person, and what the posts of theirs have not acknowledged."""
    return {
        "waiting": order_queries.first_what_changed(order_queries.waiting_for(actor)),
        "unread": order_queries.unread(actor),
        "kept": changes.drafts(actor),
        "now": now(),
    }


def may_plan(actor: Actor, ahead: dict[str, list[Movement]]) -> set[UUID]:
    """The compartments of these legs in which this person may change the plan."""
    found = {leg.compartment_id for rows in ahead.values() for leg in rows}  # pyright: ignore
    return {pk for pk in found if may(actor, "order.change", pk)}


def _waiting(actor: Actor) -> Any:
    ended = operation_queries.ended_circles(actor)
    return thread_queries.stale_marks(actor).exclude(compartment_id__in=ended)


def stale(actor: Actor, most: int = 12) -> dict[str, Any]:
    """Open stale marks by record, newest reason first, with captions and links."""
    reasons: dict[Node, list[str]] = defaultdict(list)
    since: dict[Node, datetime] = {}
    for mark in _waiting(actor):
        node = (mark.kind, mark.record)
        reasons[node].append(mark.reason)
        since.setdefault(node, mark.since)
    nodes = list(reasons)[:60]
    found = _records(actor, nodes)
    rows = [
        _stale_row(node, found[node], reasons[node][-1], since[node])
        for node in nodes
        if node in found
    ]
    return {"rows": rows[:most], "count": len(reasons)}


def _records(actor: Actor, nodes: list[Node]) -> dict[Node, Any]:
    """The records that this person may see, one query a kind."""
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for kind, record in nodes:
        if kind in registry.kinds():
            by_kind[kind].append(record)
    return {
        (kind, pk): row
        for kind, ids in by_kind.items()
        for pk, row in registry.records(actor, kind, ids).items()
    }


def _stale_row(node: Node, row: Any, reason: str, since: datetime) -> dict[str, Any]:
    known = registry.kind(node[0])
    return {
        "kind": known.words,
        "caption": known.caption(row),
        "url": known.url(row),
        "reason": reason,
        "since": since,
    }


def readiness(actor: Actor) -> list[dict[str, Any]]:
    """Per open operation what is wanting, the worst first, and how much is ready."""
    found = []
    for operation in operations(actor):
        if may(actor, "readiness.view", operation.compartment_id):
            rows = lights(actor, operation)
            wanting = [row for row in rows if row.wanting]
            entry = {"operation": operation, "wanting": wanting, "count": len(rows)}
            entry["fresh"] = len(rows) - len(wanting)
            entry["go"] = decisions.standing(actor, operation, rows)
            found.append(entry)
    return found


def tiles(
    actor: Actor, ahead: dict[str, list[Movement]], ready: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The first line: now, next, alerts, readiness, stale. Only what this person may see."""
    row = [_now(ahead["running"]), _next(ahead["coming"])]
    if holds(actor, "alert.view"):
        row.append(_asked(list(alert_queries.alerts(actor))))
    if late := checks.overdue(actor):
        row.append(_late(late))
    row += _incidents(actor)
    if ready:
        wanting = sum(len(entry["wanting"]) for entry in ready)
        missing = any(light.state == "missing" for e in ready for light in e["wanting"])
        url = reverse("planning:readiness", args=[ready[0]["operation"].slug])
        words = f"{wanting} not ready" if wanting else "Ready"
        tone = "red" if missing else "amber" if wanting else "green"
        row.append({"label": "Readiness", "words": words, "tone": tone, "url": url})
    count = thread_queries.stale_count(_waiting(actor))
    words = f"{count} stale" if count else "Nothing stale"
    tone = "amber" if count else "green"
    return [
        *row,
        {"label": "To look at again", "words": words, "tone": tone, "url": "#board-stale"},
    ]


def _incidents(actor: Actor) -> list[dict[str, Any]]:
    rows = list(incident_queries.incidents(actor, view="open")[:20])
    if not rows:
        return []
    words = rows[0].title if len(rows) == 1 else f"{len(rows)} open"
    url = reverse("incidents:show", args=[rows[0].pk]) if len(rows) == 1 else ""
    label = "Incident," if len(rows) == 1 else "Incidents"
    found = {"label": label, "words": words, "tone": "red", "at": rows[0].created_at}
    return [{**found, "url": url or reverse("incidents:list")}]


def _now(running: list[Movement]) -> dict[str, Any]:
    """A journey says more than the stay it interrupts."""
    if not running:
        return {"label": "Now", "words": "No movement", "tone": "grey", "url": "#board-next"}
    leg = min(running, key=lambda m: (m.kind == "stay", m.ends is None, m.ends or m.starts))
    url = reverse("operations:movement", args=[leg.pk])
    return {
        "label": "Now, ends" if leg.ends else "Now",
        "words": leg.title,
        "tone": "blue",
        "url": url,
        "at": leg.ends,
    }


def _next(coming: list[Movement]) -> dict[str, Any]:
    if not coming:
        return {"label": "Next", "words": "Nothing planned", "tone": "grey", "url": "#board-next"}
    leg = coming[0]
    url = reverse("operations:movement", args=[leg.pk])
    return {"label": "Next,", "words": leg.title, "tone": "blue", "url": url, "at": leg.starts}


def _late(late: list[Check]) -> dict[str, Any]:
    """Only when somebody is: the longest overdue is named."""
    who, count = late[0].duty, len(late)
    words = f"{who.call_sign} {who.person.name}".strip()
    return {
        "label": f"{count} overdue check calls" if count > 1 else "Overdue check call",
        "words": words,
        "tone": "red" if any(row.step >= Check.Step.CALLED for row in late) else "amber",
        "url": reverse("duress:checks", args=[late[0].operation.slug]),
    }


def _asked(alerts: list[Any]) -> dict[str, Any]:
    waiting = [a for a in alerts if a.acknowledged_at is None]
    now_ = sum(1 for a in waiting if a.urgency == "now")
    words = f"{len(alerts)} open" if alerts else "None open"
    tone = "red" if now_ else "amber" if waiting else "green"
    label = f"Alerts, {now_} to act on now" if now_ else f"Alerts, {len(waiting)} not acknowledged"
    return {"label": label, "words": words, "tone": tone, "url": reverse("alerts:list")}
