"""Incidents on the thread, as a tab, and what the clock does for them."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from varangian.operations import tabs
from varangian.platform.access import unseen
from varangian.platform.jobs import ticks
from varangian.platform.thread import registry
from varangian.platform.ui import bar, nav
from varangian.travel.events import party_changed

from .incident_rules import marked
from .queries import incidents, late, muster
from .services.muster import carry_answers, join_running


def roll_call(request: HttpRequest) -> bar.Stage | None:
    """Above every page of a person from whom a roll call has not heard."""
    if not request.user.is_authenticated:
        return None
    line = muster.own_lines(request.user).filter(state="unknown").first()
    if line is None:
        return None
    where = f" Go to {line.muster.rally}." if line.muster.rally else ""
    words = marked(f"{line.muster.label}: {line.muster.reason}.{where}", drill=line.muster.drill)
    return bar.Stage(
        words,
        reverse("incidents:own_safe"),
        "I am safe",
        url=reverse("incidents:own"),
        url_words="I need help, or am not there",
    )


def on_party(*, operation: Any, person: Any, event: str, **_: Any) -> None:
    if event == "joined":
        join_running(operation=operation, person=person)


def register_all() -> None:
    party_changed.connect(on_party, dispatch_uid="protection.party")
    registry.register(
        "incident",
        words="Incident",
        model="protection.Incident",
        caption=lambda row: f"{row.label}: {row.title}",
        url=lambda row: reverse("incidents:show", args=[row.pk]),
    )
    registry.register(
        "muster",
        words="Roll call",
        model="protection.Muster",
        caption=lambda row: f"{row.label}: {row.reason}",
        url=lambda row: reverse("incidents:muster", args=[row.pk]),
    )
    tabs.add(
        "incidents",
        "Incidents",
        icon="urgent",
        url_name="incidents:of_operation",
        action="incident.view",
        rank=48,
    )
    unseen.keep(incidents.kept_ids)
    nav.count("incidents", incidents.open_count)
    bar.stage(roll_call)
    late.register()
    ticks.every(1.0, "answers to roll calls", carry_answers)
