"""``varangian up``, as help shows it (the verb itself runs before Django is there), and units."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from varangian.platform.database.embedded import home_folder
from varangian.platform.ui import console

from .units import texts, write
from .up import run


def up(
    only: Annotated[
        list[str] | None, typer.Option(help="web, live or worker; needs DATABASE_URL")
    ] = None,
) -> None:
    """Start database, web, live and worker; Ctrl-C ends them all."""
    raise SystemExit(run(only or ()))


def units(
    folder: Annotated[Path, typer.Argument(help="such as /etc/systemd/system")],
    user: Annotated[str, typer.Option(help="the account that runs it")] = "varangian",
    environment: Annotated[
        Path, typer.Option(help="file of settings, DATABASE_URL among them")
    ] = Path("/etc/varangian/environment"),
    as_json: console.AsJson = False,
) -> None:
    """Write systemd units for this machine: one service a part."""
    program = Path(sys.executable).parent / "varangian"
    made = write(
        folder, texts(program=program, home=home_folder(), user=user, environment=environment)
    )
    console.emit([{"file": str(path)} for path in made], as_json, columns=["file"])
    console.say("Then: systemctl daemon-reload, systemctl enable --now varangian.target")


groups = {"up": up, "units": units}
