"""How a counter is heard: ``/count/<token>`` of the live process, and MQTT."""

from typing import Any
from uuid import UUID

from varangian.platform.live.posting import Posting

from . import counted
from .services import hearing

COUNTERS = Posting(
    prefix="/count/",
    device="counter",
    asked="how many passed",
    read=counted.read,
    unreadable=counted.Unreadable,
    keep=lambda digest, words: hearing.hear_token(digest=digest, words=words),
)


def on_told(operation_id: UUID, name: str, told: dict[str, Any], **_: Any) -> bool:
    """Over MQTT. True when it is a counter of this operation."""
    counter = hearing.counter_called(operation_id=operation_id, outside_id=name)
    if counter is None:
        return False
    try:
        words = counted.read_row(told)
    except counted.Unreadable:
        words = []
    hearing.hear(counter=counter, words=words)
    return True
