"""Screens of imports of communications: hand a file in, watch it being read, stop it, go on."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.platform.access.scope import require

from ..forms.communications import LINES, ImportForm
from ..queries import communications as queries
from ..services import communications as services
from ..services.letters_files import on_disk
from .communications import PER_PAGE, base


@login_required
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    """What was handed in, and a place to hand in more."""
    principal = queries.principal_with_letters(request.user, slug)
    if request.method == "POST":
        require(request.user, "letter.change", principal.compartment_id)
        form = ImportForm(request.POST, request.FILES)
        if form.is_valid():
            sent = form.cleaned_data["file"]
            with on_disk(sent) as path_:
                batch = services.ask_import(
                    actor=request.user, principal=principal, path=path_, name=sent.name or "upload"
                )
            if batch.state == batch.State.QUEUED:
                services.import_later(batch)
            return redirect("threats:letter_import", pk=batch.pk)
    else:
        form = ImportForm()
    rows = queries.imports(request.user, principal)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = base(request, principal, "imports") | {"page": page, "form": form}
    status = 422 if form.errors else 200
    return render(request, "threats/letter_imports.html", context, status=status)


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = queries.letter_import(request.user, pk)
    kind = request.GET.get("kind", "")
    kind = kind if kind in dict(LINES) else ""
    lines = queries.import_lines(request.user, batch, kind)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    context = base(request, batch.principal, "imports")
    context |= {"batch": batch, "page": page, "kinds": LINES, "kind": kind}
    return render(request, "threats/letter_import.html", context)


@login_required
def state(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The bar while it is read; when that ends the whole page is another one."""
    batch = queries.letter_import(request.user, pk)
    if not batch.under_way:
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "threats/_letter_work.html", {"batch": batch})


@login_required
@require_POST
def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = queries.letter_import(request.user, pk)
    services.stop_import(actor=request.user, row=batch)
    return redirect("threats:letter_import", pk=pk)


@login_required
@require_POST
def go_on(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = services.go_on(actor=request.user, batch=queries.letter_import(request.user, pk))
    services.import_later(batch)
    return redirect("threats:letter_import", pk=pk)


paths = [
    path("letters/of/<slug:slug>/imports/", imports, name="letter_imports"),
    path("letters/imports/<uuid:pk>/", show, name="letter_import"),
    path("letters/imports/<uuid:pk>/state/", state, name="letter_import_state"),
    path("letters/imports/<uuid:pk>/stop/", stop, name="letter_import_stop"),
    path("letters/imports/<uuid:pk>/go-on/", go_on, name="letter_import_go_on"),
]
