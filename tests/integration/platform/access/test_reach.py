"""Three tellings of who reaches what agree: the code's, the database's, and one circle asked."""

import random
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from tests.factories import person

from varangian.kernel.clock import now
from varangian.platform.access.models import Compartment, Membership, User
from varangian.platform.access.roles import ACTIONS, Role
from varangian.platform.access.scope import (
    CIRCLES,
    Reach,
    circles,
    compartments_for,
    may,
    reach_of,
    role_in,
    ties_in,
)
from varangian.platform.access.stage import leave_to, tell

pytestmark = pytest.mark.django_db
SEEDS = range(20)


def random_house(seed: int) -> tuple[list[Compartment], list[User]]:
    """Engagements with operations below them; people with any roles in any of them, some ended."""
    chance = random.Random(seed)
    above = [Compartment.objects.create(label=f"engagement {n}") for n in range(3)]
    below = [
        Compartment.objects.create(
            label=f"operation {n}", parent=chance.choice(above), exercise=chance.random() < 0.3
        )
        for n in range(8)
    ]
    people = [person() for _ in range(5)]
    ends = (None, None, now() + timedelta(days=1), now() - timedelta(days=1))
    for user in people:
        for circle in chance.sample([*above, *below], chance.randrange(7)):
            role, until = chance.choice(list(Role)), chance.choice(ends)
            Membership.objects.create(compartment=circle, user=user, role=role.value, until=until)
    return [*above, *below], people


def told_by_database(user: User, action: str) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(CIRCLES, circles(user, action).params)
        return {row[0] for row in cursor.fetchall()}


def forgetful(user: User) -> User:
    user.__dict__.pop("_reach", None)
    return user


@pytest.fixture(params=[False, True], ids=["life", "exercise"])
def _side(request):
    tell(request.param)
    yield
    leave_to(exercise=False)


@pytest.mark.usefixtures("_side")
@pytest.mark.parametrize("seed", SEEDS)
def test_code_and_database_agree_for_every_action(seed):
    _, people = random_house(seed)
    for user in people:
        for action in ACTIONS:
            assert told_by_database(user, action) == compartments_for(user, action), action


@pytest.mark.usefixtures("_side")
@pytest.mark.parametrize("seed", SEEDS)
def test_one_circle_asked_alone_answers_as_the_whole(seed):
    everywhere, people = random_house(seed)
    for user in people:
        for circle in everywhere:
            alone = {(t.role, t.from_below) for t in ties_in(forgetful(user), circle.pk)}
            nearest = role_in(forgetful(user), circle.pk)
            allowed = {a for a in ACTIONS if may(forgetful(user), a, circle.pk)}
            whole = [r for r in reach_of(forgetful(user)) if r.compartment == circle.pk]
            assert alone == {(r.role, r.from_below) for r in whole}
            assert allowed == {a for a in ACTIONS if circle.pk in compartments_for(user, a)}
            assert nearest in _nearest(whole)


def _nearest(whole: list[Reach]) -> set[Role | None]:
    """Several operations may tie a person to the engagement above; none of them is closer."""
    direct = {r.role for r in whole if not r.from_below}
    if direct:
        return {next(r.role for r in whole if not r.from_below)}
    return {r.role for r in whole} or {None}


def test_one_circle_costs_one_question_whoever_asks(django_assert_num_queries):
    user = person()
    made = Compartment.objects.bulk_create(Compartment(label=f"past {n}") for n in range(300))
    Membership.objects.bulk_create(
        Membership(compartment=circle, user=user, role=Role.DETAIL_LEADER.value) for circle in made
    )
    with django_assert_num_queries(1):
        assert all(may(user, action, made[7].pk) for action in ("order.sign", "risk.accept"))
        assert role_in(user, made[7].pk) == Role.DETAIL_LEADER
    assert user.__dict__["_reach"].whole is None


def test_nobody_and_the_shut_out_may_nothing():
    user = person()
    circle = Compartment.objects.create(label="circle")
    Membership.objects.create(compartment=circle, user=user, role=Role.DETAIL_LEADER.value)
    assert may(user, "order.sign", circle.pk)
    assert not may(user, "order.sign", None)
    user.is_active = False
    assert not may(forgetful(user), "order.sign", circle.pk)
