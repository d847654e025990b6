"""Posts for cover and time in view: asked for, looked at over the plan, accepted by a person."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from varangian.platform.access.scope import may, require

from .. import services
from ..covering import DEFENSIVE
from ..drawing import picture_of
from ..forms_cover import CoverForm
from ..models import CrowdCover
from ..queries import cover as reads
from ..queries import venues as queries
from ..shapes.cover import cover_row, over_picture, with_words
from .venues import asked_version, base


@login_required
def covers(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    context = base(request, plan, "cover") | {
        "form": CoverForm(),
        "covers": reads.covers(request.user, plan)[:20],
        "defensive": DEFENSIVE,
    }
    return render(request, "crowds/covers.html", context)


@login_required
@require_POST
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    plan = queries.plan(request.user, pk)
    require(request.user, "crowd.change", plan.compartment_id)
    wish = CoverForm(request.POST).wish()
    made = services.ask_cover(actor=request.user, version=asked_version(request, plan), **wish)
    return redirect("crowds:cover", pk=services.cover_later(made).pk)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = reads.cover(request.user, pk)
    return render(request, "crowds/cover.html", _context(request, found))


def _context(request: HttpRequest, found: CrowdCover) -> dict[str, Any]:
    plan, result = found.version.plan, with_words(found.result or {})
    context: dict[str, Any] = {
        "cover": found,
        "row": cover_row(found),
        "plan": plan,
        "told": result.get("cover"),
        "view": result.get("view"),
        "result": result,
        "may_change": may(request.user, "crowd.change", plan.compartment_id),
        "defensive": DEFENSIVE,
    }
    venue, _ = queries.looked_over(found.version.document)
    if result and venue:
        context["picture"] = over_picture(picture_of(venue, []), result)
    return context


@login_required
def state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The bar while it is computed; when that ends the whole page is another one."""
    found = reads.cover(request.user, pk)
    if not found.under_way:
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "crowds/_work.html", {"row": cover_row(found, whole=False)})


@login_required
@require_POST
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = reads.cover(request.user, pk)
    services.stop_cover(actor=request.user, row=found)
    return redirect("crowds:cover", pk=pk)


@login_required
@require_POST
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = reads.cover(request.user, pk)
    made = services.accept_cover_posts(
        actor=request.user, cover=found, posts=request.POST.getlist("post")
    )
    messages.info(request, f"Version {made.number} holds the posts; a leader puts it in force.")
    at = reverse("crowds:show", args=[found.version.plan_id])  # pyright: ignore
    return redirect(f"{at}?version={made.number}")


paths = [
    path("<uuid:pk>/cover/", covers, name="covers"),
    path("<uuid:pk>/cover/ask/", ask, name="cover_ask"),
    path("covers/<uuid:pk>/", show, name="cover"),
    path("covers/<uuid:pk>/state/", state, name="cover_state"),
    path("covers/<uuid:pk>/stop/", stop, name="cover_stop"),
    path("covers/<uuid:pk>/accept/", accept, name="cover_accept"),
]
