"""Measures that pay, on screen."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.kernel.words import plural
from varangian.operations import tabs
from varangian.platform.access.scope import may, require

from .. import frontier
from ..forms.paying import AskForm, WishesForm
from ..queries import paying
from ..services.wishes import set_wishes, take_set
from ..shapes.paying import point_shape


@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """Weighs when something was asked; the search ends by itself in under two seconds."""
    operation = paying.operation_to_weigh(request.user, slug)
    found = paying.candidates(request.user, operation)
    form = AskForm(request.GET or None, candidates=found)
    changes = may(request.user, "measure.change", operation.compartment_id)
    wishes = paying.wishes_of(request.user, operation)
    context: dict[str, Any] = {
        "operation": operation,
        "tabs": tabs.of_operation(request.user, operation, "pay"),
        "form": form,
        "changes": changes,
        "wishes": wishes,
        "candidates": found,
        "wishes_form": WishesForm(candidates=found, wishes=wishes) if changes else None,
    }
    if request.GET and form.is_valid():
        answer = paying.pay(request.user, operation, form.ask())
        context |= _answer(answer, _number(request), form.ask().axis)
    return render(request, "planning/paying.html", context)


def _number(request: HttpRequest) -> int | None:
    typed = request.GET.get("point", "")
    if typed and not typed.isdecimal():
        raise Refused("The frontier has no such point", where=typed[:20])
    return int(typed) if typed else None


def _answer(found: paying.Paying, number: int | None, axis: Any) -> dict[str, Any]:
    point = found.point(number)
    rows = found.reasons(point) if point else []
    return {
        "answer": found.answer,
        "point": point_shape(point) if point else None,
        "picture": frontier.picture(found.answer.frontier, axis, point),
        "axis_words": {"money": "Money", "hours": "Person-hours"}[axis],
        "inside": [_row(*row) for row in rows if row[1].chosen],
        "outside": [_row(*row) for row in rows if not row[1].chosen],
    }


def _row(candidate: paying.Candidate, reason: Any) -> dict[str, Any]:
    shape = candidate.shape
    return {
        "one": candidate,
        "why": reason.words,
        "gain": reason.gain,
        "money": None if shape.money is None else frontier.amount(shape.money, "money"),
        "hours": None if shape.hours is None else frontier.amount(shape.hours, "hours"),
    }


@login_required
@require_POST
def take(request: HttpRequest, slug: str) -> HttpResponse:
    operation = paying.operation_to_weigh(request.user, slug)
    keys = request.POST.getlist("measure")
    added, refused = take_set(actor=request.user, operation=operation, keys=keys)
    messages.info(request, f"{plural(len(added), 'measure')} proposed; agree them one by one.")
    for key, why in refused:
        messages.warning(request, f"{key}: {why}")
    return redirect("planning:measures", slug=slug)


@login_required
@require_POST
def wish(request: HttpRequest, slug: str) -> HttpResponse:
    operation = paying.operation_to_weigh(request.user, slug)
    require(request.user, "measure.change", operation.compartment_id)
    form = WishesForm(
        request.POST,
        candidates=paying.candidates(request.user, operation),
        wishes=paying.wishes_of(request.user, operation),
    )
    if not form.is_valid():
        name = next(iter(form.errors))
        raise Refused("This is no wish about measures", where=name)
    set_wishes(actor=request.user, operation=operation, **form.fields_of())
    return redirect("planning:pay", slug=slug)


paths = [
    path("<slug:slug>/pay/", index, name="pay"),
    path("<slug:slug>/pay/take/", take, name="pay_take"),
    path("<slug:slug>/pay/wishes/", wish, name="pay_wishes"),
]
