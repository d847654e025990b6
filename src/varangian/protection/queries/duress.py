"""Calls for help as other people see them. Whoever called sees nothing of it while it runs."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse

from varangian.alerts import queries as alert_queries
from varangian.kernel.results import NotFound
from varangian.platform.access.scope import Actor, holds, system_read
from varangian.platform.ui.bar import Banner
from varangian.tracking.queries import devices, positions

from ..models import Duress, DuressKey, Press

MOST, NEAR = 5, 4


def calls(actor: Actor, *, view: str = "running") -> QuerySet[Duress]:
    """``running``, newest first; ``past``; or ``all``."""
    found = Duress.objects.visible_to(actor).select_related(
        "operation", "person", "post", "vouched_by", "ended_by"
    )
    if not actor.is_system:
        found = found.exclude(person_id=actor.pk, state__in=Duress.RUNNING)
    if view == "running":
        return found.filter(state__in=Duress.RUNNING)
    return found.exclude(state__in=Duress.RUNNING) if view == "past" else found


def call(actor: Actor, pk: UUID) -> Duress:
    found = calls(actor, view="all").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such call, or it is not yours to see", where=str(pk))
    return found


def presses(actor: Actor, call: Duress) -> QuerySet[Press]:
    return Press.objects.visible_to(actor).filter(call=call)


def waiting(actor: Actor) -> QuerySet[Press]:
    """Heard this moment, and not yet part of a call."""
    found = Press.objects.visible_to(actor).filter(call=None).select_related("operation")
    return found if actor.is_system else found.exclude(person_id=actor.pk)


def whereabouts(actor: Actor, call: Duress) -> dict[str, Any]:
    """The newest that is known, from a press or from a device, and who is near."""
    press = presses(actor, call).exclude(lat=None).order_by("-heard_at").first()
    device = positions.position_of(actor, call.person) if call.person else None
    found: Any = press if device is None or (press and press.heard_at > device.at) else device
    near = []
    if found is not None and call.running:
        rows = positions.nearest(actor, call.operation, (found.lat, found.lon), most=NEAR + 1)
        near = [row for row in rows if row["position"].device.person_id != call.person_id][:NEAR]
    return {"located": found, "near": near, "by_device": found is device and found is not None}


def map_features(actor: Actor, call: Duress) -> dict[str, Any]:
    """Where the caller is, and the team around."""
    known = whereabouts(actor, call)
    spots = [(known["located"], call.caption)] if known["located"] else []
    others = [row["position"] for row in known["near"]]
    features = [_point(row, caption, "hazard") for row, caption in spots]
    features += [positions.feature_of(row) for row in others]
    return {"type": "FeatureCollection", "features": features}


def _point(row: Any, caption: str, kind: str) -> dict[str, Any]:
    told = {"kind": kind, "title": caption, "tone": "red", "at": row.heard_at}
    where = {"type": "Point", "coordinates": [row.lon, row.lat]}
    return {"type": "Feature", "geometry": where, "properties": told}


def alerts_of(actor: Actor, call: Duress) -> list[Any]:
    return list(alert_queries.alerts(actor, view="all").filter(about=call.pk))


def banners(actor: Any) -> list[Banner]:
    """Above every page of everybody who must know."""
    if not actor.is_authenticated or not holds(actor, "duress.view"):
        return []
    url = reverse("duress:list")
    heard, running = waiting(actor), calls(actor)
    shown = [
        Banner(_words(row.caption, row.heard_at, row.operation.time_zone), url)
        for row in heard[:MOST]
    ] + [
        Banner(
            _words(_said(row), row.opened_at, row.operation.time_zone),
            reverse("duress:call", args=[row.pk]),
        )
        for row in running[:MOST]
    ]
    if len(shown) < MOST:
        return shown
    more = heard.count() + running.count() - len(shown)
    return [*shown, Banner(f"and {more} more", url)] if more else shown


def _said(call: Duress) -> str:
    """The banner says Duress already."""
    return call.caption if call.title.startswith("Duress:") else call.title


def _words(caption: str, at: datetime, zone: str) -> str:
    return f"{caption}, {at.astimezone(ZoneInfo(zone)):%H:%M:%S}"


@system_read("what runs about a person is kept from their own eyes")
def kept_from(actor: Actor) -> set[UUID]:
    """For every list in which a caller's own call could show."""
    mine = Duress.objects.filter(person_id=actor.pk, state__in=Duress.RUNNING)
    ids = set(mine.values_list("pk", flat=True))
    if not ids:
        return ids
    carried = devices.own_devices(actor).values_list("pk", flat=True)
    return ids | alert_queries.ids_about(ids) | set(carried)


@system_read("a person's own keys, whatever they are in")
def keys_of(actor: Actor) -> list[DuressKey]:
    return list(DuressKey.objects.filter(person_id=actor.pk, revoked_at=None))


@system_read("the wall of each operation is asked before")
def keys_in(operation: Any) -> list[DuressKey]:
    """Buttons fixed in places of one operation."""
    found = DuressKey.objects.filter(operation=operation, revoked_at=None)
    return list(found.select_related("made_by"))
