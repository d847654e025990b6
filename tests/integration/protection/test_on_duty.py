"""Duty at the desk, over the API and at the console."""

import json
from datetime import timedelta

import pytest
from tests import factories

from varangian.config.commands import root
from varangian.kernel.clock import now
from varangian.operations import queries, services
from varangian.platform.access.roles import Role
from varangian.platform.access.services import issue_token
from varangian.platform.ui import console
from varangian.protection.models import Phone
from varangian.protection.services import phones

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_named():
    yield
    console.act_for("")


@pytest.fixture
def leader():
    return factories.person("Lena Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, slug="quay", starts=now(), ends=now() + timedelta(days=1))


@pytest.fixture
def officer(operation):
    return factories.member(operation, Role.OFFICER, factories.person("Amara Officer"))


@pytest.fixture
def api(client, officer):
    _, secret = issue_token(user=officer, label="t", writes=True)
    head = {"Authorization": f"Bearer {secret}"}

    def call(method, path, body=None):
        text = "" if body is None else json.dumps(body)
        answer = client.generic(
            method, f"/api/v1{path}", text, content_type="application/json", headers=head
        )
        return answer.status_code, answer.json()

    return call


def test_the_api_takes_up_reports_and_hands_over(api, leader, operation):
    status, duty = api("POST", "/operations/quay/duties", {})
    assert status == 201 and duty["status"] == "on_post"
    assert api("POST", f"/duties/{duty['id']}/status", {"status": "rest"})[1]["status"] == "rest"
    assert api("GET", "/operations/quay/duties")[1]["count"] == 1
    end = {"relieved_by": leader.email, "handover": [{"words": "Keys", "confirmed": True}]}
    status, ended = api("POST", f"/duties/{duty['id']}/end", end)
    assert status == 200 and ended["relieved_by"] == "Lena Leader"
    assert ended["handover"] == [{"words": "Keys", "confirmed": True}]


def test_the_api_takes_an_outbox_once(api, operation):
    act = {
        "key": "0190b0a0-0000-7000-8000-000000000001",
        "kind": "log",
        "seq": 1,
        "at": now().isoformat(),
        "body": {"operation": "quay", "text": "By radio"},
    }
    sent = {"device": "d" * 32, "acts": [act]}
    assert api("POST", "/outbox", sent)[1]["acts"][0]["again"] is False
    assert api("POST", "/outbox", sent)[1]["acts"][0]["again"] is True
    assert api("GET", "/operations/quay/field-reports")[1]["items"][0]["text"] == "By radio"


def test_the_desk_takes_up_duty_and_stands_others_down(leader, officer, operation):
    browser = factories.signed_in(officer)
    browser.post("/operations/quay/on-duty/start/", {"post": ""})
    duty = queries.own_duty(officer)
    desk = factories.signed_in(leader)
    assert "Amara Officer" in desk.get("/operations/quay/on-duty/").content.decode()
    other = factories.signed_in(factories.member(operation, Role.DRIVER))
    assert other.post(f"/on-duty/{duty.pk}/end/").status_code == 403
    desk.post(f"/on-duty/{duty.pk}/status/", {"status": "moving"})
    assert "Moving" in desk.get("/operations/quay/on-duty/part/").content.decode()
    desk.post(f"/on-duty/{duty.pk}/end/")
    assert queries.own_duty(officer) is None


def test_phones_are_listed_and_wiped(officer):
    phones.open_phone(actor=officer, device="e" * 32, label="Pixel")
    browser = factories.signed_in(officer)
    assert "Pixel" in browser.get("/phones/").content.decode()
    phone = Phone.objects.get()
    stranger = factories.signed_in(factories.person())
    assert stranger.post(f"/phones/{phone.pk}/wipe/").status_code == 404
    browser.post(f"/phones/{phone.pk}/wipe/")
    assert Phone.objects.get().wiped_at is not None


def test_the_console_speaks_for_a_person(capsys, officer, operation):
    def run(*words):
        code = root(["--as", officer.email, *words, "--json"])
        return code, json.loads(capsys.readouterr().out or "null")

    services.start_duty(actor=officer, operation=operation)
    assert run("duty", "status", "moving")[1]["status"] == "moving"
    assert run("duty", "list", "quay")[1][0]["person"] == "Amara Officer"
    assert run("duty", "end")[1]["ended_at"]
    assert run("duty", "reports", "quay")[1] == []
    assert run("phone", "list")[1] == []
