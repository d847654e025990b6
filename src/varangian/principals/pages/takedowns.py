"""Take-down tasks: given on the page of an item, written and ended on their own."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Denied
from varangian.platform.access.scope import may, require

from .. import exposure_rules
from ..forms.exposure import TakeDownForm, TaskForm
from ..models import TakeDown
from ..queries import exposure as queries
from ..services import exposure as services
from ..shapes.exposure import task_shape
from .exposure import show_item

Answer = HttpResponse


@login_required
@require_POST
def give(request: HttpRequest, slug: str, pk: UUID) -> Answer:
    principal = queries.principal_with_exposure(request.user, slug)
    item = queries.item(request.user, pk, principal)
    require(request.user, "exposure.change", item.compartment_id)
    form = TakeDownForm(
        request.POST, actor=request.user, principal=principal, kind=item.kind, prefix="task"
    )
    if not form.is_valid():
        return show_item(request, item, task_form=form)
    services.add_takedown(actor=request.user, item=item, **form.fields_of())
    return redirect("principals:exposure_item", slug, pk)


@login_required
def write(request: HttpRequest, slug: str, pk: UUID) -> Answer:
    """Sent to whom, answered what; ended below."""
    task = _task(request, slug, pk)
    may_give = may(request.user, "exposure.change", task.compartment_id)
    if not may_give and task.owner_id != request.user.pk:
        raise Denied("Its owner writes a task", mend="Or the detail leader or an analyst.")
    hidden = exposure_rules.masked(task.item)
    given = {"task": task, "actor": request.user, "may_give": may_give, "hidden": hidden}
    form = TaskForm(request.POST or None, **given)
    if request.method == "POST" and form.is_valid():
        services.change_takedown(actor=request.user, task=task, **form.fields_of())
        return redirect("principals:exposure_item", slug, task.item_id)
    shown = {
        "principal": task.principal,
        "item": task.item,
        "task": task,
        "seen": task_shape(task, hidden),
        "form": form,
    }
    return render(request, "principals/takedown.html", shown)


@login_required
@require_POST
def end(request: HttpRequest, slug: str, pk: UUID) -> Answer:
    task, outcome = _task(request, slug, pk), request.POST.get("outcome", "gone")
    services.end_takedown(
        actor=request.user,
        task=task,
        gone=outcome == "gone",
        dropped=outcome == "dropped",
        answer=request.POST.get("answer", ""),
    )
    return redirect("principals:exposure_item", slug, task.item_id)


def _task(request: HttpRequest, slug: str, pk: UUID) -> TakeDown:
    principal = queries.principal_with_exposure(request.user, slug)
    return queries.task(request.user, pk, principal)


paths = [
    path("<slug:slug>/exposure/<uuid:pk>/tasks", give, name="takedown_give"),
    path("<slug:slug>/exposure/tasks/<uuid:pk>/", write, name="takedown"),
    path("<slug:slug>/exposure/tasks/<uuid:pk>/end", end, name="takedown_end"),
]
