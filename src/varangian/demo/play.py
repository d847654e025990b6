"""The day at speed: what the team would report, written through the same services."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from varangian.intelligence.services import import_feed
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.log import services as log
from varangian.operations import queries
from varangian.operations import services as operations
from varangian.operations.models import Movement
from varangian.platform.access.context import acting
from varangian.platform.access.models import User
from varangian.platform.access.queries import user_by_email
from varangian.platform.access.scope import SYSTEM

from . import hazards
from .services import LEADER, story

OPEN = ("planned", "confirmed", "under_way", "arrived")
OPERATOR = "operator@varangian.invalid"
HAZARD = "hazard"
WARNING = timedelta(minutes=20)


@dataclass(frozen=True)
class Beat:
    at: datetime
    movement: Movement
    state: str
    words: str


def run(*, speed: float, say: Callable[[str], None]) -> None:
    """``speed`` is minutes of the day per second; each beat is a transaction of its own."""
    operator = user_by_email(OPERATOR)
    leader = user_by_email(LEADER)
    if operator is None or leader is None:
        raise Refused("The worked operation is not loaded", mend="Run varangian demo load first.")
    clock = now()
    for beat in _beats(leader):
        time.sleep(max(0.0, (beat.at - clock).total_seconds() / 60 / speed))
        clock = max(clock, beat.at)
        _play(beat, leader, operator)
        say(f"{beat.at:%d %b %H:%M} UTC  {beat.words}")
    say("The day is over.")


def _beats(leader: User) -> list[Beat]:
    with acting(leader, purpose="play the day"):
        rows = queries.movements(leader).filter(operation__state="active", state__in=OPEN)
        beats = [beat for movement in rows for beat in _of(movement)]
        beats += _hazard_before([beat for beat in beats if beat.state == "under_way"])
    return sorted(beats, key=lambda beat: beat.at)


def _hazard_before(begun: list[Beat]) -> list[Beat]:
    """A squall on the next leg that ends at a known point."""
    for beat in sorted(begun, key=lambda beat: beat.at):
        if not beat.movement.is_stay and beat.movement.destination and _point(beat.movement):
            words = f"Hazard feed: {story()['hazard']['title']}"
            return [Beat(beat.at - WARNING, beat.movement, HAZARD, words)]
    return []


def _point(movement: Movement) -> list[float]:
    return movement.destination.position if movement.destination else []


def _of(movement: Movement) -> list[Beat]:
    if movement.starts is None:
        return []
    found = []
    if movement.state in ("planned", "confirmed"):
        found.append(Beat(movement.starts, movement, "under_way", f"{movement.title}: begun"))
    end = movement.ends or movement.starts + timedelta(hours=1)
    return [*found, Beat(end, movement, "complete", f"{movement.title}: complete")]


def _arrive(beat: Beat) -> None:
    """Through the feed's own path: read, matched to the legs, alerted."""
    starts = beat.movement.starts or beat.at
    data = hazards.squall(
        story()["hazard"],
        position=_point(beat.movement),
        starts=starts,
        ends=beat.movement.ends or starts + timedelta(hours=1),
    )
    with acting(SYSTEM, purpose="play the day"):
        import_feed(actor=SYSTEM, data=data, kind="geojson", name="played-hazard")


def _play(beat: Beat, leader: User, operator: User) -> None:
    if beat.state == HAZARD:
        _arrive(beat)
        return
    with acting(leader, purpose="play the day"):
        movement = queries.movement(leader, beat.movement.pk)
        if beat.state == "complete" and movement.state not in ("under_way", "arrived"):
            return
        operations.set_movement_state(actor=leader, movement=movement, state=beat.state)
    with acting(operator, purpose="play the day"):
        log.write_entry(
            actor=operator,
            operation=beat.movement.operation,
            event=beat.words,
            from_="Sunray",
            to="Zero",
        )
