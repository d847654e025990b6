"""Clicks at a door, kept on the phone until there is a net; each batch counts once."""

from uuid import UUID

from varangian.crowds import services as crowds
from varangian.crowds.queries import live
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor

from .outbox import Act, kind


@kind("crowd_click")
def clicked(*, actor: Actor, act: Act) -> str:
    try:
        counter = live.counter(actor, UUID(str(act.body.get("counter"))))
        entered, left = (int(act.body.get(way) or 0) for way in ("entered", "left"))
    except (ValueError, TypeError) as error:
        raise Refused("A click names its counter and how many passed", "counter") from error
    crowds.click(
        actor=actor, counter=counter, entered=entered, left=left, at=act.at, key=str(act.key)
    )
    return f"{counter.name}: {entered} in, {left} out"
