"""The thread of one operation: picture, lists, circles in words, and what time ends."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from tests import factories
from tests.factories import signed_in

from varangian.config.commands import root
from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Denied, NotFound
from varangian.operations import services as operations
from varangian.planning import services
from varangian.planning.queries.thread import drawn
from varangian.platform.thread.expiry import expire_due
from varangian.platform.thread.queries import stale_by_record, stale_marks
from varangian.platform.thread.services import clear, tie
from varangian.threats import services as threats

from .test_order_faces import bearer


def test_the_picture_runs_from_threat_to_order(issued):
    found = drawn(issued.leader, issued.operation)
    at = {knot.node: found.layout.placed[knot.node].column for knot in found.picture.knots.values()}
    threat, risk = at["threat", issued.source.pk], at["risk", issued.risk.pk]
    measure, order = at["measure", issued.measure.pk], at["order", issued.order.pk]
    assert threat < risk < measure < order
    assert found.picture.circles() == [] and not found.stale


def test_a_change_marks_what_rests_on_it_with_the_reason(issued):
    operations.change_movement(actor=issued.leader, movement=issued.drive, title="Hotel to hall 2")
    found = drawn(issued.leader, issued.operation)
    reasons = found.picture.knots["order", issued.order.pk].stale
    assert any("Leg 1 changed: title" in reason for reason in reasons)
    part = drawn(issued.leader, issued.operation, only_stale=True)
    assert 0 < len(part.picture.knots) < len(found.picture.knots)


def test_a_circle_is_said_in_words(issued):
    where = issued.operation.compartment_id
    tie(
        left=("measure", issued.measure.pk),
        right=("threat", issued.source.pk),
        relation="by hand",
        compartment_id=where,
    )
    words = drawn(issued.leader, issued.operation).picture.circles()
    assert len(words) == 1 and "rests on" in words[0] and "cut one of these ties" in words[0]
    page = signed_in(issued.leader).get(reverse("planning:thread", args=[issued.operation.slug]))
    assert b"Circular dependency" in page.content


def test_page_shows_picture_and_lists_per_role(issued):
    address = reverse("planning:thread", args=[issued.operation.slug])
    for name in ("leader", "operator", "analyst"):
        page = signed_in(getattr(issued, name)).get(address).content.decode()
        assert "<svg" in page and "The same as lists" in page
        assert reverse("threats:risk", args=[issued.risk.pk]) in page
    for name in ("officer", "driver", "client"):
        assert signed_in(getattr(issued, name)).get(address).status_code == 403
    with pytest.raises(Denied):
        drawn(issued.driver, issued.operation)
    with pytest.raises(NotFound):
        drawn(factories.person(), issued.operation)
    assert signed_in(issued.leader).get(f"{address}part/?show=stale").status_code == 200


def test_an_ended_waiver_marks_the_go_once(issued):
    team = issued
    ends = now() + timedelta(hours=2)
    services.confirm_artefact(
        actor=team.leader,
        operation=team.operation,
        artefact="vehicles_checked",
        note="Hired car",
        waive=True,
        until=ends,
    )
    made = services.decide(
        actor=team.leader, operation=team.operation, kind="override", reason="Waiting is worse"
    )
    waiver = team.operation.confirmations.get()
    where = team.operation.compartment_id
    tie(left=("waiver", waiver.pk), right=("go", made.pk), relation="x", compartment_id=where)
    assert expire_due() == 0
    with frozen(ends + timedelta(minutes=1)):
        assert expire_due() == 1
        reasons = stale_by_record(team.leader, "go", [made.pk])[made.pk]
        assert reasons[0].startswith("Waiver ended") and "Vehicles" in reasons[0]
        clear(actor=team.leader, kind="go", record=made.pk, note="Looked")
        assert expire_due() == 0, "the same end is told once"
        assert not stale_by_record(team.leader, "go", [made.pk])


def test_an_ended_assessment_marks_what_was_planned_at_its_level(issued):
    team = issued
    threats.assess(
        actor=team.leader,
        operation=team.operation,
        level="moderate",
        summary="One writer.",
        valid_until=now() + timedelta(hours=5),
    )
    for kind, record in {(m.kind, m.record) for m in stale_marks(team.leader)}:
        clear(actor=team.leader, kind=kind, record=record, note="Looked at")
    with frozen(now() + timedelta(hours=6)):
        expire_due()
        reasons = stale_by_record(team.leader, "order", [team.order.pk])[team.order.pk]
    assert any("Threat assessment version 1 ended" in reason for reason in reasons)


def test_a_review_that_is_due_marks_the_order(issued):
    who = issued.operation.principal
    who.review_due = (now() - timedelta(days=1)).date()
    who.save(update_fields=["review_due"])
    assert expire_due() >= 1
    reasons = stale_by_record(issued.leader, "order", [issued.order.pk])[issued.order.pk]
    assert any("due for review" in reason for reason in reasons)


def test_api_and_command_line(issued, client, capsys):
    slug = issued.operation.slug
    found = client.get(f"/api/v1/operations/{slug}/thread", **bearer(issued.analyst)).json()
    assert found["edges"] and found["circles"] == []
    denied = client.get(f"/api/v1/operations/{slug}/thread", **bearer(issued.driver))
    assert denied.status_code == 403
    capsys.readouterr()
    assert root(["thread", "show", slug, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["nodes"]) == len(found["nodes"])
    assert root(["thread", "expire", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"told": 0}
