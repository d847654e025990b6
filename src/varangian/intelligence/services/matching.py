"""Signals against the movements of every team. Runs as the house: it may see them all."""

import os
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from varangian.alerts import queries as alert_queries
from varangian.alerts import services as alerts
from varangian.engines.corridor import Match, match
from varangian.kernel.clock import now
from varangian.operations import queries as operation_queries
from varangian.operations.models import Movement
from varangian.platform.access.scope import SYSTEM
from varangian.platform.jobs.app import app
from varangian.platform.thread.services import tie

from .. import queries, rules
from ..models import Signal

OPEN_OPERATIONS = ("draft", "planned", "active")
OPEN_LEGS = ("planned", "confirmed", "under_way", "diverted", "arrived")


def match_later(ids: list[UUID]) -> int | None:
    """By the worker, which may see every team: the number of its job. At the house's own console
    at once: None."""
    if not ids:
        return None
    if os.environ.get("VARANGIAN_DB_ROLE") == "app":
        task = app.configure_task("intelligence.match_signals")
        return task.defer(ids=[str(pk) for pk in ids])
    match_signals(ids)
    return None


@transaction.atomic
def match_signals(ids: Iterable[UUID]) -> list[Any]:
    """Alerts for every leg that one of these signals touches; ended signals close theirs."""
    rows = queries.signals_by_id(SYSTEM, list(ids))
    live = {pk: s for pk, s in rows.items() if s.state == "active" and s.status == "actual"}
    raised = _raise(live, _movements())
    _close_ended(rows)
    return raised


@transaction.atomic
def match_movements(ids: Iterable[UUID]) -> list[Any]:
    """After legs changed: their alerts of signals that no longer touch them are closed."""
    movements = [m for m in _movements() if m.pk in set(ids)]
    running = {s.pk: s for s in queries.running(SYSTEM)}
    raised = _raise(running, movements)
    still = {(alert.movement_id, alert.about) for alert in raised}
    for pk in ids:
        alerts.supersede_unmatched(
            source="signal",
            movement_id=pk,
            still={about for movement, about in still if movement == pk},
            reason="The leg changed; the hazard no longer touches it",
        )
    return raised


def _movements() -> list[Movement]:
    found = operation_queries.movements(SYSTEM).filter(
        operation__state__in=OPEN_OPERATIONS, state__in=OPEN_LEGS
    )
    return list(found)


def _raise(signals: dict[UUID, Signal], movements: list[Movement]) -> list[Any]:
    hazards = [h for h in map(rules.hazard_of, signals.values()) if h is not None]
    if not hazards or not movements:
        return []
    by_id = {str(m.pk): m for m in movements}
    found: list[Match] = []
    for local in (True, False):
        group = [hazard for hazard in hazards if rules.is_local(hazard) == local]
        found += match(rules.legs_of(movements, local=local), group)
    return [_alert(signals[UUID(m.hazard_id)], by_id[m.leg_id], m) for m in found]


def _alert(signal: Signal, movement: Movement, found: Match) -> Any:
    over = found.overlap.end is not None and found.overlap.end < now()
    alert = alerts.raise_alert(
        actor=SYSTEM,
        operation=movement.operation,
        movement=movement,
        source="signal",
        about=signal.pk,
        dedupe=f"signal:{signal.source}:{signal.native_id}:{movement.pk}"[:120],
        urgency=rules.urgency(signal.band, over),
        starts=found.first_contact,
        ends=found.last_contact,
        minutes=None if found.minutes is None else max(1, round(found.minutes)),
        distance_km=round(found.distance_km, 1),
        position=[round(found.lat, 4), round(found.lon, 4)],
        **rules.alert_words(signal, movement, found),
    )
    place = movement.compartment_id
    node = ("alert", alert.pk)
    tie(left=("signal", signal.pk), right=node, relation="touches", compartment_id=place)
    tie(left=("movement", movement.pk), right=node, relation="touched", compartment_id=place)
    return alert


def _close_ended(rows: dict[UUID, Signal]) -> None:
    """After raising: an alert that goes on speaks of the new signal already, and stays."""
    before = queries.replaced_by(SYSTEM, list(rows))
    ended = {pk: s for pk, s in {**rows, **before}.items() if s.state != "active"}
    for pk in {alert.about for alert in alert_queries.of_signals(SYSTEM, list(ended))}:
        words = "Cancelled by its source" if ended[pk].state == "cancelled" else "Updated"
        alerts.supersede(source="signal", about=pk, reason=words)
