"""News of devices and positions for the features above. Sent inside the transaction."""

from django.dispatch import Signal

sos_heard = Signal()
"""person, device_id, at, position, via, key: a device calls for help (OsmAnd alarm, beacon,
button). ``key`` names the press: the same press heard twice has the same key."""
sos_cancelled = Signal()
"""person, device_id, at, via, key: the device takes its call back; whether it counts is decided
by the feature that answers duress, never here."""
fence_crossed = Signal()
"""fence, device, person, operation, kind (enter or exit), at, position"""
device_silent = Signal()
"""device_id, person, operation, since"""
thing_told = Signal()
"""operation_id, name, told: something over MQTT that is no device said this, by the name it gives
itself; a receiver that knows it answers True"""
device_heard = Signal()
"""device_id, operation: one whose silence was told of speaks again"""
