"""The door, people, members, tokens and one's own security."""

from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import include, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from varangian.kernel.results import NotFound

from . import queries, services
from .context import act_as
from .forms import InviteForm, MemberForm, TokenForm
from .reauth import reauthenticated
from .scope import SYSTEM, may

Answer = HttpResponse


@never_cache
def enter(request: HttpRequest, secret: str) -> Answer:
    """A mail scanner may look at the link; only a person presses the button."""
    if request.method != "POST":
        return render(request, "access/enter.html", {"next": request.GET.get("next", "")})
    act_as(SYSTEM, purpose="one-time sign-in link")
    user = services.redeem_link(secret)
    if user is None:
        return render(request, "access/link_gone.html", status=410)
    record_authentication(request, user, method="one-time link")
    if not user.has_usable_password() and not is_mfa_enabled(user):
        messages.info(request, "Set a password or add a passkey: the link works only once.")
    return perform_login(request, user, redirect_url=_inside(request))


def _inside(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"


@login_required
def security(request: HttpRequest) -> Answer:
    user: Any = request.user
    return render(request, "access/security.html", {"second": is_mfa_enabled(user)})


@login_required
def people(request: HttpRequest) -> Answer:
    form = InviteForm(request.POST or None)
    fresh: dict[str, Any] = {}
    found = queries.people(request.user)
    if request.method == "POST" and form.is_valid():
        user, secret = services.invite(actor=request.user, **form.fields_of())
        fresh = {"fresh": user, "link": _link(request, secret)}
        form = InviteForm()
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "access/people.html", {"page": page, "form": form, **fresh})


@login_required
@require_POST
def person(request: HttpRequest, pk: UUID, deed: str) -> Answer:
    user = queries.person(request.user, pk)
    if deed == "link":
        secret = services.link_for(actor=request.user, user=user)
        page = Paginator(queries.people(request.user), 50).get_page(1)
        shown = {"page": page, "form": InviteForm(), "fresh": user, "link": _link(request, secret)}
        return render(request, "access/people.html", shown)
    if deed not in DEEDS:
        raise NotFound("There is no such deed", where=deed)
    DEEDS[deed](actor=request.user, user=user)
    messages.success(request, f"{user.name}: {DEED_WORDS[deed]}")
    return redirect("access:people")


DEEDS = {
    "deactivate": services.deactivate,
    "reactivate": services.reactivate,
    "reset": services.reset_second_factors,
}
DEED_WORDS = {
    "deactivate": "shut out; sessions and tokens have ended",
    "reactivate": "may sign in again",
    "reset": "second factors removed",
}


def _link(request: HttpRequest, secret: str) -> str:
    address = request.build_absolute_uri(f"/enter/{secret}")
    return f"{address}?next=/security/"


@login_required
def members(request: HttpRequest, compartment: UUID) -> Answer:
    circle = queries.compartment(request.user, compartment)
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.add_member(actor=request.user, compartment_id=compartment, **form.fields_of())
        return redirect("access:members", compartment)
    shown = {
        "circle": circle,
        "members": queries.members(request.user, compartment),
        "form": form,
        "may_change": may(request.user, "member.change", compartment),
    }
    return render(request, "access/members.html", shown)


@login_required
@require_POST
def remove_member(request: HttpRequest, compartment: UUID, user: UUID) -> Answer:
    member = queries.member(request.user, compartment, user)
    services.remove_member(actor=request.user, compartment_id=compartment, user=member.user)
    messages.success(request, f"{member.user.name} is no longer a member")
    return redirect("access:members", compartment)


@login_required
def tokens(request: HttpRequest) -> Answer:
    return _tokens(request, TokenForm())


@reauthenticated
def new_token(request: HttpRequest) -> Answer:
    """After a second proof of identity the secret is shown, once."""
    if request.method != "POST":
        return redirect("access:tokens")
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _tokens(request, form)
    token, secret = services.issue_token(user=request.user, **form.fields_of())
    return _tokens(request, TokenForm(), {"fresh": token, "secret": secret})


@login_required
@require_POST
def revoke_token(request: HttpRequest, pk: UUID) -> Answer:
    services.revoke_token(user=request.user, token_id=pk)
    return redirect("access:tokens")


def _tokens(request: HttpRequest, form: TokenForm, more: dict[str, Any] | None = None) -> Answer:
    shown = {"tokens": queries.tokens_of(request.user), "form": form, **(more or {})}
    return render(request, "access/tokens.html", shown)


urlpatterns = [
    path(
        "",
        include(
            (
                [
                    path("enter/<str:secret>", enter, name="enter"),
                    path("security/", security, name="security"),
                    path("people/", people, name="people"),
                    path("people/<uuid:pk>/<str:deed>", person, name="person"),
                    path("members/<uuid:compartment>/", members, name="members"),
                    path(
                        "members/<uuid:compartment>/<uuid:user>/remove",
                        remove_member,
                        name="remove_member",
                    ),
                    path("tokens/", tokens, name="tokens"),
                    path("tokens/new", new_token, name="new_token"),
                    path("tokens/<uuid:pk>/revoke", revoke_token, name="revoke_token"),
                ],
                "access",
            )
        ),
    ),
]
