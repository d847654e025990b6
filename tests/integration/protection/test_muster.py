"""Roll calls: the whole party, by app, link, radio; and the door of a link."""

from datetime import timedelta

import pytest
from django.test import Client
from tests import factories

from varangian.alerts import queries as alerts
from varangian.kernel.clock import frozen, now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log import queries as log
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import SYSTEM
from varangian.protection.models import MusterDoor
from varangian.protection.queries import muster as queries
from varangian.protection.services import muster as services
from varangian.travel.queries import presence as where
from varangian.travel.services import presence

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, starts=now(), ends=now() + timedelta(days=1))


@pytest.fixture
def driver(operation):
    return factories.member(operation, Role.DRIVER, factories.person("Dan Driver"))


@pytest.fixture
def roll(leader, driver, operation):
    factories.member(operation, Role.CLIENT, factories.person("Cleo Client"))
    add = services.add_to_party
    add(actor=leader, operation=operation, name="Nora Niece", phone="+358 40 123")
    gone = add(actor=leader, operation=operation, name="Gus Gone")
    services.leave_party(actor=leader, member=gone)
    return services.call_muster(
        actor=leader, operation=operation, reason="Fire alarm", rally="the fountain"
    )


def line(leader, roll, name):
    return next(row for row in queries.lines(leader, roll) if row.name == name)


def states(leader, roll):
    return {row.name: row.state for row in queries.lines(leader, roll)}


def told(operation):
    return [row.body["event"] for row in log.entries(SYSTEM, operation)]


def test_the_whole_party_is_counted_once(leader, operation, roll):
    names = set(states(leader, roll))
    code = operation.principal.code_name
    assert names == {code, "Nora Niece", "Lea Leader", "Dan Driver"}
    again = services.call_muster(actor=leader, operation=operation, reason="Again")
    assert again.pk == roll.pk, "one at a time"
    assert [row.source for row in alerts.alerts(leader)] == ["muster"]
    assert "Roll call 1 of 4: Fire alarm, go to the fountain" in told(operation)


def test_by_app_by_radio_and_the_end(leader, driver, operation, roll):
    services.answer_own(actor=driver, muster=roll, state="safe", where="car")
    with pytest.raises(Refused, match="Safe, help"):
        services.answer_own(actor=driver, muster=roll, state="missing")
    with pytest.raises(Denied):
        services.enter(actor=driver, line=line(leader, roll, "Nora Niece"), state="safe")
    services.enter(actor=leader, line=line(leader, roll, "Nora Niece"), state="missing")
    first = queries.lines(leader, roll)[0]
    assert first.name == "Nora Niece", "who is missing stands first"
    assert "Roll call 1: Dan Driver safe (app), car" in told(operation)
    with pytest.raises(Refused, match="3 of the party"):
        services.close_muster(actor=leader, muster=roll)
    for row in queries.lines(leader, roll):
        services.enter(actor=leader, line=row, state="safe", source="eyes")
    services.close_muster(actor=leader, muster=roll)
    assert not alerts.alerts(leader).exists()
    assert "Roll call 1 ended, 4 of 4 accounted for" in told(operation)
    with pytest.raises(Refused, match="has ended"):
        services.answer_own(actor=driver, muster=roll, state="help")


def test_a_link_asks_and_the_worker_carries_the_answer(leader, operation, roll):
    ((row, secret),) = services.hang_links(actor=leader, muster=roll)
    assert row.name == "Nora Niece"
    stranger = Client()
    page = stranger.get(f"/muster/{secret}")
    assert page.status_code == 200 and b"Nora Niece, are you safe?" in page.content
    assert not stranger.cookies and page.headers["Referrer-Policy"] == "no-referrer"
    assert operation.title.encode() not in page.content, "the page tells nothing of the operation"
    assert stranger.post(f"/muster/{secret}", {"state": "dead"}).status_code == 422
    answered = stranger.post(f"/muster/{secret}", {"state": "help", "where": "lift"})
    assert answered.status_code == 302
    assert states(leader, roll)["Nora Niece"] == "unknown", "not yet carried"
    assert (services.carry_answers(), services.carry_answers()) == (1, 0)
    assert states(leader, roll)["Nora Niece"] == "help"
    assert "Roll call 1: Nora Niece needs help (link), lift" in told(operation)


def test_a_door_closes_with_time_with_another_link_and_with_the_end(leader, roll):
    ((_, first),) = services.hang_links(actor=leader, muster=roll)
    ((_, second),) = services.hang_links(actor=leader, muster=roll)
    assert services.door_of(first) is None and services.door_of(second)
    with frozen(now() + timedelta(hours=13)):
        assert services.door_of(second) is None
    services.close_muster(actor=leader, muster=roll, note="drill over")
    assert not MusterDoor.objects.exists()
    assert Client().get(f"/muster/{second}").status_code == 404


def test_an_answer_that_comes_with_the_end_holds_up_nobody(leader, roll):
    ((row, secret),) = services.hang_links(actor=leader, muster=roll)
    services.answer_at_door(door=services.door_of(secret), state="safe")
    type(roll).objects.filter(pk=roll.pk).update(closed_at=now())
    assert services.carry_answers() == 1
    assert queries.line(leader, row.pk).state == "unknown"


def test_own_page_on_the_phone(driver, roll, leader):
    client = factories.signed_in(driver)
    assert b"/m/muster/safe/" in client.get("/").content, "above every page"
    assert b"I am safe" in client.get("/m/muster/").content
    assert client.post("/m/muster/", {"state": "safe"}).status_code == 302
    assert states(leader, roll)["Dan Driver"] == "safe"
    assert b"/m/muster/safe/" not in client.get("/").content
    assert factories.signed_in(leader).post("/m/muster/safe/").status_code == 302
    assert states(leader, roll)["Lea Leader"] == "safe"
    stranger = factories.signed_in(factories.person())
    assert b"No roll call runs" in stranger.get("/m/muster/").content


def test_strangers_see_no_roll_call(roll):
    with pytest.raises(NotFound):
        queries.muster(factories.person(), roll.pk)


def test_the_party_is_the_one_of_travel(leader, operation):
    """Whoever travel says travels along is counted; whoever is home is not."""
    niece = presence.add_person(actor=leader, operation=operation, name="Nora Niece")
    home = presence.add_person(actor=leader, operation=operation, name="Hal Home")
    presence.confirm(actor=leader, operation=operation, person=home, how="call", over=True)
    services.add_to_party(actor=leader, operation=operation, name="Uma Uncle")
    assert {row.name for row in queries.party(leader, operation)} == {
        "Nora Niece", "Hal Home", "Uma Uncle"
    }  # fmt: skip
    travelling = {line.name for line in where.present(leader, operation)}
    assert "Uma Uncle" in travelling
    roll = services.call_muster(actor=leader, operation=operation, reason="Fire alarm")
    named = [row.name for row in queries.lines(leader, roll) if row.group == "party"]
    assert sorted(named) == ["Nora Niece", "Uma Uncle"]
    assert line(leader, roll, "Nora Niece").traveller_id == niece.pk


def test_who_joins_while_the_roll_is_called_is_on_it(leader, operation, roll):
    presence.add_person(actor=leader, operation=operation, name="Lee Late")
    assert states(leader, roll)["Lee Late"] == "unknown"
    assert line(leader, roll, "Lee Late").serial == max(
        r.serial for r in queries.lines(leader, roll)
    )
    presence.take_off(actor=leader, person=line(leader, roll, "Lee Late").traveller)
    assert states(leader, roll)["Lee Late"] == "unknown", "a roll that runs keeps who was on it"


def test_safe_on_the_roll_is_safe_for_travel(leader, operation, roll):
    niece = line(leader, roll, "Nora Niece").traveller
    presence.set_clock(actor=leader, operation=operation, person=niece, minutes=60)
    services.enter(actor=leader, line=line(leader, roll, "Nora Niece"), state="help")
    assert not where.facts_of(leader, operation).exists()
    given = {"actor": leader, "line": line(leader, roll, "Nora Niece"), "state": "safe"}
    services.enter(**given, where="the fountain")
    fact = where.facts_of(leader, operation).get()
    assert (fact.how, fact.safe, fact.words, fact.person) == (
        "roll_call", True, "the fountain", niece
    )  # fmt: skip
    assert sum("Nora Niece" in words and "fountain" in words for words in told(operation)) == 1
    services.enter(actor=leader, line=line(leader, roll, "Dan Driver"), state="safe")
    assert where.facts_of(leader, operation).count() == 1, "the team is no part of the party"


def test_a_drill_confirms_nobody(leader, operation):
    presence.add_person(actor=leader, operation=operation, name="Nora Niece")
    drill = services.call_muster(actor=leader, operation=operation, reason="Practice", drill=True)
    services.enter(actor=leader, line=line(leader, drill, "Nora Niece"), state="safe")
    assert not where.facts_of(leader, operation).exists()
