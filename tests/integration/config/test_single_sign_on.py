"""Sign-in by an identity provider of the team's own: a small one runs here."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import pytest
from django.test import Client
from tests import factories

from varangian.config.oidc import providers

pytestmark = pytest.mark.django_db


class Provider(BaseHTTPRequestHandler):
    email, verified = "", True

    def do_GET(self):
        base = f"http://127.0.0.1:{self.server.server_port}"
        if self.path.startswith("/.well-known/"):
            ends = ("authorization", "token", "userinfo")
            self.answer({f"{end}_endpoint": f"{base}/{end}" for end in ends} | {"issuer": base})
        else:
            about = {"email": self.email, "email_verified": self.verified}
            self.answer({"sub": "abc", "name": "Ingrid", **about})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer({"access_token": "t", "token_type": "Bearer"})

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def provider(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SOCIALACCOUNT_PROVIDERS = providers(
        {
            "VARANGIAN_OIDC_CLIENT": "varangian",
            "VARANGIAN_OIDC_SECRET": "s",
            "VARANGIAN_OIDC_URL": f"http://127.0.0.1:{server.server_port}",
            "VARANGIAN_OIDC_NAME": "House sign-on",
        }
    )
    yield server
    server.shutdown()


def come_back(client: Client):
    begun = client.post("/account/oidc/oidc/login/")
    assert begun.status_code == 302, begun.content[:300]
    state = parse_qs(urlparse(begun["Location"]).query)["state"][0]
    return client.get("/account/oidc/oidc/login/callback/", {"code": "c", "state": state})


def test_the_sign_in_page_offers_it(provider):
    assert "House sign-on" in Client().get("/account/login/").content.decode()


def test_without_configuration_there_is_nothing():
    assert providers({}) == {}
    assert "House sign-on" not in Client().get("/account/login/").content.decode()


def test_a_known_person_comes_in(provider, monkeypatch):
    person = factories.person()
    monkeypatch.setattr(Provider, "email", person.email)
    client = Client()
    assert come_back(client).status_code == 302
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize(("email", "verified"), [("stranger@example.org", True), ("", False)])
def test_strangers_and_unverified_addresses_stay_out(provider, monkeypatch, email, verified):
    person = factories.person()
    monkeypatch.setattr(Provider, "email", email or person.email)
    monkeypatch.setattr(Provider, "verified", verified)
    client = Client()
    come_back(client)
    assert "_auth_user_id" not in client.session
