"""Taking up duty, reporting, being relieved."""

from datetime import timedelta

import pytest
from tests import factories

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, NotFound, Refused
from varangian.log import queries as log
from varangian.operations import queries, services
from varangian.platform.access.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lena Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, starts=now(), ends=now() + timedelta(days=1))


@pytest.fixture
def officer(operation):
    return factories.member(operation, Role.OFFICER, factories.person("Amara Officer"))


@pytest.fixture
def post(leader, operation):
    return services.add_post(
        actor=leader, operation=operation, title="Front door", role="ppo", edition="ppo",
        call_sign="BRAVO",
    )  # fmt: skip


def start(who, operation, **given):
    return services.start_duty(actor=who, operation=operation, **given)


def events(leader, operation):
    return [row.body["event"] for row in log.entries(leader, operation)]


def test_a_duty_started_twice_is_one(leader, officer, operation, post):
    first = start(officer, operation, post=post)
    assert start(officer, operation, post=post).pk == first.pk
    assert first.call_sign == "BRAVO"
    assert queries.own_duty(officer).pk == first.pk
    told = [words for words in events(leader, operation) if "on duty" in words]
    assert told == ["Amara Officer is on duty, Front door"]


def test_nobody_is_on_duty_in_two_operations(officer, operation, leader):
    other = factories.operation(leader)
    factories.member(other, Role.OFFICER, officer)
    start(officer, operation)
    with pytest.raises(Refused, match="another operation"):
        start(officer, other)


def test_an_old_report_of_a_phone_changes_nothing(officer, operation):
    duty = start(officer, operation)
    duty = services.set_status(actor=officer, duty=duty, status="moving")
    earlier = now() - timedelta(minutes=5)
    duty = services.set_status(actor=officer, duty=duty, status="rest", at=earlier)
    assert duty.status == "moving"


def test_standing_down_names_the_relief(leader, officer, operation):
    duty = start(officer, operation)
    relief = factories.member(operation, Role.OFFICER, factories.person("Rolf Relief"))
    told = [{"words": "Keys", "confirmed": True}]
    services.end_duty(actor=officer, duty=duty, relieved_by=relief, handover=told)
    assert queries.own_duty(officer) is None
    assert "Amara Officer is off duty, relieved by Rolf Relief" in events(leader, operation)
    with pytest.raises(Refused, match="has ended"):
        services.end_duty(actor=officer, duty=duty)


def test_only_the_team_and_only_their_own(leader, officer, operation):
    client = factories.member(operation, Role.CLIENT)
    with pytest.raises(Denied):
        start(client, operation)
    with pytest.raises(NotFound):
        start(factories.person(), operation)
    duty = start(officer, operation)
    fellow = factories.member(operation, Role.OFFICER)
    with pytest.raises(Denied):
        services.end_duty(actor=fellow, duty=duty)
    services.end_duty(actor=leader, duty=duty)


def test_who_to_reach_are_those_on_duty_or_else_all(leader, officer, operation):
    fellow = factories.member(operation, Role.OFFICER)
    gone = factories.member(operation, Role.OFFICER)
    gone.is_active = False
    gone.save()
    found = queries.people_to_reach(leader, operation, ["officer"])
    assert {person.pk for person in found} == {officer.pk, fellow.pk}
    start(officer, operation)
    assert queries.people_to_reach(leader, operation, ["officer"]) == [officer]
