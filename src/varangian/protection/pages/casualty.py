"""The casualty card."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from varangian.kernel.results import Refused
from varangian.places import queries as places
from varangian.platform.access.scope import may

from ..casualty_rules import MARCH, NUMBERS, WORDS, at_mist
from ..forms.incidents import CardForm
from ..models import Casualty
from ..queries import incidents
from ..services import casualty as services
from .incident_deeds import valid


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = incidents.casualty(request.user, pk)
    form = CardForm(request.POST or None)
    if request.method == "POST":
        given = valid(form).cleaned_data
        filled = {name: value for name, value in given.items() if value not in (None, "")}
        services.write_casualty(
            actor=request.user,
            casualty=found,
            priority=request.POST.get("priority", ""),
            **filled,
        )
        return redirect("incidents:casualty", pk)
    context = {**_card(request, found), "form": form, "priorities": Casualty.Priority.choices}
    context["may_treat"] = may(request.user, "casualty.write", found.compartment_id)
    context["hospitals"] = incidents.nearest_hospitals(request.user, found.incident)
    return render(request, "protection/casualty/show.html", context)


@login_required
@require_GET
def part(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = incidents.casualty(request.user, pk)
    return render(request, "protection/casualty/_card.html", _card(request, found))


def _card(request: HttpRequest, found: Casualty) -> dict[str, Any]:
    card = incidents.card(request.user, found)
    named = {"avpu": "Response", **MARCH, **{n: row[0] for n, row in NUMBERS.items()}, **WORDS}
    return {
        "casualty": found,
        "incident": found.incident,
        "operation": found.incident.operation,
        "march": [(words, card.get(name)) for name, words in MARCH.items()],
        "card": card,
        "mist": at_mist(card),
        "lines": [
            {"row": row, "said": [(named[name], value) for name, value in row.content.items()]}
            for row in incidents.entries(request.user, found)
        ][::-1],
    }


@login_required
@require_POST
def deed(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """hand-over or triage."""
    found = incidents.casualty(request.user, pk)
    if what == "hand-over":
        to, hospital = request.POST.get("to", ""), request.POST.get("hospital")
        where = places.place(request.user, _uuid(hospital)) if hospital else None
        services.hand_over_casualty(actor=request.user, casualty=found, to=to, hospital=where)
    elif what == "triage":
        priority = request.POST.get("priority", "")
        services.triage(actor=request.user, casualty=found, priority=priority)
    else:
        raise Refused("A casualty is triaged or handed over", where=what)
    return redirect("incidents:casualty", pk)


def _uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError as error:
        raise Refused("There is no such hospital", where=words[:40]) from error


paths = [
    path("casualties/<uuid:pk>/", show, name="casualty"),
    path("casualties/<uuid:pk>/card/", part, name="casualty_part"),
    path("casualties/<uuid:pk>/<slug:what>/", deed, name="casualty_deed"),
]
