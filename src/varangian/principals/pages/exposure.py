"""Screens of what is public about a principal: the list with its picture, and one item."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may, require
from varangian.platform.thread.queries import neighbours
from varangian.platform.ui import sheets

from .. import exposure_rules, picture, tabs
from ..forms.exposure import ExposureForm, ReasonForm, TakeDownForm
from ..library import exposure as library
from ..models import Exposure, Principal
from ..models.exposure import Kind, Sensitivity, Status
from ..queries import exposure as queries
from ..services import exposure as services
from ..shapes.exposure import change_shape, item_shape, task_shape

Answer = HttpResponse
STATUS_TONES = {
    "public": "amber",
    "taking_down": "blue",
    "taken_down": "green",
    "accepted": "grey",
    "came_back": "red",
}
MEASURED = picture.TONES


@login_required
def index(request: HttpRequest, slug: str) -> Answer:
    principal = queries.principal_with_exposure(request.user, slug)
    rows = queries.exposures(request.user, principal, filters_of(request))
    services.read_exposure(actor=request.user, record=principal)
    if sheets.wanted(request):
        return sheets.sheet(request, "exposure", rows, item_shape)
    return _index(request, principal, rows)


def filters_of(request: HttpRequest) -> queries.Filters:
    """What is no choice of the filter is left out of it."""
    asked = request.GET
    allowed = {
        "kind": Kind.values,
        "detail": [one.id for one in library().details],
        "status": ["open", *Status.values],
        "sensitivity": Sensitivity.values,
    }
    given = {name: asked[name] for name, values in allowed.items() if asked.get(name) in values}
    return queries.Filters(**given, due=asked.get("due") == "1")


def _index(
    request: HttpRequest, principal: Principal, rows: Any, opened: bool = False, **more: Any
) -> Answer:
    user, circle = request.user, principal.compartment_id
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    page.object_list = [_row(item, opened) for item in page]
    months = queries.months(user, principal)
    shown = {
        "principal": principal,
        "page": page,
        "opened": opened,
        "filters": filters_of(request),
        "choices": _choices(),
        "standing": queries.standing(user, principal),
        "late": _late(user, principal),
        "news": queries.news(user, principal),
        "imports": queries.imports(user, principal)[:8],
        "tabs": tabs.of_principal(user, principal, "exposure"),
        "may_change": may(user, "exposure.change", circle) and principal.state != "erased",
        "reason_form": ReasonForm(),
        **_drawn(months),
        **more,
    }
    return render(request, "principals/exposure.html", shown)


def _row(item: Exposure, opened: bool) -> dict[str, Any]:
    return item_shape(item, opened) | {
        "kind_words": item.get_kind_display(),
        "status_words": item.get_status_display(),
        "sensitivity_words": item.get_sensitivity_display(),
        "detail_words": detail_words(item.detail),
        "status_tone": STATUS_TONES[item.status],
        "sensitivity_tone": MEASURED[item.sensitivity],
        "tasks_open": getattr(item, "tasks_open", 0),
        "tasks_late": getattr(item, "tasks_late", 0),
        "amber": (item.recheck_due - item.looked_at.date()).days * 86_400,
    }


def detail_words(detail: str) -> str:
    return {one.id: one.title for one in library().details}.get(detail, detail)


def _late(user: Any, principal: Principal) -> list[Any]:
    return [task for task in queries.tasks_open(user, principal)[:50] if task.overdue]


def _choices() -> dict[str, Any]:
    return {
        "kinds": Kind.choices,
        "details": [(one.id, one.title) for one in library().details],
        "statuses": Status.choices,
        "sensitivities": [(one.id, one.title, one.meaning) for one in library().sensitivities],
    }


def _drawn(months: list[picture.Month]) -> dict[str, Any]:
    """The whole as one drawing, and a small one for each kind on the same scale."""
    used = {kind for month in months for kind, _ in month.open}
    top = max((month.total(kind) for month in months for kind in used), default=0)
    small = [
        {"title": str(words), **picture.chart(months, str(kind), top)}
        for kind, words in Kind.choices
        if kind in used
    ]
    legend = [
        {"tone": MEASURED[one.id], "title": one.title, "meaning": one.meaning}
        for one in reversed(library().sensitivities)
    ]
    return {"chart": picture.chart(months), "small": small, "months": months, "legend": legend}


@reauthenticated
def unmask(request: HttpRequest, slug: str) -> Answer:
    """The masked items stand in this one answer; the next look is masked again."""
    principal = queries.principal_with_exposure(request.user, slug)
    if request.method != "POST":
        return redirect("principals:exposure", slug)
    form = ReasonForm(request.POST)
    rows = queries.exposures(request.user, principal, filters_of(request))
    if not form.is_valid():
        return _index(request, principal, rows, reason_form=form)
    services.open_exposure(actor=request.user, principal=principal, **form.cleaned_data)
    return _index(request, principal, rows, opened=True)


@login_required
@require_POST
def looked(request: HttpRequest, slug: str) -> Answer:
    principal = queries.principal_with_exposure(request.user, slug)
    services.note_look(actor=request.user, principal=principal)
    return redirect("principals:exposure", slug)


@login_required
def new(request: HttpRequest, slug: str) -> Answer:
    principal = queries.principal_with_exposure(request.user, slug)
    require(request.user, "exposure.change", principal.compartment_id)
    form = ExposureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = services.add_exposure(actor=request.user, principal=principal, **form.fields_of())
        return redirect("principals:exposure_item", slug, made.pk)
    shown = {"principal": principal, "form": form}
    return render(request, "principals/exposure_form.html", shown)


@login_required
def edit(request: HttpRequest, slug: str, pk: UUID) -> Answer:
    item = _item(request, slug, pk)
    require(request.user, "exposure.change", item.compartment_id)
    form = ExposureForm(request.POST or None, item=item)
    if request.method == "POST" and form.is_valid():
        services.change_exposure(actor=request.user, item=item, **form.fields_of())
        return redirect("principals:exposure_item", slug, pk)
    shown = {"principal": item.principal, "form": form, "item": item}
    return render(request, "principals/exposure_form.html", shown)


def _item(request: HttpRequest, slug: str, pk: UUID) -> Exposure:
    principal = queries.principal_with_exposure(request.user, slug)
    return queries.item(request.user, pk, principal)


@login_required
def show(request: HttpRequest, slug: str, pk: UUID) -> Answer:
    item = _item(request, slug, pk)
    services.read_exposure(actor=request.user, record=item)
    return show_item(request, item)


def show_item(request: HttpRequest, item: Exposure, opened: bool = False, **forms: Any) -> Answer:
    user, circle = request.user, item.compartment_id
    hidden = exposure_rules.masked(item) and not opened
    tasks = [
        {
            **task_shape(task, hidden),
            "state_words": task.get_state_display(),
            "writable": task.state == "open"
            and (task.owner_id == user.pk or may(user, "exposure.change", circle)),
        }
        for task in queries.tasks(user, item)
    ]
    shown = {
        "principal": item.principal,
        "item": item,
        "seen": _row(item, opened),
        "hidden": hidden,
        "maskable": exposure_rules.masked(item),
        "meaning": library().sensitivity(item.sensitivity).meaning,
        "counters": library().kind(item.kind).counters,
        "tasks": tasks,
        "history": [change_shape(one, hidden) for one in queries.changes(user, item)[:100]],
        "thread": neighbours(user, "exposure", item.pk),
        "tabs": tabs.of_principal(user, item.principal, "exposure"),
        "may_change": may(user, "exposure.change", circle),
        "may_accept": may(user, "exposure.accept", circle) and item.open,
        "reason_form": ReasonForm(),
        "task_form": TakeDownForm(
            actor=user, principal=item.principal, kind=item.kind, prefix="task"
        ),
        **forms,
    }
    return render(request, "principals/exposure_item.html", shown)


@reauthenticated
def unmask_item(request: HttpRequest, slug: str, pk: UUID) -> Answer:
    item = _item(request, slug, pk)
    if request.method != "POST":
        return redirect("principals:exposure_item", slug, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show_item(request, item, reason_form=form)
    services.open_exposure(actor=request.user, principal=item.principal, **form.cleaned_data)
    return show_item(request, item, opened=True)


@login_required
@require_POST
def look(request: HttpRequest, slug: str, pk: UUID) -> Answer:
    services.look_again(
        actor=request.user,
        item=_item(request, slug, pk),
        there=request.POST.get("there") == "yes",
        words=request.POST.get("words", "")[:1000],
    )
    return redirect("principals:exposure_item", slug, pk)


@login_required
@require_POST
def accept(request: HttpRequest, slug: str, pk: UUID) -> Answer:
    item, reason = _item(request, slug, pk), request.POST.get("reason", "")
    services.accept_exposure(actor=request.user, item=item, reason=reason)
    return redirect("principals:exposure_item", slug, pk)


@login_required
@require_POST
def threat(request: HttpRequest, slug: str, pk: UUID) -> Answer:
    services.raise_threat(actor=request.user, item=_item(request, slug, pk))
    return redirect("principals:exposure_item", slug, pk)


paths = [
    path("<slug:slug>/exposure/", index, name="exposure"),
    path("<slug:slug>/exposure/new", new, name="exposure_new"),
    path("<slug:slug>/exposure/open", unmask, name="exposure_open"),
    path("<slug:slug>/exposure/looked", looked, name="exposure_looked"),
    path("<slug:slug>/exposure/<uuid:pk>/", show, name="exposure_item"),
    path("<slug:slug>/exposure/<uuid:pk>/edit", edit, name="exposure_edit"),
    path("<slug:slug>/exposure/<uuid:pk>/open", unmask_item, name="exposure_item_open"),
    path("<slug:slug>/exposure/<uuid:pk>/look", look, name="exposure_look"),
    path("<slug:slug>/exposure/<uuid:pk>/accept", accept, name="exposure_accept"),
    path("<slug:slug>/exposure/<uuid:pk>/threat", threat, name="exposure_threat"),
]
