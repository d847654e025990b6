"""What dossiers bring to the other parts: their names on the thread, their tab, what they hear."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from varangian.operations import tabs
from varangian.operations.events import movement_added, movement_changed
from varangian.platform.access.scope import SYSTEM
from varangian.platform.thread import expiry, registry


def tie() -> None:
    from .advisories.notice import AUTHORITIES

    registry.register(
        "destination",
        words="Destination",
        model="travel.Destination",
        caption=lambda row: f"{row.label} {row.country}",
        url=lambda row: reverse("travel:destination", args=[row.pk]),
    )
    registry.register(
        "advisory",
        words="Travel advisory",
        model="travel.Advisory",
        caption=lambda row: (
            f"{AUTHORITIES.get(row.source, row.source)} on "
            f"{'parts of ' if row.scope == 'part' else ''}{row.country}"
        ),
        url=lambda row: reverse("travel:country", args=[row.country]),
    )
    tabs.add(
        "destinations",
        "Destinations",
        icon="world",
        url_name="travel:destinations_of",
        action="dossier.view",
        rank=12,
    )
    movement_added.connect(_leg, dispatch_uid="dossier leg added")
    movement_changed.connect(_leg, dispatch_uid="dossier leg changed")
    expiry.register("dossiers", _ended)


def _leg(movement: Any, actor: Any, **_: Any) -> None:
    from .services.dossier_legs import hear_of_leg

    hear_of_leg(actor=actor or SYSTEM, movement=movement)


def _ended(at: datetime) -> Iterable[expiry.Expired]:
    from .queries.destinations import approvals_ended

    for row in approvals_ended(SYSTEM, at):
        if row.until:
            yield expiry.Expired(
                ("destination", row.destination_id),  # pyright: ignore
                row.until,
                f"Approval of {row.destination.label} has ended",
                row.compartment_id,
            )
