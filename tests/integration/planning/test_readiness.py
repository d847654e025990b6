"""The readiness lights of an operation, from its records."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.factories import signed_in

from varangian.config.commands import root
from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.operations import services as operations
from varangian.planning import services
from varangian.planning.queries.readiness import readiness
from varangian.threats import services as threats

from .test_order_faces import bearer


def states(team, person=None):
    return {row.artefact.id: row.state for row in readiness(person or team.leader, team.operation)}


def test_nothing_unknown_is_fresh(team):
    found = states(team)
    assert found["operation_order_issued"] == "missing"
    assert found["vehicles_checked"] == "unknown"
    assert found["movements_located"] == "fresh"
    assert found["primary_route"] == "fresh"
    assert found["trauma_centre"] == "fresh"
    assert found["medical_card"] == "fresh"
    assert found["threat_assessment"] == "missing"
    assert found["emergency_contacts"] == "fresh"


def test_an_order_that_is_issued_read_and_then_stale(issued):
    team = issued
    assert states(team)["posts_acknowledged"] == "missing"
    for name in ("lead", "ppo", "wheel", "med", "room", "desk"):
        post = getattr(team, name)
        services.acknowledge_order(actor=post.holder, order=team.order, post=post)
    found = states(team)
    assert (found["operation_order_issued"], found["posts_acknowledged"]) == ("fresh", "fresh")
    operations.change_movement(actor=team.leader, movement=team.drive, title="Hotel to the hall")
    assert states(team)["operation_order_issued"] == "stale"
    with frozen(now() + timedelta(days=30)):
        assert states(team)["trauma_centre"] == "due"


def test_what_is_missing_is_named(team):
    operations.change_movement(actor=team.leader, movement=team.speech, destination=None)
    operations.assign_post(actor=team.leader, post=team.med, holder=None)
    lights = {row.artefact.id: row for row in readiness(team.leader, team.operation)}
    assert lights["movements_located"].missing == ("Speech",)
    assert lights["posts_filled"].why == "Medic"
    assert lights["posts_filled"].url and lights["posts_filled"].do


def test_the_level_decides_what_is_required(team):
    threats.assess(
        actor=team.leader, operation=team.operation, level="low", summary="Nobody is after them."
    )
    team.operation.refresh_from_db()
    assert "alternate_route" not in states(team)
    threats.assess(
        actor=team.leader, operation=team.operation, level="severe", summary="Somebody is."
    )
    team.operation.refresh_from_db()
    assert {"alternate_route", "police_informed", "actions_on_rehearsed"} <= set(states(team))


def test_a_word_and_a_waiver_have_a_name_and_an_end(team):
    give = {"operation": team.operation, "artefact": "vehicles_checked"}
    services.confirm_artefact(actor=team.operator, note="Both cars searched", **give)
    assert states(team)["vehicles_checked"] == "fresh"
    with frozen(now() + timedelta(days=2)):
        assert states(team)["vehicles_checked"] == "due"
    services.confirm_artefact(actor=team.leader, note="Hired car with driver", waive=True, **give)
    assert states(team)["vehicles_checked"] == "waived"
    with pytest.raises(Denied):
        services.confirm_artefact(actor=team.operator, note="no", waive=True, **give)
    with pytest.raises(Refused, match="read from the records"):
        services.confirm_artefact(
            actor=team.leader, operation=team.operation, artefact="posts_filled", note="all there"
        )
    with pytest.raises(Refused, match="cannot do without"):
        services.confirm_artefact(
            actor=team.leader,
            operation=team.operation,
            artefact="threat_assessment",
            note="no time",
            waive=True,
        )


def test_faces(team, client, capsys):
    slug = team.operation.slug
    page = signed_in(team.analyst).get(reverse("planning:readiness", args=[slug]))
    assert page.status_code == 200 and b"Trauma centre named" in page.content
    assert (
        signed_in(team.leader).get(reverse("planning:readiness_part", args=[slug])).status_code
        == 200
    )
    for name in ("officer", "driver", "client"):
        assert signed_in(getattr(team, name)).get(page.request["PATH_INFO"]).status_code == 403
    rows = client.get(f"/api/v1/operations/{slug}/readiness", **bearer(team.leader)).json()
    assert {row["artefact"] for row in rows} == set(states(team))
    capsys.readouterr()
    assert root(["readiness", slug, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == len(rows)
    signed_in(team.leader).post(
        reverse("planning:readiness_confirm", args=[slug]),
        {"artefact": "vehicles_checked", "note": "Searched at 06:00"},
    )
    assert states(team)["vehicles_checked"] == "fresh"


def test_strangers(team):
    from tests import factories

    with pytest.raises(NotFound):
        readiness(factories.person(), team.operation)
