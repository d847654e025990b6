"""``varangian files``: where sealed files lie"""

from pathlib import Path

import typer
from django.conf import settings

from varangian.platform.ui import console

from .services import gather

app = typer.Typer(help="Where sealed files lie.", no_args_is_help=True)


@app.command("gather")
def gather_(as_json: console.AsJson = False) -> None:
    """Bring the files in this machine's home to where all machines find them."""
    with console.unit("gather files"):
        moved, there = gather(Path(settings.HOME) / "files")
    console.emit({"moved": moved, "there already": there, "to": settings.FILES}, as_json)


groups = {"files": app}
