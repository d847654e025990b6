"""People leave: a run is asked for, followed, stopped, and looked at; before and after."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.kernel.results import Refused
from varangian.platform.access.scope import may, require

from .. import services
from ..drawing import picture_of
from ..filming import film_shape
from ..forms import RunForm
from ..models import CrowdRun
from ..queries import venues as queries
from ..shapes.charts import door_charts
from ..shapes.venues import run_row
from .venues import asked_version, base, done_runs


@login_required
def runs(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    context = base(request, plan, "runs")
    people = (context["venue"].people if context["venue"] else None) or 500
    form = _with_choices(RunForm(initial={"people": people}), context["venue"])
    context |= {"form": form, "runs": done_runs(request, plan)}
    return render(request, "crowds/runs.html", context)


def _with_choices(form: RunForm, venue: Any) -> RunForm:
    ways = [(way.id, way.label) for way in venue.doors] if venue else []
    form.fields["blocked"].choices = ways  # pyright: ignore[reportAttributeAccessIssue]
    gates = [(d.id, d.label) for d in venue.doors if d.props.leads == "outside"] if venue else []
    form.fields["surge_gate"].choices = [("", "No surge"), *gates]  # pyright: ignore
    return form


@login_required
@require_POST
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    require(request.user, "crowd.change", plan.compartment_id)
    version = asked_version(request, plan)
    venue, _ = queries.looked_over(version.document)
    form = _with_choices(RunForm(request.POST), venue)
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise Refused(str(errors[0]), str(form.fields[name].label))
    given = form.cleaned_data
    run = services.ask_run(
        actor=request.user, version=version, people=given["people"], runs=given["runs"],
        blocked=list(given["blocked"]), surge_gate=given["surge_gate"],
        surge_people=given["surge_people"] or (200 if given["surge_gate"] else 0),
        incident=place_of(given["incident"]),
    )  # fmt: skip
    return redirect("crowds:run", pk=services.run_later(run).pk)


def place_of(words: str) -> list[float]:
    """ "" is no place."""
    if not words.strip():
        return []
    try:
        x, y = (float(part) for part in words.replace(";", ",").split(","))
    except ValueError as error:
        raise Refused("This is no place", words, "Give x, y in metres, such as 12, 8.") from error
    return [x, y]


@login_required
def run(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.run(request.user, pk)
    return render(request, "crowds/run.html", _context(request, found))


def _context(request: HttpRequest, found: CrowdRun) -> dict[str, Any]:
    plan = found.version.plan
    row = run_row(found)
    context: dict[str, Any] = {
        "run": found,
        "row": row,
        "plan": plan,
        "may_change": may(request.user, "crowd.change", plan.compartment_id),
    }
    if found.state == CrowdRun.State.DONE:
        result = row["result"]
        sides = [(name, result[name]) for name in ("before", "after") if name in result]
        context |= {
            "sides": sides,
            "result": result,
            "doors": door_charts(result["after"]),
            "picture": _drawn(found),
        }
    return context


def _drawn(found: CrowdRun) -> dict[str, Any] | None:
    venue, _ = queries.looked_over(found.version.document)
    return picture_of(venue, []) if venue else None


@login_required
def state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The bar while it is computed; when that ends the whole page is another one."""
    found = queries.run(request.user, pk)
    if not found.under_way:
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "crowds/_work.html", _context(request, found))


@login_required
@require_POST
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = queries.run(request.user, pk)
    services.stop_run(actor=request.user, row=found)
    return redirect("crowds:run", pk=pk)


@login_required
def film(request: HttpRequest, pk: UUID, side: str) -> HttpResponse:
    """Densities for the canvas."""
    found = queries.run(request.user, pk)
    return JsonResponse(film_shape(queries.film_of(found, side)))


paths = [
    path("<uuid:pk>/runs/", runs, name="runs"),
    path("<uuid:pk>/runs/ask/", ask, name="ask"),
    path("runs/<uuid:pk>/", run, name="run"),
    path("runs/<uuid:pk>/state/", state, name="run_state"),
    path("runs/<uuid:pk>/stop/", stop, name="run_stop"),
    path("runs/<uuid:pk>/film/<slug:side>/", film, name="film"),
]
