"""The movement board of an operation: a line for each leg of the day."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from varangian.operations import queries as operation_queries
from varangian.operations.pages.operations import tabs
from varangian.platform.access.scope import may, require

from ..queries import movement_board as queries
from ..shapes.movement_board import leg_row


@login_required
@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    context = _context(request, slug)
    operation, day = context["operation"], context["day"]
    known = queries.days(request.user, operation)
    context |= {
        "days": known,
        "before": max((one for one in known if one < day), default=None),
        "after": min((one for one in known if one > day), default=None),
        "tabs": tabs(request, operation, "movements"),
    }
    return render(request, "travel/board/board.html", context)


@login_required
@require_safe
def rows(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "travel/board/_rows.html", _context(request, slug))


def _context(request: HttpRequest, slug: str) -> dict[str, Any]:
    operation = operation_queries.operation(request.user, slug)
    require(request.user, "track.view", operation.compartment_id)
    day = queries.day_shown(request.user, operation, request.GET.get("day", ""))
    legs = queries.legs_of_day(request.user, operation, day)
    return {
        "operation": operation,
        "day": day,
        "rows": [leg_row(request.user, leg) for leg in legs],
        "may_change": may(request.user, "track.change", operation.compartment_id),
    }


paths = [
    path("board/of/<slug:slug>/", board, name="movement_board"),
    path("board/of/<slug:slug>/rows/", rows, name="movement_rows"),
]
