"""A leg driven by nobody: positions through the door of every phone, in an exercise or a test."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from django.conf import settings
from django.db import transaction

from varangian.engines.routing import match
from varangian.kernel.geometry import bearing, destination
from varangian.kernel.results import Conflict, Denied, Refused
from varangian.operations.models import Movement
from varangian.platform.access.scope import SYSTEM, Actor, require
from varangian.tracking import enrolment
from varangian.tracking.models import Device
from varangian.tracking.services import devices

from ..models import TrackingPlan
from ..queries import movement_board as queries
from .movement_watch import begin_leg
from .tracking_plans import make_tracking_plan

EVERY_S = 1.0
ACCURACY_M = 8
STRAY_FROM, STRAY_TO = 0.35, 0.6
"""Shares of the way between which a car that strays does so."""
SPEEDS = (0.1, 60.0)


@dataclass(frozen=True)
class Drive:
    """``speed`` in times of the planned one. ``stray_m``: so far aside in the middle of the way.
    ``stop_s``: so long it stands at half of the way, on the clock of the wall."""

    speed: float = 1.0
    stray_m: float = 0.0
    stop_s: float = 0.0


@transaction.atomic
def prepare(*, actor: Actor, movement: Movement, drive: Drive) -> tuple[Device, str]:
    """A device of its own becomes the source of the leg, and the leg begins."""
    require(actor, "track.change", movement.compartment_id)
    if not (settings.SIMULATE or movement.compartment.exercise):
        raise Denied(
            "A leg is simulated in an exercise only", mend="Enter an exercise: what is invented "
            "must not stand beside what is so.",
        )  # fmt: skip
    if not SPEEDS[0] <= drive.speed <= SPEEDS[1]:
        raise Refused(f"A speed is {SPEEDS[0]} to {SPEEDS[1]:.0f} times the planned", "speed")
    if movement.state in ("arrived", "complete", "cancelled"):
        raise Conflict("This leg is over", f"leg {movement.serial}")
    device, secret = devices.enrol(
        actor=actor, operation=movement.operation, kind=Device.Kind.TRACKER,
        label=f"Simulated car, leg {movement.serial}", share=Device.Share.MOVEMENT, period_s=1,
        days=1,
    )  # fmt: skip
    make_tracking_plan(actor=actor, movement=movement, device=device.pk, reason="Simulated drive")
    begin_leg(actor=actor, movement=movement)
    return device, f"{enrolment.origin()}/ingest/{secret}"


def simulate_leg(
    *, address: str, drive: Drive,
    follow: Callable[[], tuple[TrackingPlan | None, str]],
) -> int:  # fmt: skip
    """Drives until the leg is over. Returns how many positions were sent.

    ``follow`` gives the newest plan and the state of the leg: a diversion is driven at once.
    """
    sent, version, line = 0, -1, None
    at_s = stood = 0.0
    with httpx.Client(timeout=10) as client:
        while True:
            plan, state = follow()
            if plan is None or state not in queries.BEGUN:
                return sent
            if plan.version != version or line is None:
                version, line, at_s = plan.version, queries.line_of(plan.payload), 0.0
            share = at_s / line.seconds
            _send(client, address, _place(line, at_s, plan, drive))
            sent += 1
            if share >= 0.5 and stood < drive.stop_s and plan.kind == TrackingPlan.Kind.ROUTE:
                stood += EVERY_S
            else:
                at_s = min(at_s + drive.speed * EVERY_S, line.seconds)
            time.sleep(EVERY_S)


def _place(line: match.Line, at_s: float, plan: TrackingPlan, drive: Drive) -> tuple[float, float]:
    """(lat, lon); to the left of the way as a whole while it strays."""
    along = _along(line, at_s)
    lon, lat = match.place_at(line, along)
    if plan.kind == TrackingPlan.Kind.ROUTE and STRAY_FROM <= along / line.metres <= STRAY_TO:
        (west, south), (east, north) = plan.payload["line"][0], plan.payload["line"][-1]
        course = bearing((south, west), (north, east))
        return destination((lat, lon), course - 90, drive.stray_m / 1000)
    return lat, lon


def _along(line: match.Line, at_s: float) -> float:
    import numpy as np

    return float(np.interp(at_s, line.at_s, line.along_m))


def _send(client: httpx.Client, address: str, place: tuple[float, float]) -> None:
    body = {"_type": "location", "lat": place[0], "lon": place[1], "acc": ACCURACY_M}
    answer = client.post(address, json={**body, "tid": "SI"})
    if answer.status_code >= 400:
        raise Refused(f"The ingest answered {answer.status_code}", mend=answer.text[:200])


@transaction.atomic
def put_away(device: Device) -> None:
    """What was simulated does not stay on the map."""
    devices.revoke(actor=SYSTEM, device=device)
