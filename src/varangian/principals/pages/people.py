"""Screens of principals. A template gets the masked shape, never the record with its texts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from varangian.platform.access.queries import compartment as access_compartment
from varangian.platform.access.queries import seats
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.roles import roles_for
from varangian.platform.access.scope import may, require
from varangian.platform.thread.queries import neighbours
from varangian.platform.ui import sheets

from .. import queries, services, tabs
from ..cards import cards
from ..forms import (
    ContactForm,
    EraseForm,
    MedicalForm,
    PreferencesForm,
    PrincipalForm,
    UnmaskForm,
    WindowForm,
)
from ..models import Principal
from ..shapes import Opened, row_shape, shape

Answer = HttpResponse


@login_required
def index(request: HttpRequest) -> Answer:
    state = request.GET.get("state", "")
    found = queries.principals(request.user, state=state)
    if sheets.wanted(request):
        return sheets.sheet(request, "principals", found, lambda row: row_shape(request.user, row))
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    page.object_list = [
        {**row_shape(request.user, row), "state_words": row.get_state_display()} for row in page
    ]
    shown = {
        "page": page,
        "state": state,
        "states": Principal.State.choices,
        "homes": _homes(request),
    }
    return render(request, "principals/index.html", shown)


def _homes(request: HttpRequest) -> list[dict[str, object]]:
    """Where this person may open a file: the engagements in which they lead or analyse."""
    roles = roles_for("principal.change")
    mine = [seat for seat in seats(request.user) if seat["role"] in roles]
    return [seat for seat in mine if seat["engagement"]]


@login_required
def new(request: HttpRequest, compartment: UUID) -> Answer:
    circle = access_compartment(request.user, compartment)
    require(request.user, "principal.change", circle.pk)
    form = PrincipalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        principal = services.create_principal(
            actor=request.user, compartment_id=circle.pk, **form.fields_of()
        )
        return redirect("principals:show", principal.slug)
    return render(request, "principals/form.html", {"form": form, "circle": circle})


@login_required
def show(request: HttpRequest, slug: str) -> Answer:
    principal = queries.principal(request.user, slug)
    services.looked_at(actor=request.user, principal=principal)
    return _show(request, principal)


def _show(
    request: HttpRequest, principal: Principal, opened: Opened | None = None, **forms: Any
) -> Answer:
    user, circle = request.user, principal.compartment_id
    seen = shape(user, principal, opened)
    can = {name.replace(".", "_"): may(user, name, circle) for name in ACTIONS_SHOWN}
    shown = {
        "seen": seen,
        "state_words": principal.get_state_display(),
        "verified_by": principal.verified_by,
        "cards": cards(user, principal, seen, opened),
        "opened": opened,
        "can": can,
        "unmask_form": UnmaskForm(),
        "contact_form": ContactForm(prefix="contact"),
        "window_form": WindowForm(prefix="window"),
        "thread": neighbours(user, "principal", principal.pk),
        "tabs": tabs.of_principal(user, principal, "file"),
        **forms,
    }
    if opened and "medical" in opened and can["principal_change"]:
        shown["medical_form"] = MedicalForm(card=opened["medical"]["medical"])
    return render(request, "principals/show.html", shown)


ACTIONS_SHOWN = ("principal.change", "principal.erase", "privacy.change")


@reauthenticated
def unmask(request: HttpRequest, slug: str) -> Answer:
    """The section stands in this one answer; the next look is masked again."""
    principal = queries.principal(request.user, slug)
    form = UnmaskForm(request.POST)
    if request.method != "POST":
        return redirect("principals:show", slug)
    if not form.is_valid():
        return _show(request, principal, unmask_form=form)
    section = form.cleaned_data["section"]
    fields = services.unmask(
        actor=request.user,
        principal=principal,
        section=section,
        purpose=form.cleaned_data["purpose"],
    )
    return _show(request, principal, {section: fields})


@login_required
def edit(request: HttpRequest, slug: str) -> Answer:
    principal = queries.principal(request.user, slug)
    require(request.user, "principal.change", principal.compartment_id)
    form = PrincipalForm(request.POST or None, principal=principal)
    if request.method == "POST" and form.is_valid():
        services.change_principal(actor=request.user, principal=principal, **form.fields_of())
        return redirect("principals:show", slug)
    shown = {"form": form, "slug": slug, "code_name": principal.code_name}
    return render(request, "principals/form.html", shown)


@login_required
def medical(request: HttpRequest, slug: str) -> Answer:
    principal = queries.principal(request.user, slug)
    require(request.user, "principal.change", principal.compartment_id)
    form = MedicalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.set_medical(actor=request.user, principal=principal, **form.fields_of())
        messages.success(request, "The medical card is kept and counts as checked now.")
        return redirect("principals:show", slug)
    shown = {"form": form, "slug": slug, "code_name": principal.code_name}
    return render(request, "principals/medical.html", shown)


@login_required
@require_POST
def deed(request: HttpRequest, slug: str, what: str) -> Answer:
    principal = queries.principal(request.user, slug)
    services_by_deed = {
        "verify": services.verify_principal,
        "archive": services.archive_principal,
    }
    services_by_deed[what](actor=request.user, principal=principal)
    return redirect("principals:show", slug)


@login_required
@require_POST
def add_contact(request: HttpRequest, slug: str) -> Answer:
    principal = queries.principal(request.user, slug)
    form = ContactForm(request.POST, prefix="contact")
    if not form.is_valid():
        return _show(request, principal, contact_form=form)
    services.add_contact(actor=request.user, principal=principal, **form.cleaned_data)
    return redirect("principals:show", slug)


@login_required
def change_contact(request: HttpRequest, slug: str, pk: UUID) -> Answer:
    principal = queries.principal(request.user, slug)
    contact = queries.contact(request.user, principal, pk)
    require(request.user, "principal.change", principal.compartment_id)
    now = {name: getattr(contact, name) for name in ContactForm.base_fields}
    form = ContactForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        services.change_contact(actor=request.user, contact=contact, **form.cleaned_data)
        return redirect("principals:show", slug)
    shown = {"form": form, "slug": slug, "code_name": principal.code_name}
    return render(request, "principals/contact.html", shown)


@login_required
@require_POST
def remove_contact(request: HttpRequest, slug: str, pk: UUID) -> Answer:
    contact = queries.contact(request.user, queries.principal(request.user, slug), pk)
    services.remove_contact(actor=request.user, contact=contact)
    return redirect("principals:show", slug)


@login_required
@require_POST
def add_window(request: HttpRequest, slug: str) -> Answer:
    principal = queries.principal(request.user, slug)
    form = WindowForm(request.POST, prefix="window")
    if not form.is_valid():
        return _show(request, principal, window_form=form)
    services.add_window(actor=request.user, principal=principal, **form.cleaned_data)
    return redirect("principals:show", slug)


@login_required
@require_POST
def remove_window(request: HttpRequest, slug: str, pk: UUID) -> Answer:
    window = queries.window(request.user, queries.principal(request.user, slug), pk)
    services.remove_window(actor=request.user, window=window)
    return redirect("principals:show", slug)


@reauthenticated
def erase(request: HttpRequest, slug: str) -> Answer:
    principal = queries.principal(request.user, slug)
    require(request.user, "principal.erase", principal.compartment_id)
    form = EraseForm(request.POST or None, expected=slug)
    if request.method == "POST" and form.is_valid():
        services.erase(actor=request.user, principal=principal, reason=form.cleaned_data["reason"])
        messages.success(request, f"{principal.code_name} is erased.")
        return redirect("principals:show", slug)
    shown = {
        "form": form,
        "slug": slug,
        "code_name": principal.code_name,
        "counts": queries.stored_for(request.user, principal),
    }
    return render(request, "principals/erase.html", shown)


@login_required
def stored(request: HttpRequest, slug: str) -> Answer:
    """The principal's own side: what is kept about me, and what I decide."""
    principal = queries.principal(request.user, slug)
    counts = queries.stored_for(request.user, principal)
    form = PreferencesForm(request.POST or None, initial={"preferences": principal.preferences})
    if request.method == "POST" and form.is_valid():
        services.set_preferences(actor=request.user, principal=principal, **form.cleaned_data)
        return redirect("principals:stored", slug)
    shown = {
        "seen": shape(request.user, principal),
        "state_words": principal.get_state_display(),
        "counts": counts,
        "can": {"privacy_change": True},
        "form": form,
        "window_form": WindowForm(prefix="window"),
    }
    return render(request, "principals/stored.html", shown)


paths = [
    path("", index, name="list"),
    path("new/<uuid:compartment>/", new, name="new"),
    path("<slug:slug>/", show, name="show"),
    path("<slug:slug>/edit", edit, name="edit"),
    path("<slug:slug>/unmask", unmask, name="unmask"),
    path("<slug:slug>/medical", medical, name="medical"),
    path("<slug:slug>/verify", deed, {"what": "verify"}, name="verify"),
    path("<slug:slug>/archive", deed, {"what": "archive"}, name="archive"),
    path("<slug:slug>/contacts", add_contact, name="add_contact"),
    path("<slug:slug>/contacts/<uuid:pk>", change_contact, name="change_contact"),
    path("<slug:slug>/contacts/<uuid:pk>/remove", remove_contact, name="remove_contact"),
    path("<slug:slug>/windows", add_window, name="add_window"),
    path("<slug:slug>/windows/<uuid:pk>/remove", remove_window, name="remove_window"),
    path("<slug:slug>/erase", erase, name="erase"),
    path("<slug:slug>/stored", stored, name="stored"),
]
