"""The audit notes who came in, how, and whom the door refused."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest

from varangian.platform.audit.services import note

from .models import User


class Stranger:
    pk = None
    name = "anonymous"


def entered(request: HttpRequest, user: User, **_: Any) -> None:
    ways = [str(record["method"]) for record in get_authentication_records(request, user)]
    note(kind="sign-in", record=user, actor=user, purpose=" and ".join(ways) or "session")


def refused(credentials: dict[str, Any], **_: Any) -> None:
    """Names the account, never what was typed for a person that does not exist."""
    email = str(credentials.get("email") or "").lower()
    user = User.objects.filter(email=email).first() if email else None
    note(kind="sign-in refused", record=user, actor=Stranger(), purpose="wrong password")
