"""Puts the verbs of all parts under one root."""

from typing import Annotated

import typer

from varangian.platform.ui import console

from .features import modules

app = typer.Typer(
    help="Varangian: the operations platform of a close-protection team.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _root(
    as_: Annotated[
        str, typer.Option("--as", metavar="EMAIL", help="act as this person", envvar="VARANGIAN_AS")
    ] = "",
    exercise: Annotated[bool, typer.Option("--exercise", help="see exercises, not life")] = False,
) -> None:
    console.act_for(as_, exercise=exercise)


for _module in modules("commands"):
    for _name, _group in _module.groups.items():
        if isinstance(_group, typer.Typer):
            app.add_typer(_group, name=_name)
        else:
            app.command(_name)(_group)


def root(words: list[str]) -> int:
    """Run one command line; refusals pass through, wrong use answers 2."""
    try:
        typer.main.get_command(app).main(words, prog_name="varangian")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0
