"""The routine of a principal: judged by legs that were made, private ones left out, looks noted."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from tests import factories
from tests.factories import signed_in

from varangian.config.commands import root
from varangian.kernel.clock import now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.operations import services as operations
from varangian.operations.models import Movement
from varangian.planning.models import WayTaken
from varangian.planning.queries.routine import principal_to_judge, routine
from varangian.planning.services.ways import looked_at_routine, record_way
from varangian.platform.access.roles import Role
from varangian.platform.audit.models import AuditEntry
from varangian.principals.services import add_window

from .test_order_faces import bearer

LEGS = 12


@pytest.fixture
def habit(team):
    """Twelve days to the hall at the same hour; ten by one road and one door."""
    first = now().replace(hour=7, minute=10, second=0, microsecond=0) - timedelta(days=LEGS + 1)
    team.legs = [
        operations.add_movement(
            actor=team.leader,
            operation=team.operation,
            kind="road",
            title="To work",
            destination=team.hall,
            starts=first + timedelta(days=day),
            ends=first + timedelta(days=day, minutes=20),
            zone="Europe/Helsinki",
        )
        for day in range(LEGS)
    ]
    Movement.objects.filter(pk__in=[leg.pk for leg in team.legs]).update(state="complete")
    for number, leg in enumerate(team.legs):
        route = "Bay road" if number >= 10 else "Mannerheim street"
        record_way(actor=team.driver, movement=leg, route=route, entrance="Main door")
    return team


def judged(team, person=None, **given):
    return routine(person or team.leader, team.principal, **given)


def test_index_top_cell_and_what_to_vary(habit):
    found = judged(habit)
    aspects = found.report.aspects
    assert found.report.journeys == LEGS
    assert aspects["time"].index == 1 and aspects["time"].top == "09:00-09:30"
    assert aspects["route"].top == "Mannerheim street" and aspects["entrance"].share == 1
    assert found.hours == [9] and sum(c.count for _, row in found.grid for c in row) == LEGS
    assert any("entrance: only Main door is known" in line.words for line in found.report.advice)


def test_too_few_journeys_are_unknown_and_not_safe(habit):
    Movement.objects.filter(pk__in=[leg.pk for leg in habit.legs[3:]]).update(state="planned")
    found = judged(habit)
    assert found.unconfirmed == LEGS - 3
    assert "too few journeys (3, at least 10" in str(found.report.aspects["time"])
    page = signed_in(habit.leader).get(reverse("planning:routine", args=[habit.principal.slug]))
    assert "Not enough to say" in page.content.decode()


def test_a_way_that_nobody_recorded_is_not_counted(habit):
    WayTaken.objects.all().delete()
    found = judged(habit)
    assert "too few journeys (0" in str(found.report.aspects["route"])
    assert found.report.aspects["time"].seen == LEGS


def test_privacy_windows_are_left_out_and_only_counted(habit):
    leg = habit.legs[0]
    add_window(
        actor=habit.leader,
        principal=habit.principal,
        starts=leg.starts - timedelta(hours=1),
        ends=leg.starts + timedelta(minutes=5),
    )
    found = judged(habit)
    assert found.private == 1 and found.report.journeys == LEGS - 1
    assert leg.pk not in [one.movement.pk for one in found.journeys]


def test_weeks_bound_what_is_seen(habit):
    assert judged(habit, weeks=1).report.journeys < LEGS
    for weeks in (0, 53):
        with pytest.raises(Refused):
            judged(habit, weeks=weeks)


def test_what_is_refused_about_a_way(habit):
    give = {"actor": habit.driver, "movement": habit.legs[0]}
    with pytest.raises(Refused, match="Say the route"):
        record_way(**give)
    with pytest.raises(Refused, match="80 letters"):
        record_way(**give, route="x" * 81)
    with pytest.raises(Refused, match="not begun"):
        record_way(actor=habit.driver, movement=habit.drive, route="Bay road")
    with pytest.raises(Refused, match="A stay"):
        record_way(actor=habit.driver, movement=habit.speech, route="Bay road")
    with pytest.raises(Denied):
        record_way(actor=habit.client, movement=habit.legs[0], route="Bay road")
    kept = record_way(**give, entrance="Side door")
    assert kept.route == "Mannerheim street" and WayTaken.objects.count() == LEGS


@pytest.mark.parametrize("name", ["officer", "driver", "client"])
def test_the_routine_is_for_the_desk(habit, name):
    person = getattr(habit, name)
    with pytest.raises(Denied):
        judged(habit, person)
    address = reverse("planning:routine", args=[habit.principal.slug])
    assert signed_in(person).get(address).status_code == 403
    file = signed_in(person).get(reverse("principals:show", args=[habit.principal.slug]))
    assert address not in file.content.decode()


def test_a_foreign_team_finds_no_principal(habit):
    stranger = factories.person()
    factories.operation(stranger)
    with pytest.raises(NotFound):
        principal_to_judge(stranger, habit.principal.slug)


def test_other_operations_that_a_person_does_not_belong_to_do_not_show(habit):
    other = factories.operation(
        habit.leader, engagement=habit.contract, principal=habit.principal, slug="other-day"
    )
    analyst = factories.member(other, Role.ANALYST)
    assert judged(habit, analyst).report.journeys == 0


def test_every_look_is_noted(habit, client, capsys):
    looks = AuditEntry.objects.filter(kind="read", purpose="principal's routine")
    signed_in(habit.leader).get(reverse("planning:routine", args=[habit.principal.slug]))
    api = client.get(f"/api/v1/principals/{habit.principal.slug}/routine", **bearer(habit.leader))
    assert api.json()["aspects"]["time"]["index"] == 1 and len(api.json()["inputs"]) == LEGS
    assert root(["routine", "show", habit.principal.slug, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["aspects"]["entrance"]["share"] == 1
    assert looks.count() == 3
    with pytest.raises(Denied):
        looked_at_routine(actor=habit.driver, principal=habit.principal)
    refused = client.get(
        f"/api/v1/principals/{habit.principal.slug}/routine", **bearer(habit.driver)
    )
    assert refused.status_code == 403


def test_on_screen_over_the_api_and_on_the_command_line(habit, client, capsys):
    page = signed_in(habit.leader)
    address = reverse("planning:routine", args=[habit.principal.slug])
    words = page.get(address).content.decode()
    for said in ("easy to guess", "vg-heat-top", "Main door", "What to vary", "Bay road"):
        assert said in words
    assert (
        address
        in page.get(reverse("principals:show", args=[habit.principal.slug])).content.decode()
    )
    assert page.get(address, {"weeks": "x"}).status_code == 422
    leg = habit.legs[0]
    given = {"route": "Ring road", "entrance": "Court", "next": address}
    assert page.post(reverse("planning:way", args=[leg.pk]), given).headers["Location"] == address
    away = {**given, "next": "https://elsewhere.example"}
    assert "elsewhere" not in page.post(reverse("planning:way", args=[leg.pk]), away)["Location"]
    sent = client.post(
        f"/api/v1/movements/{leg.pk}/way",
        json.dumps({"entrance": "Roof"}),
        content_type="application/json",
        **bearer(habit.driver, writes=True),
    )
    assert sent.json()["route"] == "Ring road" and sent.json()["entrance"] == "Roof"
    capsys.readouterr()
    line = ["routine", "record", habit.operation.slug, str(leg.serial), "--route", "Bay road"]
    assert root([*line, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["entrance"] == "Roof"
    with pytest.raises(NotFound):
        root(["routine", "record", habit.operation.slug, "99", "--route", "Bay road"])
    assert root(["routine", "show", habit.principal.slug]) == 0
    assert "Mannerheim street" in capsys.readouterr().out
