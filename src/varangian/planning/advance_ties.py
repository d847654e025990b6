"""What the advance brings to the other parts: its tab, and what it hears of."""

from varangian.operations import tabs
from varangian.operations.events import movement_added, movement_changed, movement_removed
from varangian.places.events import survey_answered

from .services.advance import on_answered, on_movement, on_removed


def register_all() -> None:
    tabs.add(
        "advance",
        "Advance",
        icon="binoculars",
        url_name="planning:advance",
        action="advance.view",
        rank=35,
    )
    survey_answered.connect(on_answered, dispatch_uid="planning.advance answered")
    movement_removed.connect(on_removed, dispatch_uid="planning.advance removed")
    for signal in (movement_added, movement_changed):
        signal.connect(on_movement, dispatch_uid="planning.advance moved")
