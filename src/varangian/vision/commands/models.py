"""What networks there are and where they come from."""

from dataclasses import asdict

import typer

from varangian.engines.vision.catalogue import models
from varangian.platform.ui import console


def list_models(as_json: console.AsJson = False) -> None:
    """Every network: licence, origin, hash, and whether it is installed."""
    rows = [{**asdict(model), "installed": model.installed} for model in models().values()]
    if as_json:
        console.emit(rows, True)
        return
    for row in rows:
        state = "installed" if row["installed"] else "not installed"
        typer.echo(f"{row['name']}: {row['stage']}, {state}")
        for word in ("licence", "author", "origin", "trained_on", "made_by", "sha256"):
            if row[word]:
                typer.echo(f"    {word.replace('_', ' ')}: {row[word]}")
