"""Who is calling the API: a bearer token, or the session of the pages with its CSRF token."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer
from ninja.security.apikey import APIKeyCookie
from ninja.utils import check_csrf

from .context import act_as
from .models import User
from .services import user_of_token

SAFE = ("GET", "HEAD", "OPTIONS")


class Bearer(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        found = user_of_token(token)
        if found is None:
            return None
        user, key = found
        if request.method not in SAFE and not key.writes:
            raise HttpError(403, "This token may only read")
        request.user = user
        request.token = key  # pyright: ignore
        entered = request.headers.get("X-Exercise") == "on"
        act_as(user, purpose=f"API {request.method} {request.path}", exercise=entered)
        return user


class SessionKey(APIKeyCookie):
    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:  # noqa: ARG002
        if not request.user.is_authenticated:
            return None
        if request.method not in SAFE and check_csrf(request) is not None:
            raise HttpError(403, "The CSRF token is missing or wrong")
        return request.user
