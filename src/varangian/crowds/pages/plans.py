"""Crowd management plans on screen: read, written part by part, signed, agreed, posted, printed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from varangian.kernel.results import Conflict, Refused
from varangian.kernel.words import plural
from varangian.operations import queries as operation_queries
from varangian.platform.access.reauth import ask, reauthenticated
from varangian.platform.access.scope import may, require
from varangian.platform.audit.services import note
from varangian.platform.audit.signing import short
from varangian.platform.storage.services import read
from varangian.platform.ui.both import choose

from .. import services
from ..drawing import picture_of
from ..models import CrowdPlan
from ..plan import printing
from ..plan.content import SECTIONS, TITLES
from ..plan.rules import filled
from ..plan_forms import AgreementForm, ForceForm, PartForm, part_form
from ..queries import plans as queries
from ..queries import venues

State = CrowdPlan.State
PDF = "application/pdf"


@login_required
@require_POST
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operation_queries.operation(request.user, slug)
    require(request.user, "crowd.change", operation.compartment_id)
    asked = request.POST.get("venue", "")
    try:
        venue = venues.plan(request.user, UUID(asked))
    except ValueError as error:
        raise Refused("Choose a venue", "venue", "A plan is of a venue that is drawn.") from error
    made = services.draft_plan(actor=request.user, operation=operation, venue=venue)
    return redirect("crowds:plan", pk=made.pk)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    return render(request, "crowds/plan.html", _context(request, plan))


def _context(request: HttpRequest, plan: CrowdPlan) -> dict[str, Any]:
    content, user = queries.content_of(plan), request.user
    venue, _ = venues.looked_over(plan.drawn.document)
    posted = queries.posted(user, plan)
    where = plan.compartment_id
    draft = plan.state == State.DRAFT
    signed = plan.state in (State.APPROVED, State.IN_FORCE)
    writes = may(user, "crowd.change", where)
    return {
        "plan": plan,
        "operation": plan.operation,
        "content": content,
        "form": part_form(None, "matrix", plan),
        "titles": TITLES,
        "sections": [(name, TITLES[name]) for name in SECTIONS],
        "said": [
            (m, [(code, filled(text, content.messages.fills)) for code, text in m.texts.items()])
            for m in content.messages.items
        ],
        "picture": picture_of(venue, []) if venue else None,
        "gaps": queries.gaps_of(plan) if draft else [],
        "newer": queries.newer(user, plan),
        "agreements": queries.agreements(user, plan),
        "lacking": queries.lacking(user, plan) if signed else [],
        "posts": [(post, posted.get(post.key)) for post in content.posts],
        "versions": queries.versions(user, plan)[:20],
        "fault": queries.fault(plan) if plan.signature else "",
        "digest": short(plan.content_digest) if plan.content_digest else "",
        "draft": draft,
        "signed": signed,
        "may_write": draft and writes,
        "may_change": writes,
        "may_sign": may(user, "crowd.approve", where),
        "may_post": signed
        and all(may(user, a, where) for a in ("crowd.change", "post.change", "roster.change")),
        "agreement_form": AgreementForm(),
        "force_form": ForceForm(),
    }


@login_required
def write(request: HttpRequest, pk: UUID, section: str) -> HttpResponse:
    """One part; a refusal stands beside what was typed, and nothing of it is lost."""
    plan = queries.plan(request.user, pk)
    require(request.user, "crowd.change", plan.compartment_id)
    if plan.state != State.DRAFT:
        raise Refused("Only a draft is written on", plan.serial, "Draft the next version.")
    form = part_form(request.POST or None, section, plan)
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, plan, section, form)
        except Conflict as conflict:
            return _choose(request, plan, section, form, conflict)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.info(request, f"{TITLES[section]}: saved.")
            return redirect("crowds:plan", pk=pk)
    context = {"plan": plan, "operation": plan.operation, "form": form, "section": section,
               "title": TITLES[section]}  # fmt: skip
    return render(request, "crowds/plan_write.html", context)


def _save(request: HttpRequest, plan: CrowdPlan, section: str, form: PartForm) -> None:
    """Somebody who saved another part meanwhile is in nobody's way."""
    given = {"actor": request.user, "plan": plan, "section": section, "value": form.value()}
    try:
        services.write_plan(**given, expected=form.expected)
    except Conflict:
        if form.fresh().shown() != form.was():
            raise
        services.write_plan(**given, expected=plan.saved)


def _choose(
    request: HttpRequest, plan: CrowdPlan, section: str, form: PartForm, conflict: Conflict
) -> HttpResponse:
    """Both values side by side; what was typed in a row that is gone is told, not dropped."""
    if lost := form.lost():
        messages.warning(
            request, f"Somebody took out rows that you were writing on. You had: {'; '.join(lost)}"
        )
    back = reverse("crowds:plan", args=[plan.pk])
    return choose(
        request, error=conflict, typed=form.named(), fresh=form.fresh(), title=TITLES[section],
        back=back,
    )  # fmt: skip


@login_required
@require_POST
def deed(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    given: dict[str, Any] = {"actor": request.user, "plan": plan}
    if what == "sign":
        require(request.user, "crowd.approve", plan.compartment_id)
        ask(request)
        services.approve_plan(**given)
    elif what == "in-force":
        services.put_plan_in_force(**given, without=request.POST.get("without", ""))
    elif what == "refresh":
        services.refresh_plan(**given)
    elif what == "stand-down":
        services.stand_down_plan(**given)
    elif what == "post":
        told = services.post_stewards(**given)
        words = f"{plural(len(told.made), 'post')} made, {len(told.there)} were there already"
        messages.info(request, f"{words}; {plural(told.shifts or 0, 'shift')} made.")
    else:
        raise Refused(f"Nobody can {what} a plan", what)
    return redirect("crowds:plan", pk=pk)


@login_required
@require_POST
def agree(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    require(request.user, "crowd.change", plan.compartment_id)
    form = AgreementForm(request.POST, request.FILES)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise Refused(str(errors[0]), str(form.fields[name].label))
    given = dict(form.cleaned_data)
    copy = given.pop("signed_copy")
    services.record_agreement(
        actor=request.user, plan=plan, **given, signed_copy=copy.read() if copy else b"",
        file_name=copy.name if copy else "",
    )  # fmt: skip
    return redirect("crowds:plan", pk=pk)


@reauthenticated
def signed_copy(request: HttpRequest, pk: UUID, agreement: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    found = queries.agreement(request.user, plan, agreement)
    if found.signed_copy is None:
        raise Refused("No signed copy was kept", found.name)
    note(kind="export", record=found, purpose="signed copy of a crowd plan")
    answer = HttpResponse(read(found.signed_copy), content_type=found.signed_copy.media_type)
    answer["Content-Disposition"] = "attachment"
    return answer


@reauthenticated
def plan_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    copy = request.GET.get("copy", "organiser")
    return _printed(printing.plan_pdf(request.user, plan, copy), f"crowd-plan-{copy}", plan)


@reauthenticated
def cards_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    copy = request.GET.get("copy", "organiser")
    return _printed(printing.cards_pdf(request.user, plan, copy), f"steward-cards-{copy}", plan)


def _printed(body: bytes, name: str, plan: CrowdPlan) -> HttpResponse:
    answer = HttpResponse(body, content_type=PDF)
    answer["Content-Disposition"] = f'inline; filename="{name}-v{plan.version}.pdf"'
    return answer


@login_required
def steward(request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
    """The card of one post, in the hand."""
    plan = queries.plan(request.user, pk)
    card = printing.card_of(plan, queries.post_of(plan, name))
    held = queries.posted(request.user, plan).get(name)
    context = {"plan": plan, "operation": plan.operation, "card": card, "held": held}
    return render(request, "crowds/steward.html", context)


paths = [
    path("plans/of/<slug:slug>/draft/", draft, name="plan_draft"),
    path("plans/<uuid:pk>/", show, name="plan"),
    path("plans/<uuid:pk>/write/<slug:section>/", write, name="plan_write"),
    path("plans/<uuid:pk>/do/<slug:what>/", deed, name="plan_deed"),
    path("plans/<uuid:pk>/agreed/", agree, name="plan_agree"),
    path("plans/<uuid:pk>/agreed/<uuid:agreement>/", signed_copy, name="plan_signed_copy"),
    path("plans/<uuid:pk>/plan.pdf", plan_pdf, name="plan_pdf"),
    path("plans/<uuid:pk>/cards.pdf", cards_pdf, name="plan_cards_pdf"),
]
phone = [path("steward/<uuid:pk>/<slug:name>/", steward, name="steward")]
