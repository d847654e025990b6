"""One event on screen, and the recorder's picture of it for whoever says why."""

from base64 import b64encode
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from varangian.kernel.results import Refused
from varangian.platform.access.scope import may, require

from ..queries import events as queries
from ..queries import kept as kept_queries
from ..rules import event_words
from ..services import recorders


@login_required
def event(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The picture goes with the page: it has no address of its own."""
    found = queries.event(request.user, pk)
    looks = may(request.user, "camera.watch", found.compartment_id)
    source: Any = found.sensor or found.camera
    operation = source.operation
    context: dict[str, Any] = {
        "event": found,
        "operation": operation,
        "zone": operation.time_zone if operation else "UTC",
        "words": event_words(found.name, found.detail),
        "has_picture": looks and recorders.has_picture(found),
        "may_keep": operation is not None
        and may(request.user, "kept_event.keep", found.compartment_id),
        "kept": kept_queries.kept_of(request.user, found),
        "purpose": request.POST.get("purpose", ""),
    }
    if request.method == "POST":
        require(request.user, "camera.watch", found.compartment_id)
        try:
            shown = recorders.look_at(actor=request.user, event=found, purpose=context["purpose"])
        except Refused as why:
            context["fault"] = f"{why.what}. {why.mend}".strip()
        else:
            context["picture"] = f"data:image/jpeg;base64,{b64encode(shown).decode()}"
    status = 422 if context.get("fault") else 200
    return render(request, "surveillance/event.html", context, status=status)


paths = [path("surveillance/seen/<uuid:pk>/", event, name="event")]
