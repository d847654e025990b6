"""What TVRAs bring to the other parts: thread, tab, finder, ends, and news of the register."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from varangian.operations import tabs
from varangian.platform.access.scope import SYSTEM, system_read
from varangian.platform.thread import expiry, registry
from varangian.platform.thread.services import changed, tie
from varangian.platform.ui import find

from .events import risk_added, source_added
from .library.tvra import tvra as library
from .models import Tvra
from .queries import tvra as queries
from .tvra_rules import touches

LOOK_BACK = timedelta(days=30)


def register_all() -> None:
    registry.register(
        "tvra",
        words="TVRA",
        model="threats.Tvra",
        caption=lambda row: f"{row.label} {row.title} (version {row.version})",
        url=lambda row: reverse("threats:tvra", args=[row.pk]),
    )
    find.register("tvras", words="Assessments (TVRA)", icon="clipboard-check", search=find_tvras)
    tabs.add(
        "tvra",
        "TVRA",
        icon="clipboard-check",
        url_name="threats:tvra_of",
        action="tvra.check",
        rank=21,
    )
    expiry.register("tvras", ended)
    risk_added.connect(risk_is_new, dispatch_uid="a new risk makes a TVRA stale")
    source_added.connect(source_is_new, dispatch_uid="a new threat makes a TVRA stale")


def find_tvras(actor: Any, text: str) -> list[find.Hit]:
    hits: list[find.Hit] = []
    for row in queries.tvras(actor, view="current")[:500]:
        words = f"{row.label} {row.title}"
        if text.casefold() in words.casefold():
            url = reverse("threats:tvra", args=[row.pk])
            hits.append(find.Hit(words, url, row.operation.slug))
            if len(hits) == find.MOST:
                break
    return hits


def risk_is_new(*, risk: Any, **_: Any) -> None:
    """No tie leads to what was not there yet: it is made now, and the version hears of it."""
    for row in _standing(risk.operation_id):
        if touches(library().subject(row.kind), row.place_id, row.movement_id, risk):
            _tell(row, ("risk", risk.pk), f"Risk {risk.label} is new in the register")


def source_is_new(*, source: Any, **_: Any) -> None:
    for row in _standing(source.operation_id):
        _tell(row, ("threat", source.pk), f"Threat {source.label} is new in the register")


def _tell(row: Tvra, left: Any, reason: str) -> None:
    tie(
        left=left, right=("tvra", row.pk), relation="assessed in", compartment_id=row.compartment_id
    )
    changed(node=left, reason=reason)


@system_read("what is new in a register concerns each assessment drawn from it")
def _standing(operation_id: Any) -> list[Tvra]:
    return list(Tvra.objects.filter(operation_id=operation_id).exclude(state="superseded"))


@system_read("time runs out for everybody; the job acts for nobody")
def ended(at: datetime) -> Iterator[expiry.Expired]:
    """Measures that came of it rest on an assessment that nobody vouches for any more."""
    rows = queries.tvras(SYSTEM).filter(
        state="approved", valid_until__lte=at, valid_until__gt=at - LOOK_BACK
    )
    for row in rows:
        reason = f"TVRA {row.named} ended"
        yield expiry.Expired(("tvra", row.pk), row.valid_until, reason, row.compartment_id)
