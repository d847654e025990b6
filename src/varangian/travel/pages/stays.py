"""Screen of the choice of a house: the matrix, the answers, and what the order rests on."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.operations import tabs
from varangian.places import queries as place_queries
from varangian.platform.access.scope import may

from .. import services
from ..models import StayChoice
from ..queries import stays as queries
from ..shapes.stays import choice_shape
from ..stays.library import NO, YES, FromSurvey, Item
from .choices import one_of

TONES = {"clear": "green", "open": "grey", "out": "red"}
PARTS = {"vetoes": "Rules a house out", "wishes": "Wishes", "items": "Weighed"}
YES_NO = {YES: "yes", NO: "no"}
DEEDS = ("add", "drop-house", "answers", "weights", "wish", "drop-wish", "choose", "drop")


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.choice(request.user, pk)
    table = queries.matrix(request.user, row)
    shape = choice_shape(table)
    found = _matrix(table, shape)
    open_, circle = row.state == StayChoice.State.OPEN, row.compartment_id
    context = {
        "row": row,
        "shape": shape,
        "operation": row.operation,
        "houses": [{**one, "tone": TONES[one["standing"]], **_bar(one)} for one in shape["rows"]],
        "matrix": found,
        "parts": [
            {"title": title, "lines": found[name]} for name, title in PARTS.items() if found[name]
        ],
        "fragile": [one for one in shape["sensitivity"] if not one["robust"]],
        "robust": [one for one in shape["sensitivity"] if one["robust"]],
        "choices": queries.candidates_from(request.user, row) if open_ else [],
        "preferences": _preferences(request, row),
        "may_change": open_ and may(request.user, "choice.change", circle),
        "may_decide": open_ and may(request.user, "choice.decide", circle),
        "tabs": tabs.of_operation(request.user, row.operation, "choices"),
    }
    return render(request, "travel/choices/house.html", context)


def _bar(one: dict[str, Any]) -> dict[str, float]:
    """Known and could be, in percent."""
    known, most = round(100 * one["known"]), round(100 * one["at_most"])
    return {"known_percent": known, "most_percent": most, "open_percent": most - known}


def _preferences(request: HttpRequest, row: StayChoice) -> str:
    who = row.operation.principal
    return who.preferences if may(request.user, "principal.view", who.compartment_id) else ""


def _matrix(table: queries.Matrix, shape: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The lines of the table with one cell a house, in the order of the houses."""
    items = {one.id: one for one in table.library.items}
    asked = {one.id: one.survey for one in (*table.library.vetoes, *table.library.items)}

    def lines(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            _line(table, shape, one, items.get(one["id"]), asked.get(one["id"])) for one in rows
        ]

    wishes = [{**one, "id": one["key"], "title": one["words"]} for one in shape["wishes"]]
    return {
        "vetoes": lines(shape["vetoes"]),
        "items": lines(shape["items"]),
        "wishes": lines(wishes),
    }


def _line(
    table: queries.Matrix, shape: dict[str, Any], one: dict[str, Any], item: Item | None,
    survey: FromSurvey | None,
) -> dict[str, Any]:  # fmt: skip
    options = {level.id: level.title for level in item.levels} if item else YES_NO
    cells = []
    for house in shape["rows"]:
        answer = house["answers"].get(one["id"], {})
        value = answer.get("value", "")
        fact = table.facts.get(house["house"], {}).get(survey.fact) if survey else None
        words = options.get(value) or (item.words(value) if item else value)
        cells.append({
            "house": house, "value": value, "words": words, "note": answer.get("note", ""),
            "from": answer.get("from", ""), "survey": fact.words if fact else "",
        })  # fmt: skip
    question = item is None and bool(one.get("ask"))
    return {
        "one": one,
        "question": question,
        "options": options,
        "unit": item.unit if item else "",
        "cells": cells,
    }


@login_required
@require_POST
def act(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = queries.choice(request.user, pk)
    deed, given = request.POST.get("deed", ""), request.POST
    who: dict[str, Any] = {"actor": request.user, "choice": row}
    if deed == "add":
        services.add_house(**who, name=given.get("name", ""), place=_place(request))
    elif deed == "drop-house":
        services.drop_house(**who, house=given.get("house", ""))
    elif deed == "answers":
        _answers(request, row)
    elif deed == "weights":
        services.weigh(**who, weights=_weights(request))
    elif deed == "wish":
        services.add_wish(
            **who, words=given.get("words", ""), must=given.get("must") == "1",
            weight=given.get("weight") or 3,
        )  # fmt: skip
    elif deed == "drop-wish":
        services.drop_wish(**who, wish=given.get("wish", ""))
    elif deed == "choose":
        services.choose_house(**who, house=given.get("house", ""), reason=given.get("reason", ""))
    elif deed == "drop":
        services.drop_choice(**who, reason=given.get("reason", ""))
    else:
        raise Refused("There is no such deed", "deed", ", ".join(DEEDS))
    return redirect("travel:house", pk=pk)


def _place(request: HttpRequest) -> Any:
    text = request.POST.get("place", "")
    return place_queries.place(request.user, one_of(text, "place")) if text else None


def _weights(request: HttpRequest) -> dict[str, Any]:
    rows = request.POST.items()
    return {name.removeprefix("w-"): value for name, value in rows if name.startswith("w-")}


def _answers(request: HttpRequest, row: StayChoice) -> None:
    """What changed of one house: what the survey answers by itself stays the survey's."""
    house = request.POST.get("house", "")
    given = {
        name.removeprefix("a-"): value.strip()
        for name, value in request.POST.items()
        if name.startswith("a-")
    }
    table = queries.matrix(request.user, row)
    known = table.row(house)
    for item, value in given.items():
        stood = known.candidate.value(item) if known else ""
        if value != stood:
            services.answer_item(
                actor=request.user, choice=row, house=house, item=item, value=value
            )


paths = [
    path("houses/<uuid:pk>/", show, name="house"),
    path("houses/<uuid:pk>/act/", act, name="house_act"),
]
