"""Check calls of one operation: who is due, who is overdue, and how often."""

from typing import Any
from uuid import UUID

import segno
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.platform.access.scope import may, require

from .. import door
from ..forms.duress import ButtonForm, RuleForm
from ..queries import checks as queries
from ..queries import duress as calls
from ..services import checks, keys


@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, slug)


def _page(request: HttpRequest, slug: str, **more: Any) -> HttpResponse:
    operation = _operation(request, slug)
    posts = list(operations.posts(request.user, operation))
    context = {
        **_list(request, operation),
        "tabs": tabs.of_operation(request.user, operation, "checks"),
        "rules": queries.rules(request.user, operation),
        "planned": queries.planned_minutes(operation),
        "rule_form": RuleForm(posts=posts),
        "buttons": calls.keys_in(operation),
        "button_form": ButtonForm(),
        **more,
    }
    return render(request, "protection/duress/checks.html", context)


@login_required
def part(request: HttpRequest, slug: str) -> HttpResponse:
    context = _list(request, _operation(request, slug))
    return render(request, "protection/duress/_checks.html", context)


def _operation(request: HttpRequest, slug: str) -> Any:
    operation = operations.operation(request.user, slug)
    require(request.user, "check.view", operation.compartment_id)
    return operation


def _list(request: HttpRequest, operation: Any) -> dict[str, Any]:
    circle = operation.compartment_id
    return {
        "operation": operation,
        "lines": queries.lines(request.user, operation),
        "recent": queries.recent(request.user, operation),
        "may_record": may(request.user, "check.record", circle),
        "may_change": may(request.user, "check.change", circle),
        "may_enrol": may(request.user, "duress.handle", circle),
    }


@login_required
@require_POST
def rule(request: HttpRequest, slug: str) -> HttpResponse:
    """``drop`` takes the rule away; otherwise minutes, 0 for never."""
    operation = _operation(request, slug)
    form = RuleForm(request.POST, posts=list(operations.posts(request.user, operation)))
    drop = request.POST.get("drop") == "1"
    if drop:
        form.fields["minutes"].required = False
    if not form.is_valid():
        name, faults = next(iter(form.errors.items()))
        raise Refused(str(faults[0]), where=str(form.fields[name].label or name))
    given = form.cleaned_data
    checks.set_rule(
        actor=request.user,
        operation=operation,
        post=form.posts.get(given["post"]),
        phase=given["phase"],
        minutes=None if drop else given["minutes"],
    )
    return redirect("duress:checks", slug)


@login_required
@require_POST
def record(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    """Somebody heard from them, by radio or with their own eyes."""
    operation = _operation(request, slug)
    duty = operations.on_duty(request.user, operation).filter(pk=pk).first()
    if duty is None:
        raise NotFound("This person is not on duty")
    checks.record_check(actor=request.user, duty=duty)
    if "HX-Request" in request.headers:
        return part(request, slug)
    return redirect("duress:checks", slug)


@login_required
@require_POST
@never_cache
def button(request: HttpRequest, slug: str) -> HttpResponse:
    """A button fixed in a place; its address is shown in this one answer."""
    operation, form = _operation(request, slug), ButtonForm(request.POST)
    if not form.is_valid():
        return _page(request, slug, button_form=form)
    key, secret = keys.issue_place_key(actor=request.user, operation=operation, **form.cleaned_data)
    address = request.build_absolute_uri(f"{door.PATH}{secret}")
    code = segno.make(address, error="m").png_data_uri(scale=5)
    return _page(request, slug, address=address, made=key, qr=code)


@login_required
@require_POST
def revoke(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    _operation(request, slug)
    keys.revoke_key(actor=request.user, pk=pk)
    return redirect("duress:checks", slug)


paths = [
    path("protection/checks/<slug:slug>/", index, name="checks"),
    path("protection/checks/<slug:slug>/part/", part, name="checks_part"),
    path("protection/checks/<slug:slug>/rule/", rule, name="check_rule"),
    path("protection/checks/<slug:slug>/record/<uuid:pk>/", record, name="record"),
    path("protection/checks/<slug:slug>/button/", button, name="button"),
    path("protection/checks/<slug:slug>/button/<uuid:pk>/revoke/", revoke, name="button_revoke"),
]
