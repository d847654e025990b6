"""Number plates before one camera: read while its record says so, forgotten the moment it does not.

What was read in single shots leaves this process in no form; an answer goes to the house, which
keeps it only where a card looks out for it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from varangian.engines.vision.model import Event, Frame, Tracked
from varangian.engines.vision.plates.countries import chosen
from varangian.engines.vision.plates.watch import PlateWatch
from varangian.kernel.results import Refused

Load = Callable[[str], PlateWatch]


def load(codes: str) -> PlateWatch:
    """Raises Refused where the extra is not installed."""
    from varangian.engines.vision.plates.reader import PlateReader

    return PlateWatch(PlateReader(chosen(codes)))


class Plating:
    """The stage `Plates` of a pipeline, which reads nothing until it is told to."""

    def __init__(self, loader: Load = load) -> None:
        self._load = loader
        self._watch: PlateWatch | None = None
        self._codes: str | None = None

    def take(self, order: dict[str, Any] | None, *, able: bool = True) -> str:
        """What the house wants read now. Returns in words what keeps it from being done, once."""
        codes = None if order is None else str(order.get("countries", ""))
        if codes == self._codes:
            return ""
        self._codes, self._watch = codes, None
        if codes is None:
            return ""
        try:
            if not able:
                raise Refused("this worker cannot look: it needs varangian[vision]")
            self._watch = self._load(codes)
        except Refused as refused:
            return str(refused)
        return ""

    @property
    def reads(self) -> bool:
        return self._watch is not None

    def look(self, frame: Frame, tracked: Sequence[Tracked]) -> list[Event]:
        return [] if self._watch is None else self._watch.look(frame, tracked)
