"""What each tracker sends, read into the same form. Pure: bytes in, readings out.

Each application has a file of its own whose ``read(asked)`` returns None for what is not its
shape, ``Heard`` for what is, and raises ``Unreadable`` for its own shape gone wrong.
"""

from . import gpslogger, meshtastic, osmand, overland, owntracks, traccar
from .reading import Asked, Heard, Reading, Unreadable

__all__ = ["Asked", "Heard", "Reading", "Unreadable", "read"]
PARSERS = (owntracks, overland, traccar, meshtastic, gpslogger, osmand)
MOST = 5_000
"""Readings in one request: an hour and more of a phone that was without a net."""


def read(asked: Asked) -> Heard:
    """By its shape, whatever the device was enrolled as: people change applications."""
    if not asked.body.strip() and not asked.query:
        return Heard("empty")
    for parser in PARSERS:
        heard = parser.read(asked)
        if heard is not None:
            if len(heard.readings) > MOST:
                raise Unreadable(f"more than {MOST} positions at once")
            return heard
    raise Unreadable("no form of position that is known here")
