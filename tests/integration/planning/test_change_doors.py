"""A change of plan over the API and at the console: the same services, the same refusals."""

import json

import pytest
from tests import factories

from varangian.config.commands import root
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.operations import services as spine
from varangian.planning.models import Change, Order
from varangian.platform.access.services import issue_token
from varangian.platform.ui import console


@pytest.fixture(autouse=True)
def nobody_named():
    yield
    console.act_for("")


def bearer(user, writes=True):
    _, secret = issue_token(user=user, label="test", days=1, writes=writes)
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def call(client, user, method, path, body=None):
    answer = getattr(client, method)(
        f"/api/v1{path}", body, content_type="application/json", **bearer(user)
    )
    return answer.status_code, answer.json()


def wanted(team, **fields):
    return {"movement": str(team.drive.pk), "minutes": -30, "exit": "south door", **fields}


def test_over_the_api_from_look_to_acknowledged(issued, client):
    team, base = issued, f"/operations/{issued.operation.slug}/changes"
    code, seen = call(client, team.leader, "post", f"{base}/look", wanted(team))
    assert code == 200 and seen["number"] == 1 and len(seen["posts"]) == 6
    assert Change.objects.count() == 0
    line = next(row for row in seen["lines"] if row["heading"] == "timings")
    body = wanted(team, reason="Crowd", edits={line["key"]: "South door now."}, seen=seen["seen"])
    code, row = call(client, team.operator, "post", base, body)
    assert code == 201 and row["state"] == "draft" and row["touches"]
    code, sent = call(client, team.leader, "post", f"/changes/{row['id']}/send")
    assert code == 200 and sent["state"] == "sent" and sent["order"].endswith("FRAGO 1")
    assert {ack["post"] for ack in sent["acknowledgements"]} == set(seen["posts"])
    code, rows = call(client, team.driver, "get", "/orders/waiting")
    assert any(waiting["order"] == sent["order"] for waiting in rows)
    code, listed = call(client, team.operator, "get", base)
    assert code == 200 and [row["label"] for row in listed["items"]] == ["C1"]
    code, board = call(client, team.leader, "get", "/board")
    unread = next(row for row in board["unread"] if row["order"] == sent["order"])
    assert "Driver, principal's car" in unread["posts"] and unread["acknowledge_by"]


def test_over_the_api_a_plan_that_moved_on_is_a_conflict(issued, client):
    team, base = issued, f"/operations/{issued.operation.slug}/changes"
    _, row = call(client, team.leader, "post", base, wanted(team))
    spine.change_movement(actor=team.operator, movement=team.drive, title="Other")
    code, problem = call(client, team.leader, "post", f"/changes/{row['id']}/send")
    assert code == 409 and "Somebody changed the plan" in problem["title"]
    code, dropped = call(client, team.leader, "post", f"/changes/{row['id']}/drop")
    assert code == 200 and dropped["state"] == "dropped"


def test_over_the_api_who_may(issued, client):
    team, base = issued, f"/operations/{issued.operation.slug}/changes"
    _, row = call(client, team.leader, "post", base, wanted(team))
    assert call(client, team.operator, "post", f"/changes/{row['id']}/send")[0] == 403
    for person in (team.officer, team.analyst, team.client):
        assert call(client, person, "post", f"{base}/look", wanted(team))[0] == 403
        assert call(client, person, "get", base)[0] == 403
        assert call(client, person, "get", f"/changes/{row['id']}")[0] == 404
    stranger = factories.person()
    other = factories.operation(stranger)
    assert call(client, stranger, "get", f"/changes/{row['id']}")[0] == 404
    path = f"/operations/{other.slug}/changes"
    assert call(client, stranger, "post", path, wanted(team))[0] == 404
    assert call(client, team.leader, "post", base, wanted(team, mode="rocket"))[0] == 422


def run(capsys, who, *words):
    assert root(["--as", who.email, "change", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_at_the_console(issued, capsys):
    team, slug = issued, issued.operation.slug
    early = ("draft", slug, "--earlier", "30", "--exit", "south door", "--why", "Crowd")
    seen = run(capsys, team.leader, *early, "--look")
    assert seen["number"] == 1 and Change.objects.count() == 0
    row = run(capsys, team.operator, *early)
    assert row["state"] == "draft" and row["label"] == "C1"
    with pytest.raises(Denied):
        root(["--as", team.operator.email, "change", "send", slug])
    sent = run(capsys, team.leader, "send", slug)
    assert sent["state"] == "sent" and sent["order"].endswith("FRAGO 1")
    assert [row["label"] for row in run(capsys, team.leader, "list", slug)] == ["C1"]
    shown = run(capsys, team.leader, "show", slug, "C1")
    assert any(ack["acknowledged_by"] == "Lena Leader" for ack in shown["acknowledgements"])
    run(capsys, team.leader, "draft", slug, "--leg", "2", "--to", "Station One")
    assert run(capsys, team.leader, "drop", slug, "c2")["state"] == "dropped"
    assert root(["--as", team.leader.email, "change", "show", slug]) == 0
    assert "Station One" in capsys.readouterr().out


def test_at_the_console_words_for_what_is_wrong(issued):
    slug, as_leader = issued.operation.slug, ["--as", issued.leader.email, "change"]
    for words, error, match in (
        (["draft", slug, "--leg", "9", "--cancel"], NotFound, "no such leg"),
        (["draft", slug, "--to", "Nowhere"], Refused, "Name one place"),
        (["draft", slug, "--at", "soon"], Refused, "no time"),
        (["draft", slug], Refused, "Nothing changes yet"),
        (["send", slug], NotFound, "no such change"),
    ):
        with pytest.raises(error, match=match):
            root([*as_leader, *words])
    assert Order.objects.count() == 1


def test_at_the_console_by_leg_time_and_stop(issued, capsys):
    slug = issued.operation.slug
    at = issued.drive.starts.strftime("%Y-%m-%dT23:50")
    row = run(capsys, issued.leader, "draft", slug, "--leg", "1", "--at", at, "--still")
    assert "instead of" in row["summary"] and row["wish"]["follow"] is False
    stop = ("--stop", "Station One", "--stop-after", "5", "--stop-for", "10", "--within", "3")
    row = run(capsys, issued.leader, "draft", slug, *stop)
    assert row["acknowledge_minutes"] == 3 and "Station One" in row["summary"]
