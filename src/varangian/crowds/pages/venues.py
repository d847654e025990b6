"""Venues: the list, one with its plan drawn, findings, capacity, queue and staff; imports."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from varangian.engines.crowdflow.venue import Venue
from varangian.kernel.results import Refused
from varangian.operations import queries as operation_queries
from varangian.operations.models import Operation
from varangian.operations.pages.operations import tabs as operation_tabs
from varangian.places import queries as place_queries
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import holds, may, require
from varangian.platform.audit.services import note
from varangian.platform.storage.services import read

from .. import services
from ..computing import capacity_shape, entry_shape
from ..drawing import picture_of
from ..forms import CapacityForm, ImportForm, PlanForm, QueueForm
from ..models import CrowdRun, VenuePlan, VenueVersion
from ..queries import plans as plan_queries
from ..queries import venues as queries
from ..shapes.charts import queue_chart

PARTS = (
    ("", "Plan", "map-2", "crowds:show"),
    ("entry", "Entry", "users", "crowds:entry"),
    ("runs", "Egress and what-if", "activity", "crowds:runs"),
    ("wayout", "Way out", "crown", "crowds:wayout"),
    ("cover", "Cover", "eye", "crowds:covers"),
    ("live", "Live", "broadcast", "crowds:live"),
)


def tabs_of(plan: VenuePlan, here: str) -> list[dict[str, Any]]:
    return [
        {"words": words, "icon": icon, "url": reverse(name, args=[plan.pk]), "here": key == here}
        for key, words, icon, name in PARTS
    ]


@login_required
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "crowds/index.html", _listed(request))


@login_required
def of_operation(request: HttpRequest, slug: str) -> HttpResponse:
    operation = operation_queries.operation(request.user, slug)
    require(request.user, "crowd.view", operation.compartment_id)
    context = _listed(request, operation) | {
        "operation": operation,
        "tabs": operation_tabs(request, operation, "crowds"),
        "crowd_plans": plan_queries.plans(request.user, operation)[:50],
        "may_plan": may(request.user, "crowd.change", operation.compartment_id),
    }
    return render(request, "crowds/index.html", context)


def _listed(request: HttpRequest, operation: Operation | None = None) -> dict[str, Any]:
    found = queries.plans(request.user, operation)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    newest = queries.newest_of(request.user, page.object_list)
    rows = [(plan, newest[plan.pk]) for plan in page.object_list if plan.pk in newest]
    return {"page": page, "rows": rows, "may_change": holds(request.user, "crowd.change")}


@login_required
def new(request: HttpRequest) -> HttpResponse:
    asked = {"operation": request.GET.get("operation", "")}
    form = PlanForm(request.POST or None, request.FILES or None, initial=asked)
    operations = operation_queries.operations(request.user)
    places = place_queries.places(request.user)
    form.fields["operation"].choices = [("", "None"), *((o.slug, o.title) for o in operations)]  # pyright: ignore
    form.fields["place"].choices = [("", "None"), *((str(p.pk), p.name) for p in places)]  # pyright: ignore
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        slug, place = given["operation"], given["place"]
        plan = services.new_plan(
            actor=request.user,
            operation=operation_queries.operation(request.user, slug) if slug else None,
            place=place_queries.place(request.user, UUID(place)) if place else None,
            name=given["name"],
            **_file(given),
        )
        return redirect("crowds:show", pk=plan.pk)
    return render(request, "crowds/new.html", {"form": form})


def _file(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": given["file"].read(), "file_name": given["file"].name or "plan",
        "units": given["units"], "metres_wide": given["metres_wide"], "note": given["note"],
    }  # fmt: skip


def asked_version(request: HttpRequest, plan: VenuePlan) -> VenueVersion:
    number = request.GET.get("version", "")
    return queries.version(request.user, plan, int(number) if number.isdecimal() else None)


def base(request: HttpRequest, plan: VenuePlan, here: str) -> dict[str, Any]:
    """What every page of a venue shows."""
    version = asked_version(request, plan)
    venue, _ = queries.looked_over(version.document)
    return {
        "plan": plan,
        "drawn": version,
        "venue": venue,
        "picture": picture_of(venue, version.findings) if venue else None,
        "in_force": version.pk == plan.current_id,  # pyright: ignore[reportAttributeAccessIssue]
        "may_change": may(request.user, "crowd.change", plan.compartment_id),
        "may_approve": may(request.user, "crowd.approve", plan.compartment_id),
        "tabs": tabs_of(plan, here),
    }


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    context = base(request, plan, "")
    form = CapacityForm(request.GET or None)
    context |= {
        "form": form,
        "import_form": ImportForm(),
        "versions": queries.versions(request.user, plan)[:50],
        "findings": list(enumerate(context["drawn"].findings, 1)),
        **_capacity(context["drawn"], context["venue"], form),
    }
    return render(request, "crowds/show.html", context)


def _capacity(version: VenueVersion, venue: Venue | None, form: CapacityForm) -> dict[str, Any]:
    """Without a sound plan no figure is shown, and why."""
    if venue is None:
        return {"capacity": None}
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    faults = [row["what"] for row in version.findings if row["severity"] == "fault"]
    try:
        queries.sound(version.document)
        shape = capacity_shape(
            venue, jurisdiction=given.get("jurisdiction") or "",
            risk=given.get("risk") or "medium", people=given.get("people"),
            alcohol=bool(given.get("alcohol")), high_risk=bool(given.get("high_risk")),
            faults=faults,
        )  # fmt: skip
    except Refused as refused:
        return {"capacity": None, "why_not": str(refused)}
    return {"capacity": shape}


@login_required
def entry(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    context = base(request, plan, "entry")
    venue = context["venue"]
    first = (venue.people if venue else None) or 500
    form = QueueForm(request.GET if "people" in request.GET else {"people": first})
    context["form"] = form
    if form.is_valid():
        try:
            shape = entry_shape(venue, form.cleaned_data)
            context |= {"queue": shape, "chart": queue_chart(shape)}
        except Refused as refused:
            context["why_not"] = str(refused)
    return render(request, "crowds/entry.html", context)


@login_required
@require_POST
def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A further drawing of the same venue."""
    plan = queries.plan(request.user, pk)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refused("Choose a drawing first", "file")
    made = services.import_version(actor=request.user, plan=plan, **_file(form.cleaned_data))
    return redirect(f"{reverse('crowds:show', args=[plan.pk])}?version={made.number}")


@login_required
@require_POST
def put_in_force(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    version = queries.version(request.user, plan, number)
    services.put_in_force(actor=request.user, version=version)
    messages.info(request, f"Version {number} is in force.")
    return redirect("crowds:show", pk=plan.pk)


@login_required
def document(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """The plan as GeoJSON, with what an editor needs to go on."""
    version = queries.version(request.user, queries.plan(request.user, pk), number)
    note(kind="export", record=version, purpose="plan of a venue")
    return JsonResponse(version.document)


@reauthenticated
def original(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    version = queries.version(request.user, queries.plan(request.user, pk), number)
    if version.original is None:
        raise Refused("This version was drawn here and has no original", f"version {number}")
    note(kind="export", record=version, purpose="original of a venue plan")
    answer = HttpResponse(read(version.original), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="venue-{number}.{_ending(version)}"'
    return answer


def _ending(version: VenueVersion) -> str:
    return {"geojson": "geojson", "dxf": "dxf", "ifc": "ifc", "svg": "svg", "imdf": "zip"}.get(
        version.source, "bin"
    )


@login_required
def underlay(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    version = queries.version(request.user, queries.plan(request.user, pk), number)
    if version.picture is None:
        raise Refused("Nothing lies under this version", f"version {number}")
    answer = HttpResponse(read(version.picture), content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer


def done_runs(request: HttpRequest, plan: VenuePlan) -> list[CrowdRun]:
    return list(queries.runs(request.user, plan)[:20])


paths = [
    path("", index, name="list"),
    path("of/<slug:slug>/", of_operation, name="operation"),
    path("new/", new, name="new"),
    path("<uuid:pk>/", show, name="show"),
    path("<uuid:pk>/entry/", entry, name="entry"),
    path("<uuid:pk>/import/", take, name="import"),
    path("<uuid:pk>/versions/<int:number>/in-force/", put_in_force, name="in_force"),
    path("<uuid:pk>/versions/<int:number>/plan.geojson", document, name="document"),
    path("<uuid:pk>/versions/<int:number>/original/", original, name="original"),
    path("<uuid:pk>/versions/<int:number>/underlay/", underlay, name="underlay"),
]
