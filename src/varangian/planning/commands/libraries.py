"""``varangian library ...``: the standard risks and measures."""

from typing import Any

import typer

from varangian.platform.ui import console
from varangian.threats.library import matrix, risks

from ..library import measures

library = typer.Typer(help="The standard risks and measures.", no_args_is_help=True)
groups = {"library": library}


@library.command("risks")
def list_risks(responsibility: str = "", as_json: console.AsJson = False) -> None:
    """Standard risks with their suggested rating."""
    rows = [_risk(risk) for risk in risks().risks if responsibility in ("", risk.responsibility)]
    console.emit(rows, as_json, ("id", "responsibility", "band", "title"))


@library.command("measures")
def list_measures(responsibility: str = "", as_json: console.AsJson = False) -> None:
    """Standard measures with what they lower and cost."""
    rows = [
        measure.model_dump(mode="json")
        for measure in measures().measures
        if responsibility in ("", measure.responsibility)
    ]
    console.emit(rows, as_json, ("id", "responsibility", "role", "title"))


def _risk(risk: Any) -> dict[str, Any]:
    band = matrix().band(risk.suggested.likelihood, risk.suggested.impact)
    return {**risk.model_dump(mode="json"), "band": band}
