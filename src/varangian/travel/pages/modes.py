"""Screen of one journey and every way to make it."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.operations import tabs
from varangian.platform.access.scope import may

from .. import services
from ..models import ModeComparison
from ..modes.library import modes
from ..queries import modes as queries
from ..shapes.modes import comparison_shape

TONES = {"possible": "green", "doubtful": "amber", "no": "grey"}


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.comparison(request.user, pk)
    shape = comparison_shape(row, queries.table(request.user, row))
    ways = [one for one in shape["ways"] if one["standing"] != "no"]
    scale = max([1.0, *(sum(stage["high"] or 0 for stage in one["stages"]) for one in ways)])
    context = {
        "row": row,
        "shape": shape,
        "operation": row.operation,
        "ways": [{**one, "tone": TONES[one["standing"]], "bar": _bar(one, scale)} for one in ways],
        "others": [one for one in shape["ways"] if one["standing"] == "no"],
        "lines": _lines(shape, ways),
        "criteria": modes().criteria,
        "changed": row.state == "open" and queries.moved_on(row),
        "may_change": row.state == "open"
        and may(request.user, "choice.change", row.compartment_id),
        "may_decide": row.state == "open"
        and may(request.user, "choice.decide", row.compartment_id),
        "tabs": tabs.of_operation(request.user, row.operation, "choices"),
    }
    return render(request, "travel/choices/way.html", context)


def _lines(shape: dict[str, Any], ways: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One line of the table with its cells; ``first`` begins a new side."""
    found, side = [], ""
    for one in shape["lines"]:
        cells = [(way, way["cells"].get(one["id"])) for way in ways]
        found.append({**one, "cells": cells, "first": one["side"] != side})
        side = one["side"]
    return found


def _bar(way: dict[str, Any], scale: float) -> list[dict[str, Any]]:
    """Stages as shares of the longest way, by their most; unknown ones get a fixed share."""
    found, at = [], 0.0
    for stage in way["stages"]:
        known = stage["high"] is not None
        width = 100 * stage["high"] / scale if known else 6.0
        found.append({**stage, "known": known, "x": round(at, 2), "width": round(width, 2)})
        at += width
    return found


@login_required
@require_POST
def act(request: HttpRequest, pk: UUID) -> HttpResponse:
    row: ModeComparison = queries.comparison(request.user, pk)
    given = request.POST
    who: dict[str, Any] = {"actor": request.user, "comparison": row}
    deed = given.get("deed", "")
    if deed == "tell":
        services.tell_line(
            **who, mode=given.get("mode", ""), line=given.get("line", ""),
            text=given.get("text", ""), low=_minutes(given.get("low", ""), "least"),
            high=_minutes(given.get("high", ""), "most"),
        )  # fmt: skip
    elif deed == "choose":
        services.choose_mode(**who, mode=given.get("mode", ""), reason=given.get("reason", ""))
    elif deed == "drop":
        services.drop_comparison(**who, reason=given.get("reason", ""))
    else:
        raise Refused("There is no such deed", where="deed")
    return redirect("travel:way", pk=pk)


def _minutes(text: str, where: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text.strip() else None
    except ValueError:
        raise Refused("This is no number of minutes", where, "Such as 45.") from None


paths = [
    path("ways/<uuid:pk>/", show, name="way"),
    path("ways/<uuid:pk>/act/", act, name="way_act"),
]
