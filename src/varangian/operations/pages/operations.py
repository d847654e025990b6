"""Operations on screen."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from varangian.kernel.results import Conflict, Refused
from varangian.platform.access.scope import may, require
from varangian.platform.thread.queries import stale_by_record
from varangian.platform.ui import sheets
from varangian.platform.ui.both import choose
from varangian.principals import queries as principal_queries

from .. import geo, queries, services
from ..forms import OperationForm
from ..models import Operation
from ..services.operations import STATES
from ..shapes import operation_shape
from ..tabs import Parts, of_operation

ACTS = (
    ("planned", "Set to planned"),
    ("active", "Start"),
    ("draft", "Back to draft"),
    ("cancelled", "Cancel it"),
    ("closed", "Close"),
)
SORTS = {"slug", "-slug", "starts", "-starts", "state", "-state"}


@login_required
def index(request: HttpRequest) -> HttpResponse:
    found = queries.listed(request.user)
    state, sort = request.GET.get("state", ""), request.GET.get("sort", "-starts")
    if state in Operation.State.values:
        found = found.filter(state=state)
    if sort in SORTS:
        found = found.order_by(sort)
    if sheets.wanted(request):
        return sheets.sheet(request, "operations", found, operation_shape)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {"page": page, "states": Operation.State.choices, "state": state}
    return render(request, "operations/index.html", context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """An operation is opened for one principal, under the engagement that holds the file."""
    slug = request.POST.get("principal") or request.GET.get("principal", "")
    principals = principal_queries.principals(request.user, action="itinerary.import")
    form = OperationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        principal = principals.filter(slug=slug).first()
        if principal is None:
            raise Refused("Choose the principal this operation protects", where="principal")
        engagement = queries.engagement_above(request.user, principal.compartment_id)
        opened = services.open_operation(
            actor=request.user,
            engagement=engagement,
            principal=principal,
            **{n: v for n, v in form.fields_of().items() if n != "profile_level"},
        )
        return redirect("operations:show", slug=opened.slug)
    context = {"form": form, "principals": principals, "chosen": slug}
    return render(request, "operations/new.html", context)


@login_required
def show(request: HttpRequest, slug: str) -> HttpResponse:
    operation = queries.operation(request.user, slug)
    context = _legs(request, operation) | {
        "posts": queries.posts(request.user, operation),
        "acts": [(state, words) for state, words in ACTS if state in STATES[operation.state]],
        "may_change": may(request.user, "operation.change", operation.compartment_id),
        "may_view_posts": may(request.user, "post.view", operation.compartment_id),
        "tabs": tabs(request, operation, "overview"),
    }
    return render(request, "operations/show.html", context)


@login_required
def legs(request: HttpRequest, slug: str) -> HttpResponse:
    operation = queries.operation(request.user, slug)
    return render(request, "operations/_legs.html", _legs(request, operation))


def _legs(request: HttpRequest, operation: Operation) -> dict[str, Any]:
    rows = list(queries.movements(request.user, operation))
    stale = stale_by_record(request.user, "movement", [row.pk for row in rows])
    return {
        "operation": operation,
        "movements": [(row, stale.get(row.pk, [])) for row in rows],
        "unlocated": sum(1 for row in rows if _lacks_place(row)),
    }


def _lacks_place(movement: Any) -> bool:
    ends = [movement.destination] if movement.is_stay else [movement.origin, movement.destination]
    return any(place is None or not place.located for place in ends)


@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    operation = queries.operation(request.user, slug)
    require(request.user, "operation.change", operation.compartment_id)
    form = OperationForm(request.POST) if request.method == "POST" else OperationForm.of(operation)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_operation(
                actor=request.user,
                operation=operation,
                expected_version=form.expected,
                **form.fields_of(),
            )
        except Conflict as error:
            now = queries.operation(request.user, slug)
            fresh = OperationForm.of(now)
            return choose(request, error=error, typed=form, fresh=fresh, title=now.title)
        return redirect("operations:show", slug=slug)
    return render(request, "operations/edit.html", {"form": form, "operation": operation})


@login_required
@require_POST
def state(request: HttpRequest, slug: str) -> HttpResponse:
    operation = queries.operation(request.user, slug)
    services.set_operation_state(
        actor=request.user, operation=operation, state=request.POST.get("state", "")
    )
    return redirect("operations:show", slug=slug)


@login_required
def map_data(request: HttpRequest, slug: str) -> JsonResponse:
    operation = queries.operation(request.user, slug)
    features = geo.movement_features(queries.movements(request.user, operation))
    return JsonResponse({"type": "FeatureCollection", "features": features})


@login_required
def timeline_data(request: HttpRequest, slug: str) -> JsonResponse:
    operation = queries.operation(request.user, slug)
    return JsonResponse(geo.timeline(operation, queries.movements(request.user, operation)))


def tabs(request: HttpRequest, operation: Operation, here: str) -> Parts:
    return of_operation(request.user, operation, here)
