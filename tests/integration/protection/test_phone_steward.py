"""The card of a steward's post goes along on the phone, sealed and offline as the orders are."""

from datetime import timedelta

import pytest
from tests import factories
from tests.unit.engines.crowdflow.plans import feature, hall, text

from varangian.crowds import services
from varangian.crowds.models import CrowdPost
from varangian.crowds.queries import venues
from varangian.kernel.clock import now
from varangian.operations import services as spine
from varangian.platform.access.roles import Role
from varangian.protection.queries.phone import snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, starts=now(), ends=now() + timedelta(days=1))


@pytest.fixture
def officer(operation):
    return factories.member(operation, Role.OFFICER, factories.person("Amara Officer"))


@pytest.fixture
def plan(leader, operation):
    document = hall(people=600)
    document["features"] += [
        feature("p1", "post", "Point", [20, 2], name="Front of stage"),
        feature("p2", "post", "Point", [10, -5], name="Foyer"),
    ]
    venue = services.new_plan(
        actor=leader, operation=operation, data=text(document), file_name="hall.geojson"
    )
    services.put_in_force(actor=leader, version=venues.newest(leader, venue))
    made = services.draft_plan(actor=leader, operation=operation, venue=venue)
    for section, value in (
        ("show_stop", {"who": "Ines Stage", "words": "Show stop", "how": "By radio"}),
        ("medical", {"who_orders": "Ines Stage", "evacuation": "By the foyer"}),
        ("event", {"opens": now().isoformat(), "clear": (now() + timedelta(hours=5)).isoformat()}),
    ):
        services.write_plan(actor=leader, plan=made, section=section, value=value)
    return services.approve_plan(actor=leader, plan=made)


def held(leader, plan, officer, name="p1"):
    services.post_stewards(actor=leader, plan=plan)
    row = CrowdPost.objects.get(name=name)
    return spine.assign_post(actor=leader, post=row.post, holder=officer)


def cards(officer, duty):
    return snapshot(officer, duty)["steward"]


def test_who_holds_a_post_has_its_card_while_the_plan_is_in_force(leader, operation, officer, plan):
    held(leader, plan, officer)
    duty = spine.start_duty(actor=officer, operation=operation)
    assert cards(officer, duty) == []
    services.put_plan_in_force(actor=leader, plan=plan, without="the test")
    (card,) = cards(officer, duty)
    assert (card["title"], card["key"], card["in_force"]) == ("Front of stage", "p1", True)
    assert card["stop"] == "Show stop" and card["evacuation"] == "By the foyer"
    assert card["zones"] and card["messages"][0]["texts"]
    services.stand_down_plan(actor=leader, plan=plan)
    assert cards(officer, duty) == []


def test_on_duty_at_a_post_that_another_holds_its_card_is_there(leader, operation, officer, plan):
    other = factories.member(operation, Role.OFFICER)
    post = held(leader, plan, other)
    services.put_plan_in_force(actor=leader, plan=plan, without="the test")
    reserve = spine.start_duty(actor=officer, operation=operation)
    assert cards(officer, reserve) == []
    spine.end_duty(actor=officer, duty=reserve)
    duty = spine.start_duty(actor=officer, operation=operation, post=post)
    assert [card["key"] for card in cards(officer, duty)] == ["p1"]


def test_a_phone_takes_it_along_sealed_with_the_rest(leader, operation, officer, plan):
    held(leader, plan, officer, "p2")
    services.put_plan_in_force(actor=leader, plan=plan, without="the test")
    spine.start_duty(actor=officer, operation=operation)
    answer = factories.signed_in(officer).post(
        "/m/api/open", {"device": "s" * 32}, content_type="application/json"
    )
    assert answer.json()["snapshot"]["steward"][0]["title"] == "Foyer"
    client = factories.member(operation, Role.CLIENT)
    assert snapshot(client, None).get("steward") is None
