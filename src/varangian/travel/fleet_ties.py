"""How the fleet hangs together with legs, threads and tabs."""

from typing import Any

from django.urls import reverse

from varangian.kernel.results import Refused
from varangian.operations import tabs
from varangian.operations.events import movement_changed
from varangian.operations.models import Movement
from varangian.platform.thread.registry import register


def tie() -> None:
    register(
        "vehicle",
        words="Vehicle",
        model="travel.Vehicle",
        caption=lambda row: row.name,
        url=lambda row: reverse("travel:vehicle", args=[row.pk]),
    )
    register(
        "check",
        words="Vehicle check",
        model="travel.Inspection",
        caption=lambda row: f"{row.checklist} {row.began_at:%d %b %H:%M}",
        url=lambda row: reverse("travel:check", args=[row.pk]),
    )
    register(
        "find",
        words="Find",
        model="travel.Find",
        caption=lambda row: f"Find on {row.vehicle.name}",
        url=lambda row: reverse("travel:find", args=[row.pk]),
    )
    tabs.add(
        "vehicles",
        "Vehicles",
        icon="car",
        url_name="travel:fleet_of",
        action="vehicle.view",
        rank=12,
    )
    movement_changed.connect(on_movement, dispatch_uid="travel.fleet")


def on_movement(movement: Movement, changes: list[str], **_: Any) -> None:
    """Inside the transaction of the change: what is raised here takes it back."""
    from .queries.inspections import stopping
    from .services.allotments import follow
    from .services.drivers import leg_moves

    if movement.state == Movement.State.UNDER_WAY and changes == ["state"]:
        found = stopping(movement.pk)
        if found is not None:
            raise Refused(
                f"A find on {found.vehicle.name} stops this leg",
                where=movement.title,
                mend="The detail leader releases it with a reason, or takes another vehicle.",
            )
    follow(movement)
    if changes == ["state"]:
        leg_moves(movement)
