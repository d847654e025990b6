"""Sensors and recorders that speak MQTT, heard by the gateway of tracking."""

from typing import Any
from uuid import UUID

from ..services import sensing
from .reading import Unreadable, read_row
from .told import Told


def on_told(operation_id: UUID, name: str, told: dict[str, Any], **_: Any) -> bool:
    """True when it is a sensor of this operation; what it says and nobody knows is a heartbeat."""
    sensor = sensing.sensor_called(operation_id=operation_id, outside_id=name)
    if sensor is None:
        return False
    try:
        found = read_row(told)
    except Unreadable:
        found = [Told()]
    sensing.hear_all(sensor=sensor, told=found)
    return True
