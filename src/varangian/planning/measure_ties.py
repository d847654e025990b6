"""What measures bring to the other parts: thread, find-anything, tab, and the risks they follow."""

from typing import Any

from django.urls import reverse

from varangian.operations import tabs
from varangian.platform.thread import registry
from varangian.platform.ui import find
from varangian.threats.events import risk_added

from . import queries, services

NEWEST = 500
"""Titles are sealed, so they are opened and read one by one, the newest first, up to here."""


def register_all() -> None:
    registry.register(
        "measure",
        words="Measure",
        model="planning.Measure",
        caption=_caption,
        url=lambda row: reverse("planning:measure", args=[row.pk]),
    )
    find.register("measures", words="Measures", icon="shield-check", search=find_measures)
    tabs.add(
        "measures",
        "Measures",
        icon="shield-check",
        url_name="planning:measures",
        action="measure.view",
        rank=30,
    )
    tabs.add(
        "pay",
        "What pays",
        icon="target",
        url_name="planning:pay",
        action="risk.view",
        rank=31,
    )
    risk_added.connect(propose, dispatch_uid="measures follow a standard risk")


def propose(*, risk: Any, standard: Any, actor: Any, **_: Any) -> None:
    """An own line brings none along."""
    if standard is not None:
        services.propose_for_risk(actor=actor, risk=risk, standard=standard)


def find_measures(actor: Any, text: str) -> list[find.Hit]:
    hits: list[find.Hit] = []
    rows = queries.measures(actor).prefetch_related(None).order_by("-updated_at")
    for row in rows[:NEWEST]:
        if text.casefold() in _caption(row).casefold():
            url = reverse("planning:measure", args=[row.pk])
            hits.append(find.Hit(_caption(row), url, row.operation.slug))
            if len(hits) == find.MOST:
                break
    return hits


def _caption(row: Any) -> str:
    return f"{row.label} {row.title}"
