"""``varangian board``"""

from varangian.platform.ui import console

from ..shapes.board import board_shape


def board(as_json: console.AsJson = False) -> None:
    """What runs, what comes next, what needs a person."""
    with console.unit() as actor:
        found = board_shape(actor)
    if as_json:
        console.emit(found, True)
        return
    console.emit(found["running"], False, ("serial", "title", "starts", "ends", "state"))
    console.emit(found["coming"], False, ("serial", "title", "starts", "state"))
    console.emit(found["alerts"], False, ("urgency", "state", "title"))


groups = {"board": board}
