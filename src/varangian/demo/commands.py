"""``varangian demo load|play``"""

from typing import Annotated

import typer

from varangian.operations.shapes import operation_shape
from varangian.platform.ui import console

from . import play as plays
from .services import load_demo

demo = typer.Typer(help="The worked operation with invented people.", no_args_is_help=True)
groups = {"demo": demo}


@demo.command()
def load(as_json: console.AsJson = False) -> None:
    """Load it into this house."""
    with console.unit("load the worked operation"):
        row = operation_shape(load_demo())
    console.emit(row, as_json)


@demo.command()
def play(
    speed: Annotated[float, typer.Option(help="minutes of the day a second", min=0.1)] = 5.0,
) -> None:
    """Run the day at speed: legs begin and end, posts report, a hazard arrives. Ctrl-C stops."""
    plays.run(speed=speed, say=console.say)
