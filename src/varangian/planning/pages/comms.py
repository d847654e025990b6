"""The communications plan on screen."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Conflict, Refused
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may, require
from varangian.platform.thread.queries import stale_by_record
from varangian.platform.ui.both import choose

from .. import printing_comms, services
from ..forms.comms import CommsForm, PurposeForm, TestForm
from ..queries import comms


@login_required
def show(request: HttpRequest, slug: str) -> HttpResponse:
    return _show(request, operations.operation(request.user, slug))


def _show(request: HttpRequest, operation: Any, words: Any = None) -> HttpResponse:
    context = _plan(request, operation)
    context |= {"tabs": tabs.of_operation(request.user, operation, "comms"), "words": words}
    context["purpose_form"] = PurposeForm()
    if context["may_test"]:
        context["test_form"] = _test_form(request, operation)
    return render(request, "planning/comms.html", context)


@login_required
def part(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    return render(request, "planning/_comms.html", _plan(request, operation))


def _plan(request: HttpRequest, operation: Any) -> dict[str, Any]:
    user, where = request.user, operation.compartment_id
    require(user, "comms.view", where)
    version = comms.current(user, operation)
    plan_id = version.plan_id if version else None
    return {
        "operation": operation,
        "plan": version,
        "bearers": comms.bearers(user, operation),
        "signs": comms.call_signs(user, operation),
        "masked": comms.words_shown(version),
        "tests": comms.tests(user, operation)[:20],
        "versions": comms.versions(user, version.plan)[:12] if version else [],
        "stale": stale_by_record(user, "comms", [plan_id]).get(plan_id, []) if plan_id else [],
        "may_change": may(user, "comms.change", where),
        "may_test": may(user, "comms.test", where),
        "may_know": comms.may_know_words(user, operation),
    }


def _test_form(request: HttpRequest, operation: Any, data: Any = None) -> TestForm:
    return TestForm(data, posts=comms.call_signs(request.user, operation))


@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    require(request.user, "comms.change", operation.compartment_id)
    version = comms.current(request.user, operation)
    form = CommsForm(request.POST or None, version=version)
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = form.fields_of() | {"expected_version": form.expected}
        try:
            services.write_comms(actor=request.user, operation=operation, **given)
        except Conflict as error:
            fresh = CommsForm(version=comms.current(request.user, operation))
            title = "the communications plan"
            return choose(request, error=error, typed=form, fresh=fresh, title=title)
        return redirect("planning:comms", slug=slug)
    context = {"operation": operation, "form": form, "plan": version}
    context["tabs"] = tabs.of_operation(request.user, operation, "comms")
    return render(request, "planning/comms_edit.html", context)


@login_required
@require_POST
def test(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    form = _test_form(request, operation, request.POST)
    if not form.is_valid():
        raise Refused("Say which means, from where, and how it was", where="test")
    services.record_test(actor=request.user, operation=operation, **form.fields_of())
    return redirect("planning:comms", slug=slug)


@reauthenticated
def words(request: HttpRequest, slug: str) -> HttpResponse:
    """The words stand in this one answer; the next look is masked again."""
    operation = operations.operation(request.user, slug)
    if request.method != "POST":
        return redirect("planning:comms", slug=slug)
    purpose = request.POST.get("purpose", "")[:200]
    found = services.reveal_words(actor=request.user, operation=operation, purpose=purpose)
    return _show(request, operation, found)


@reauthenticated
def pdf(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    body = printing_comms.comms_pdf(request.user, operation)
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-comms.pdf"'
    return answer


paths = [
    path("<slug:slug>/comms/", show, name="comms"),
    path("<slug:slug>/comms/part/", part, name="comms_part"),
    path("<slug:slug>/comms/edit/", edit, name="comms_edit"),
    path("<slug:slug>/comms/test/", test, name="comms_test"),
    path("<slug:slug>/comms/words/", words, name="comms_words"),
    path("<slug:slug>/comms/card.pdf", pdf, name="comms_pdf"),
]
