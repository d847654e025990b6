"""People, members and tokens at the console."""

import json
from urllib.parse import urlparse

import pytest
from django.test import Client
from tests import factories

from varangian.config.commands import root
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.platform.access.roles import Role
from varangian.platform.access.services import user_of_token
from varangian.platform.ui import console

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_named():
    yield
    console.act_for("")


def run(capsys, *words: str):
    assert root([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_invite_link_and_shut_out(capsys):
    made = run(capsys, "user", "create", "new@example.org", "New Person", "--auditor")
    assert made["auditor"] and "/enter/" in made["link"]
    link = run(capsys, "user", "link", "new@example.org")["link"]
    client = Client()
    assert client.post(urlparse(link).path).status_code == 302
    assert client.session["_auth_user_id"] == made["id"]
    assert run(capsys, "user", "deactivate", "new@example.org")["active"] is False
    emails = [row["email"] for row in run(capsys, "user", "list")]
    assert "new@example.org" in emails
    with pytest.raises(NotFound):
        root(["user", "link", "nobody@example.org"])


def test_a_leader_does_not_make_people(capsys):
    leader = factories.member(factories.engagement(), Role.DETAIL_LEADER)
    with pytest.raises(Denied):
        root(["--as", leader.email, "user", "list"])


def test_members_by_the_short_name_of_an_operation(capsys):
    operation = factories.operation()
    person = factories.person()
    added = run(capsys, "member", "add", operation.slug, person.email, "driver")
    assert (added["role"], added["until"]) == ("driver", None)
    rows = run(capsys, "member", "list", operation.slug)
    assert [row["email"] for row in rows] == [person.email]
    assert root(["member", "remove", operation.slug, person.email]) == 0
    assert root(["member", "add", operation.slug, person.email, "emperor"]) == 2
    with pytest.raises(NotFound):
        root(["member", "list", "no-such-operation"])


def test_a_token_belongs_to_a_person(capsys):
    with pytest.raises(Refused, match="belongs to a person"):
        root(["token", "create", "script"])
    person = factories.person()
    made = run(capsys, "--as", person.email, "token", "create", "script", "--write")
    found = user_of_token(made["secret"])
    assert found and found[0] == person and found[1].writes
    rows = run(capsys, "--as", person.email, "token", "list")
    assert [row["label"] for row in rows] == ["script"] and "secret" not in rows[0]
