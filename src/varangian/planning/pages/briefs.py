"""Briefs on the desk and in the hand."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.operations import tabs
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may, require
from varangian.platform.thread.queries import neighbours
from varangian.threats.library import grading

from .. import printing_briefs, services
from ..forms.briefs import DraftForm, HeadForm, JudgementForm
from ..library import brief_library
from ..models import Brief
from ..queries import brief_material, briefs
from ..shapes.briefs import whole_shape

PER_PAGE = 30


@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    context = _list(request, slug)
    operation = context["operation"]
    context["tabs"] = tabs.of_operation(request.user, operation, "briefs")
    if context["may_change"]:
        context["form"] = DraftForm(
            request.POST or None,
            legs=brief_material.legs_ahead(request.user, operation),
            initial={"day": brief_material.day_of(operation, now())},
        )
        if request.method == "POST" and context["form"].is_valid():
            fields = context["form"].fields_of()
            made = services.draft_brief(actor=request.user, operation=operation, **fields)
            return redirect("planning:brief", pk=made.pk)
    return render(request, "planning/briefs.html", context)


@login_required
def part(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "planning/_briefs.html", _list(request, slug))


def _list(request: HttpRequest, slug: str) -> dict[str, Any]:
    operation = briefs.operation_with_briefs(request.user, slug)
    page = Paginator(briefs.briefs(request.user, operation), PER_PAGE).get_page(
        request.GET.get("page")
    )
    stale = briefs.stale_of(request.user, list(page))
    return {
        "operation": operation,
        "page": page,
        "rows": [{"brief": row, "stale": stale.get(row.pk, [])} for row in page],
        "may_change": may(request.user, "brief.change", operation.compartment_id),
    }


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    context = _one(request, pk)
    brief = context["brief"]
    context["tabs"] = tabs.of_operation(request.user, brief.operation, "briefs")
    if context["may_change"]:
        context["thread"] = neighbours(request.user, "brief", brief.pk)
    if context["editing"]:
        head = {"bottom_line": brief.bottom_line, "readers": brief.readers, "tlp": brief.tlp}
        context |= {"head": HeadForm(initial=head), "judging": JudgementForm()}
    return render(request, "planning/brief.html", context)


@login_required
def inside(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "planning/_brief.html", _one(request, pk))


def _one(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    brief = briefs.brief(request.user, pk)
    shown = briefs.shown(request.user, brief)
    may_change = may(request.user, "brief.change", brief.compartment_id)
    draft = brief.state == Brief.State.DRAFT
    return {
        "brief": brief,
        "operation": brief.operation,
        "shown": shown,
        "page": whole_shape(shown),
        "tlp": next(row for row in grading().tlp if row.id == brief.tlp),
        "words": grading().probability,
        "published": brief_library().published,
        "readings": briefs.readings(request.user, brief) if may_change and not draft else [],
        "may_change": may_change,
        "editing": may_change and draft,
        "may_issue": may(request.user, "brief.issue", brief.compartment_id),
        "may_read": not draft and brief.state == Brief.State.ISSUED
        and may(request.user, "brief.read", brief.compartment_id),
    }  # fmt: skip


@login_required
@require_POST
def head(request: HttpRequest, pk: UUID) -> HttpResponse:
    brief = briefs.brief(request.user, pk)
    require(request.user, "brief.change", brief.compartment_id)
    fields = _clean(HeadForm(request.POST))
    services.write_brief(actor=request.user, brief=brief, **fields)
    return redirect("planning:brief", pk=pk)


@login_required
@require_POST
def judge(request: HttpRequest, pk: UUID) -> HttpResponse:
    brief = briefs.brief(request.user, pk)
    require(request.user, "brief.change", brief.compartment_id)
    fields = _clean(JudgementForm(request.POST))
    services.add_judgement(actor=request.user, brief=brief, **fields)
    return redirect("planning:brief", pk=pk)


@login_required
@require_POST
def judged(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """Mend a word, take the judgement out, or word it anew."""
    found = briefs.judgement(request.user, pk)
    given: dict[str, Any] = {"actor": request.user, "judgement": found}
    if what == "mend":
        word, instead = request.POST.get("word", ""), request.POST.get("instead", "")
        services.mend_judgement(**given, word=word, instead=instead)
    elif what == "remove":
        services.remove_judgement(**given)
    elif what == "change":
        services.change_judgement(**given, **_clean(JudgementForm(request.POST)))
    else:
        raise Refused("A judgement is mended, changed or removed", where=what)
    return redirect("planning:brief", pk=found.brief_id)


@login_required
@require_POST
def item(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    found = briefs.item(request.user, pk)
    given: dict[str, Any] = {"actor": request.user, "item": found}
    if what == "out":
        services.leave_out(**given, reason=request.POST.get("reason", ""))
    elif what == "in":
        services.take_in(**given)
    elif what in ("up", "down"):
        services.move_item(**given, up=what == "up")
    else:
        raise Refused("An item goes up, down, out or in", where=what)
    return redirect("planning:brief", pk=found.brief_id)


@reauthenticated
def issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Signing asks for a fresh proof, as with orders."""
    brief = briefs.brief(request.user, pk)
    require(request.user, "brief.issue", brief.compartment_id)
    if request.method == "POST":
        services.issue_brief(actor=request.user, brief=brief)
        return redirect("planning:brief", pk=pk)
    return render(request, "planning/brief_issue.html", _one(request, pk))


@login_required
@require_POST
def deed(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    deeds = {
        "redraft": services.redraft_brief,
        "withdraw": services.withdraw_brief,
        "read": services.read_brief,
    }
    if what not in deeds:
        raise Refused("A brief is drafted anew, withdrawn or read", where=what)
    deeds[what](actor=request.user, brief=briefs.brief(request.user, pk))
    phone = "phone" in request.POST
    return redirect("planning:brief_phone" if phone else "planning:brief", pk=pk)


@reauthenticated
def pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    brief = briefs.brief(request.user, pk)
    answer = HttpResponse(
        printing_briefs.brief_pdf(request.user, brief), content_type="application/pdf"
    )
    name = brief.serial.lower().replace(" ", "-")
    answer["Content-Disposition"] = f'attachment; filename="{name}-v{brief.version}.pdf"'
    return answer


@login_required
def in_hand(request: HttpRequest) -> HttpResponse:
    """On a phone: what is out for this person, the unread first."""
    return render(request, "planning/briefs_phone.html", {"rows": briefs.for_me(request.user)})


@login_required
def in_hand_part(request: HttpRequest) -> HttpResponse:
    return render(request, "planning/_briefs_phone.html", {"rows": briefs.for_me(request.user)})


@login_required
def one_in_hand(request: HttpRequest, pk: UUID) -> HttpResponse:
    return render(request, "planning/brief_phone.html", _one(request, pk))


def _clean(form: Any) -> dict[str, Any]:
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise Refused(str(errors[0]), where=name)
    return form.cleaned_data


paths = [
    path("<slug:slug>/briefs/", index, name="briefs"),
    path("<slug:slug>/briefs/part/", part, name="briefs_part"),
    path("briefs/<uuid:pk>/", show, name="brief"),
    path("briefs/<uuid:pk>/part/", inside, name="brief_part"),
    path("briefs/<uuid:pk>/head/", head, name="brief_head"),
    path("briefs/<uuid:pk>/judge/", judge, name="brief_judge"),
    path("briefs/<uuid:pk>/issue/", issue, name="brief_issue"),
    path("briefs/<uuid:pk>/brief.pdf", pdf, name="brief_pdf"),
    path("briefs/<uuid:pk>/<slug:what>/", deed, name="brief_deed"),
    path("briefs/items/<uuid:pk>/<slug:what>/", item, name="brief_item"),
    path("briefs/judgements/<uuid:pk>/<slug:what>/", judged, name="brief_judged"),
]
phone = [
    path("briefs/", in_hand, name="briefs_phone"),
    path("briefs/part/", in_hand_part, name="briefs_phone_part"),
    path("briefs/<uuid:pk>/", one_in_hand, name="brief_phone"),
]
