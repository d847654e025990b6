"""Every address of the house answers with the headers of THREAT_MODEL.md."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests import factories
from tests.matrix import routes

from varangian.platform.access.roles import Role

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GIVEN = {"compartment": "00000000-0000-0000-0000-000000000001", "serial": "1"}
GIVEN |= dict.fromkeys(("pk", "user"), GIVEN["compartment"])
ACCOUNT = [
    "account/login/",
    "account/password/change/",
    "account/email/",
    "account/2fa/",
    "account/sessions/",
    "account/reauthenticate/",
]
ADDRESSES = sorted({*routes.routes(), *ACCOUNT, "no-such-page", "static/no-such-file.css"})


def address(route: str) -> str:
    return "/" + re.sub(r"<(\w+)>", lambda found: GIVEN.get(found[1], "matrix"), route)


@pytest.fixture
def browsers() -> list[Client]:
    known = Client(raise_request_exception=False)
    known.force_login(factories.member(factories.engagement(), Role.DETAIL_LEADER), backend=BACKEND)
    return [known, Client(raise_request_exception=False)]


def test_headers(browsers):
    broken = {}
    for route in ADDRESSES:
        for client in browsers:
            try:
                check_headers(client.get(address(route)), route)
            except (AssertionError, KeyError) as why:
                broken[route] = repr(why)
    assert broken == {}


def check_headers(answer: Any, route: str) -> None:
    assert answer.status_code < 500
    check_policy(answer.headers["Content-Security-Policy"])
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "Server" not in answer.headers and "X-Powered-By" not in answer.headers
    check_cookies(answer)
    if not route.startswith("static/"):
        assert "no-store" in answer.headers["Cache-Control"]


def check_policy(text: str) -> None:
    policy = dict(part.strip().partition(" ")[::2] for part in text.split(";") if part.strip())
    assert "unsafe-inline" not in text and "unsafe-eval" not in text
    assert policy["default-src"] in ("'self'", "'none'")
    assert policy["frame-ancestors"] == "'none'"
    assert policy["object-src"] == "'none'"
    assert policy["base-uri"] in ("'self'", "'none'")
    assert policy["form-action"] == "'self'"
    for name in ("script-src", "style-src", "connect-src"):
        allowed = policy.get(name, policy["default-src"]).split()
        strangers = [word for word in allowed if not ours(word)]
        assert strangers == [], f"{name} lets in {strangers}"


def ours(word: str) -> bool:
    """Our own origin, a nonce, or the live process on the same host."""
    live = str(settings.LIVE_PORT)
    return (
        word in ("'self'", "'none'", "blob:", "data:")
        or word.startswith("'nonce-")
        or (word.endswith(f":{live}"))
    )


def check_cookies(answer: Any) -> None:
    for name, cookie in answer.cookies.items():
        if name == "messages":
            assert cookie["httponly"]
            continue
        assert name.startswith("__Host-"), name
        assert cookie["secure"] and cookie["httponly"], name
        assert cookie["samesite"] in ("Lax", "Strict"), name
        assert cookie["path"] == "/" and not cookie["domain"], name


def test_signing_in_sets_only_guarded_cookies(browsers):
    browser = Client()
    page = browser.get("/account/login/")
    assert set(page.cookies) == {"__Host-csrf"}
    user = factories.person()
    user.set_password("a long enough invented word")
    user.save()
    answer = browser.post(
        "/account/login/", {"login": user.email, "password": "a long enough invented word"}
    )
    assert answer.status_code == 302
    assert "__Host-session" in answer.cookies
    check_cookies(answer)


def test_nonce_differs_from_answer_to_answer(browsers):
    first, second = (browsers[1].get("/account/login/") for _ in range(2))
    nonces = {answer.headers["Content-Security-Policy"] for answer in (first, second)}
    assert len(nonces) == 2 or "nonce-" not in next(iter(nonces))
