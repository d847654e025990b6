"""Who is on duty, for the desk; what came from the field; phones and how to wipe them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.views.decorators.http import require_POST

from varangian.kernel.results import NotFound, Refused
from varangian.operations import queries as operations
from varangian.operations import tabs
from varangian.operations.models import Duty
from varangian.operations.services import end_duty, set_status, start_duty
from varangian.platform.access.scope import may, require
from varangian.platform.storage.services import read

from ..queries import on_duty as duties
from ..services import phones


@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    context = _index(request, slug)
    operation = context["operation"]
    context["tabs"] = tabs.of_operation(request.user, operation, "on-duty")
    context["posts"] = operations.posts_held(request.user, operation)
    context["own"] = operations.own_duty(request.user)
    context["may_see_patterns"] = may(request.user, "pattern.view", operation.compartment_id)
    context["may_take"] = may(request.user, "duty.take", operation.compartment_id)
    return render(request, "protection/on_duty/index.html", context)


@login_required
def part(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "protection/on_duty/_rows.html", _index(request, slug))


def _index(request: HttpRequest, slug: str) -> dict[str, Any]:
    operation = operations.operation(request.user, slug)
    require(request.user, "duty.view", operation.compartment_id)
    seen = may(request.user, "log.view", operation.compartment_id)
    return {
        "operation": operation,
        "rows": operations.on_duty(request.user, operation),
        "past": duties.past_duties(request.user, operation, most=12),
        "reports": duties.field_reports(request.user, operation, most=20) if seen else [],
        "statuses": Duty.Status.choices,
        "may_change": may(request.user, "post.change", operation.compartment_id),
    }


@login_required
@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operations.operation(request.user, slug)
    held = operations.posts_held(request.user, operation)
    post = held.filter(pk=_uuid(wanted)).first() if (wanted := request.POST.get("post")) else None
    start_duty(actor=request.user, operation=operation, post=post)
    return redirect("on_duty:index", slug=slug)


def _uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        raise Refused("There is no such post", where="post") from error


@login_required
@require_POST
def deed(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    duty = duties.duty(request.user, pk)
    if duty is None:
        raise NotFound("There is no such duty, or it is not yours to see")
    if what == "end":
        end_duty(actor=request.user, duty=duty)
    elif what == "status":
        set_status(actor=request.user, duty=duty, status=request.POST.get("status", ""))
    else:
        raise Refused("A duty is reported on or ended", where=what)
    return redirect("on_duty:index", slug=duty.operation.slug)


@login_required
def attachment(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """The picture or the voice note of a report."""
    found = duties.field_report(request.user, pk)
    stored = {"photo": found.photo, "voice": found.voice}.get(what)
    if stored is None:
        raise NotFound("This report has none", where=what)
    answer = HttpResponse(read(stored), content_type=stored.media_type)
    answer["Content-Disposition"] = f'inline; filename="{what}"'
    return answer


@login_required
def own_phones(request: HttpRequest) -> HttpResponse:
    context = {"phones": phones.phones(request.user), "everybody": request.user.is_administrator}  # pyright: ignore
    return render(request, "protection/on_duty/phones.html", context)


@login_required
@require_POST
def wipe(request: HttpRequest, pk: UUID) -> HttpResponse:
    phone = phones.wipe(actor=request.user, phone=phones.phone(request.user, pk))
    messages.info(request, f"{phone.person}: the key is taken back and the session is ended.")
    return redirect("on_duty:phones")


paths = [
    path("operations/<slug:slug>/on-duty/", index, name="index"),
    path("operations/<slug:slug>/on-duty/part/", part, name="part"),
    path("operations/<slug:slug>/on-duty/start/", start, name="start"),
    path("on-duty/<uuid:pk>/<slug:what>/", deed, name="deed"),
    path("field/<uuid:pk>/<slug:what>", attachment, name="attachment"),
    path("phones/", own_phones, name="phones"),
    path("phones/<uuid:pk>/wipe/", wipe, name="wipe"),
]
urlpatterns = [path("", include((paths, "on_duty")))]
