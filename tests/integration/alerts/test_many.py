"""Several alerts at once: on screen, over the API and at the console."""

import json

import pytest
from tests import factories

from varangian.alerts import services
from varangian.alerts.models import Alert
from varangian.config.commands import root
from varangian.kernel.ids import new_id
from varangian.kernel.results import NotFound, Refused
from varangian.platform.access.services import issue_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Leader One")


@pytest.fixture
def three(leader):
    operation = factories.operation(leader)
    return [
        services.raise_alert(
            operation=operation, title=f"Storm {n}", source="signal", dedupe=f"{n}"
        )
        for n in range(3)
    ]


def states() -> list[str]:
    return list(Alert.objects.order_by("dedupe").values_list("state", flat=True))


def test_marked_ones_are_seen_together(leader, three):
    browser = factories.signed_in(leader)
    page = browser.get("/alerts/").content.decode()
    assert page.count('form="bulk-form"') == 3
    browser.post("/alerts/many/", {"id": [three[0].pk, three[2].pk], "act": "acknowledge"})
    assert states() == ["acknowledged", "raised", "acknowledged"]


def test_dismissed_together_for_one_reason_or_not_at_all(leader, three):
    browser = factories.signed_in(leader)
    ids = [alert.pk for alert in three]
    answer = browser.post(
        "/alerts/many/", {"id": ids, "act": "dismiss", "reason": " "}, follow=True
    )
    assert b"dismissed for a reason" in answer.content and states() == ["raised"] * 3
    browser.post("/alerts/many/", {"id": ids, "act": "dismiss", "reason": "Drill"})
    assert states() == ["cancelled"] * 3


def test_one_that_has_ended_does_not_stop_the_others(leader, three, client):
    services.dismiss(actor=leader, alert=three[1], reason="Drill")
    head = {"HTTP_AUTHORIZATION": f"Bearer {issue_token(user=leader, label='t', writes=True)[1]}"}
    body = json.dumps({"ids": [str(alert.pk) for alert in three]})
    answer = client.post(
        "/api/v1/alerts/many", body, content_type="application/json", **head
    ).json()
    assert [row["title"] for row in answer["done"]] == ["Storm 0", "Storm 2"]
    (refused,) = answer["refused"]
    assert refused["id"] == str(three[1].pk) and refused["why"]
    assert states() == ["acknowledged", "cancelled", "acknowledged"]


def test_a_foreign_one_among_them_is_refused_before_any_is_touched(leader, three):
    stranger = factories.signed_in(factories.person("Somebody Else"))
    assert (
        stranger.post("/alerts/many/", {"id": three[0].pk, "act": "acknowledge"}).status_code == 404
    )
    browser = factories.signed_in(leader)
    sent = {"id": [three[0].pk, new_id()], "act": "acknowledge"}
    assert browser.post("/alerts/many/", sent).status_code == 404
    assert states() == ["raised"] * 3


def test_at_the_console(leader, three, capsys):
    ids = [str(alert.pk) for alert in three]
    assert root(["--as", leader.email, "alert", "ack", *ids[:2], "--json"]) == 0
    assert [row["state"] for row in json.loads(capsys.readouterr().out)] == ["acknowledged"] * 2
    assert root(["--as", leader.email, "alert", "dismiss", ids[2], "--reason", "x", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "cancelled"
    with pytest.raises(Refused, match="Storm 2"):
        root(["--as", leader.email, "alert", "ack", ids[2], "--json"])
    with pytest.raises(NotFound):
        root(["--as", factories.person("Else").email, "alert", "ack", ids[0], "--json"])
