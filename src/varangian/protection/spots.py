"""The place of an alert, in words that two alerts from the same place share. Pure."""

from collections.abc import Sequence
from typing import Any


def spot(position: Sequence[float] | None) -> str:
    """To a thousandth of a degree, which is a street corner. Empty when nobody knows."""
    if not position:
        return ""
    return f"{position[0]:.3f} {position[1]:.3f}"


def place_of(incident: Any) -> str:
    """The place of the library, else the position, else what was said of where it is."""
    if incident.place_id:
        return f"place {incident.place_id}"
    return spot(incident.position) or incident.where.strip().casefold()
