"""Unmasking, erasing and exporting ask again who is there."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import (
    did_recently_reauthenticate,
    get_reauthentication_flows,
)
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from varangian.kernel.results import Denied, Refused

View = Callable[..., HttpResponse]
FRESH = "This needs a fresh proof that it is you"


class Unproved(Refused):
    """Nothing on file that could be asked for; ``door`` leads to where it is set."""

    door = ("Account security", "access:security")


def reauthenticated(view: View) -> View:
    """A page that opens only to a person who proved themselves in the last five minutes."""

    @login_required
    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ask(request)
        return view(request, *args, **kwargs)

    return asked


def ask(request: HttpRequest) -> None:
    """Go on only with a fresh proof; else the page that asks for it comes first."""
    user: Any = request.user
    if proved(request):
        return
    if get_reauthentication_flows(user):
        raise ReauthenticationRequired()
    raise Unproved(
        FRESH, mend="Set a password or a passkey under Account security, or sign in again."
    )


def proved(request: HttpRequest) -> bool:
    """Who has neither password nor second factor came by link or single sign-on, with a time."""
    user: Any = request.user
    if get_reauthentication_flows(user):
        return did_recently_reauthenticate(request)
    records = get_authentication_records(request, user)
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def prove(request: HttpRequest) -> None:
    """The same for the API: a token was proved when it was issued, a browser session was not."""
    if getattr(request, "token", None) is None and not proved(request):
        raise Denied(FRESH, mend="Use the page, or a token of your own.")
