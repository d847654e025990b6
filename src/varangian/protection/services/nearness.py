"""Fences, distance to the principal and silence, turned into alerts.

Distance is told in minutes on foot, which is what somebody who has to act can use. In the
principal's private time no fence asks for anybody, and no distance to them is told: what reaches
them then is left to duress.
"""

from typing import Any

from django.db import transaction

from varangian.alerts.services import raise_alert
from varangian.kernel.clock import age_words, now
from varangian.kernel.geometry import bearing, haversine_km, valid_lat_lon
from varangian.kernel.results import Refused
from varangian.log.services import write_entry
from varangian.platform.access.scope import Actor, require
from varangian.principals.queries import private_now
from varangian.tracking.queries import minutes_on_foot, place_of
from varangian.tracking.services.watching import crossing_words

from ..spots import spot
from . import field

NOW_MINUTES, NEAR_MINUTES = 5.0, 15.0
WINDS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


def on_fence(fence: Any, device: Any, kind: str, at: Any, position: Any, **_: Any) -> None:
    """An alert for each crossing of a fence that asks for one; the same crossing asks once."""
    if not fence.urgency or private_now(fence.operation.principal_id):
        return
    raise_alert(
        operation=fence.operation,
        title=crossing_words(fence, device, kind),
        source="fence",
        dedupe=f"fence {fence.pk} {device.pk} {kind} {at:%Y%m%d%H%M}",
        urgency=fence.urgency,
        place=f"fence {fence.pk} {kind}",
        starts=at,
        position=list(position),
        body=fence.purpose or "",
        action="Ask by radio, and say what you found in the log.",
    )


@transaction.atomic
def report_near(
    *,
    actor: Actor,
    operation: Any,
    what: str,
    position: list[float],
    confirmed: bool = False,
    kind: str = "",
    plate: str = "",
    weighed: bool = True,
) -> dict[str, Any]:
    """Somebody saw a person of interest: into the log at once, and how far from the principal.

    An alert is raised when the way on foot is short or not known. A match that a machine proposes
    is reported only after a person has confirmed it; ``confirmed`` makes a near one urgent. It is
    weighed with the other sightings for patterns, unless ``weighed`` says that it was already; the
    house itself, at its console, is no witness. ``kind``: as of a sighting from a phone; with a
    plate a vehicle, else a person.
    """
    require(actor, "log.write", operation.compartment_id)
    if not what.strip():
        raise Refused("Say who or what was seen", where="what")
    if len(position) != 2 or not valid_lat_lon(*position):
        raise Refused("This is no place on earth", where="position", mend="Give [lat, lon].")
    told = _distance(actor, operation, (position[0], position[1]))
    words = f"Seen: {what.strip()}" + (f", plate {plate.strip()}" if plate.strip() else "")
    entry = write_entry(actor=actor, operation=operation, event=words, action=told["words"])
    told["weighed"] = weighed and not actor.is_system
    if told["weighed"]:
        content = {
            "what": kind or ("vehicle" if plate.strip() else "person"),
            "text": what.strip(), "plate": plate, "position": position,
        }  # fmt: skip
        field.weigh(actor=actor, operation=operation, entry=entry, content=content)
    minutes = told["minutes"]
    if minutes is None or minutes <= NEAR_MINUTES:
        urgent = confirmed and minutes is not None and minutes <= NOW_MINUTES
        alert = raise_alert(
            operation=operation,
            actor=actor,
            title=words,
            source="sighting",
            dedupe=f"sighting {what.strip().casefold()} {now():%Y%m%d%H%M}",
            urgency="now" if urgent else "attention",
            body=told["words"],
            action="Tell the team leader; keep the principal where they are until it is clear.",
            position=position,
            place=spot(position),
            minutes=None if minutes is None else round(minutes),
        )
        told["alert"] = alert.pk
    return told


def _distance(actor: Actor, operation: Any, point: tuple[float, float]) -> dict[str, Any]:
    """In minutes on foot, with the age of the place it is reckoned from."""
    unknown = {"minutes": None, "metres": None, "alert": None}
    if private_now(operation.principal_id):
        return {**unknown, "words": "The principal's private time: distance is not told."}
    last = place_of(actor, operation)
    if last is None:
        return {**unknown, "words": "Where the principal is is not known: take it to be near."}
    here = (last.lat, last.lon)
    metres, minutes = haversine_km(here, point) * 1000, minutes_on_foot(here, point)
    wind = WINDS[round(bearing(here, point) / 45) % 8]
    age = age_words(last.at)
    words = f"About {max(1, round(minutes))} min on foot {wind} of the principal, as of {age} ago."
    return {"minutes": minutes, "metres": round(metres), "alert": None, "words": words}
