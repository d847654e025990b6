"""Go, no go, a start without a go; waivers that end. Nothing starts unsigned."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from tests import factories
from tests.factories import signed_in

from varangian.config.commands import root
from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.operations import services as operations
from varangian.planning import services
from varangian.planning.models import Decision
from varangian.planning.queries import decisions
from varangian.planning.queries.readiness import readiness
from varangian.planning.signing import decision_fault
from varangian.platform.access.scope import SYSTEM
from varangian.platform.thread.services import clear
from varangian.protection.queries import board
from varangian.threats import services as threats

from .test_order_faces import bearer


@pytest.fixture
def ready(issued):
    """Nothing stands in the way of a go; some of it is not ready."""
    team = issued
    threats.assess(
        actor=team.leader, operation=team.operation, level="moderate", summary="One writer."
    )
    threats.set_source_state(actor=team.analyst, source=team.source, state="reviewed")
    threats.set_source_state(actor=team.leader, source=team.source, state="approved")
    services.set_measure_state(
        actor=team.leader, measure=team.measure, state="in_place", verified_at=now()
    )
    waiting(team)
    team.risk.refresh_from_db()
    threats.accept_risk(actor=team.leader, risk=team.risk, note="Side door is held")
    team.operation.refresh_from_db()
    operations.set_operation_state(actor=team.leader, operation=team.operation, state="planned")
    return team


def waiting(team):
    from varangian.platform.thread.queries import stale_marks

    for kind, record in {(m.kind, m.record) for m in stale_marks(team.leader)}:
        clear(actor=team.leader, kind=kind, record=record, note="Looked at")


def go(team, **fields):
    given = {"kind": "go", "reason": "Posts read it in the car", **fields}
    return services.decide(actor=team.leader, operation=team.operation, **given)


def start(team, actor=None):
    team.operation.refresh_from_db()
    return operations.set_operation_state(
        actor=actor or team.leader, operation=team.operation, state="active"
    )


def test_nothing_starts_without_a_go(ready):
    with pytest.raises(Refused, match="no go for this operation"):
        start(ready)
    go(ready)
    assert start(ready).state == "active"


def test_a_go_keeps_what_was_missing_at_that_moment(ready):
    with pytest.raises(Refused, match="Say why it is a go although"):
        go(ready, reason=" ")
    made = go(ready)
    kept = {row["artefact"]: row["state"] for row in made.lights}
    assert kept["vehicles_checked"] == "unknown" and kept["medical_card"] == "fresh"
    assert made.counted["unknown"] >= 1 and made.until == made.at + timedelta(hours=48)
    found = Decision.objects.get(pk=made.pk)
    assert decision_fault(found) == ""
    found.reason = "All was ready"
    assert "content" in decision_fault(found)
    for deed in (found.save, found.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()


def test_a_hole_that_nobody_may_do_without_blocks_the_go(team):
    with pytest.raises(Refused, match=r"no go without this: .*[Rr]isk register"):
        go(team)
    services.decide(
        actor=team.operator, operation=team.operation, kind="override", reason="Threat at the door"
    )
    operations.set_operation_state(actor=team.leader, operation=team.operation, state="planned")
    assert start(team, team.operator).state == "active"
    assert decisions.standing(team.leader, team.operation).state == "override"
    shown = board.readiness(team.leader)[0]["go"]
    assert (shown.tone, shown.words) == ("red", "started without a go")


def test_no_go_takes_the_go_back(ready):
    go(ready)
    with pytest.raises(Refused, match="Say why"):
        go(ready, kind="no_go", reason="")
    go(ready, kind="no_go", reason="Protest grows")
    with pytest.raises(Refused, match="no go, by Lena Leader"):
        start(ready)


def test_a_go_ends_by_itself(ready):
    made = go(ready)
    with frozen(made.until + timedelta(minutes=1)):
        assert decisions.standing(ready.leader, ready.operation).state == "lapsed"
        with pytest.raises(Refused, match="held until"):
            start(ready)


def test_a_change_shakes_the_go_and_says_what_turned(ready):
    go(ready)
    operations.assign_post(actor=ready.leader, post=ready.med, holder=None)
    lights = readiness(ready.leader, ready.operation)
    found = decisions.standing(ready.leader, ready.operation, lights)
    assert found.state == "shaken" and "Medic is empty" in found.stale[0]
    assert any("All posts filled" in words for words in found.turned)
    with pytest.raises(Refused, match="something has changed"):
        start(ready)
    waiting(ready)
    assert start(ready).state == "active"


def test_who_may(ready):
    for person in (ready.operator, ready.analyst, ready.officer, ready.driver, ready.client):
        with pytest.raises(Denied):
            services.decide(actor=person, operation=ready.operation, kind="go", reason="x")
    with pytest.raises(Denied):
        services.decide(actor=ready.analyst, operation=ready.operation, kind="override", reason="x")
    with pytest.raises(NotFound):
        services.decide(actor=factories.person(), operation=ready.operation, kind="go", reason="x")
    with pytest.raises(Refused, match="named person"):
        services.decide(actor=SYSTEM, operation=ready.operation, kind="go", reason="x")
    with pytest.raises(Refused, match="no decision"):
        go(ready, kind="maybe")


def light(team, artefact):
    rows = readiness(team.leader, team.operation)
    return next(row for row in rows if row.artefact.id == artefact)


def waive(team, **fields):
    return services.confirm_artefact(
        actor=team.leader,
        operation=team.operation,
        artefact="vehicles_checked",
        note="Hired car with its driver",
        waive=True,
        **fields,
    )


def test_a_waiver_ends_and_the_light_turns_back(team):
    until = now() + timedelta(hours=3)
    waive(team, until=until)
    shown = light(team, "vehicles_checked")
    assert (shown.state, shown.until) == ("waived", until) and "Hired car" in shown.why
    with frozen(until):
        shown = light(team, "vehicles_checked")
        assert shown.state == "unknown" and "waiver by Lena Leader has ended" in shown.why


def test_a_waiver_has_bounds_and_can_be_withdrawn(team):
    with pytest.raises(Refused, match="longer than 168 h"):
        waive(team, until=now() + timedelta(days=30))
    with pytest.raises(Refused, match="in the future"):
        waive(team, until=now() - timedelta(hours=1))
    assert waive(team).until <= now() + timedelta(hours=168)
    give = {"operation": team.operation, "artefact": "vehicles_checked", "note": "Cars are ours"}
    with pytest.raises(Denied):
        services.withdraw_waiver(actor=team.operator, **give)
    services.withdraw_waiver(actor=team.leader, **give)
    assert light(team, "vehicles_checked").state == "unknown"
    with pytest.raises(Refused, match="No waiver stands"):
        services.withdraw_waiver(actor=team.leader, **give)


def test_the_go_leans_on_its_waivers(ready):
    waive(ready)
    go(ready)
    services.withdraw_waiver(
        actor=ready.leader, operation=ready.operation, artefact="vehicles_checked", note="Ours"
    )
    assert "Waiver withdrawn" in decisions.standing(ready.leader, ready.operation).stale[0]


def test_page_asks_again_who_signs(ready):
    slug = ready.operation.slug
    address = reverse("planning:readiness_decide", args=[slug])
    given = {"kind": "go", "reason": "Read in the car"}
    assert signed_in(ready.leader).post(address, given).status_code in (302, 422)
    assert not Decision.objects.exists()
    browser = signed_in(ready.leader, fresh=True)
    assert browser.post(address, given).status_code == 302
    page = browser.get(reverse("planning:readiness", args=[slug])).content.decode()
    assert "signature genuine" in page and "Read in the car" in page
    waived = {"artefact": "vehicles_checked", "note": "Hired car", "until": ""}
    browser.post(reverse("planning:readiness_waive", args=[slug]), waived)
    assert light(ready, "vehicles_checked").state == "waived"
    browser.post(
        reverse("planning:readiness_withdraw", args=[slug]), {"artefact": "vehicles_checked"}
    )
    assert light(ready, "vehicles_checked").state == "unknown"
    assert b"Lena Leader" in browser.get(reverse("board_readiness")).content


def test_api(ready, client):
    base = f"/api/v1/operations/{ready.operation.slug}"
    send = {"content_type": "application/json"}
    body = json.dumps({"kind": "go", "reason": "Read in the car"})
    denied = client.post(f"{base}/decisions", body, **send, **bearer(ready.operator, writes=True))
    assert denied.status_code == 403
    made = client.post(f"{base}/decisions", body, **send, **bearer(ready.leader, writes=True))
    assert made.status_code == 201 and made.json()["kind"] == "go"
    assert {row["state"] for row in made.json()["not_ready"]} >= {"unknown"}
    assert client.get(f"{base}/go", **bearer(ready.analyst)).json()["holds"] is True
    listed = client.get(f"{base}/decisions", **bearer(ready.analyst)).json()
    assert listed["count"] == 1
    reason = json.dumps({"reason": "Fire next door"})
    other = client.post(f"{base}/override", reason, **send, **bearer(ready.operator, writes=True))
    assert other.status_code == 201 and other.json()["serial"] == 2


def test_command_line(ready, capsys):
    slug = ready.operation.slug
    with pytest.raises(Refused, match="named person"):
        root(["go", "sign", slug, "--reason", "x"])
    capsys.readouterr()
    who = ["--as", ready.leader.email]
    assert root([*who, "go", "sign", slug, "--reason", "Read in the car", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["by"] == "Lena Leader"
    assert root([*who, "go", "refuse", slug, "--reason", "Protest", "--json"]) == 0
    assert root([*who, "go", "override", slug, "--reason", "Fire", "--json"]) == 0
    capsys.readouterr()
    assert root(["go", "list", slug, "--json"]) == 0
    kinds = [row["kind"] for row in json.loads(capsys.readouterr().out)]
    assert kinds == ["override", "no_go", "go"]
    assert root(["go", "show", slug, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] == "override"
    lines = ["readiness", slug, "--waive", "vehicles_checked", "--note", "Hired", "--json"]
    assert root([*who, *lines]) == 0
    rows = {row["artefact"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["vehicles_checked"]["until"]
    lines = ["readiness", slug, "--withdraw", "vehicles_checked", "--json"]
    assert root([*who, *lines]) == 0
