"""The second wall: PostgreSQL shows a plain role only the circles of the person who is named."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import ProgrammingError, connection, transaction

from varangian.platform.access.context import act_as
from varangian.platform.access.models import Membership
from varangian.platform.access.scope import reach_of
from varangian.platform.access.stage import leave_to
from varangian.platform.database.embedded import APP, WORKER
from varangian.platform.database.walls import secured_tables

pytestmark = pytest.mark.django_db
SPARSE = {"threats_riskacceptance", "planning_acknowledgement", "planning_confirmation"} | {
    *(
        "planning_decision",
        "planning_rehearsal",
        "planning_commstest",
        "thread_expiry",
        "planning_lessonanswer",
        "planning_waytaken",
        "surveillance_livepart",
    ),
}
"""The world of the matrix has no such rows."""
INSIDE = {"planning_exercise", "planning_inject", "planning_delivery"}
"""Rows that show only to a member who has entered an exercise."""


@pytest.fixture
def world():
    from tests.matrix.world import build

    return build()


@contextmanager
def plain_role(user=None, role: str = APP, *, exercise: bool = False) -> Iterator[None]:
    """As the web process speaks: without a bypass, in the name of one person or of nobody."""
    point = transaction.savepoint_create()
    with connection.cursor() as cursor:
        cursor.execute("select set_config('varangian.user', '', true)")
        cursor.execute(f"set local role {role}")
    if user is not None:
        act_as(user, exercise=exercise)
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)
        leave_to(exercise=False)


def fetch(statement: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def circles(table: str) -> set[uuid.UUID]:
    """A raw read that asks no ``visible_to``."""
    return {row[0] for row in fetch(f'select compartment_id from "{table}"')}


def test_the_sensitive_tables_are_secured_and_forced():
    tables = secured_tables()
    assert set(tables) >= {
        *("principals_principal", "principals_contact", "operations_movement"),
        *("places_place", "alerts_alert", "operations_engagement", "operations_operation"),
        *("operations_post", "storage_storedfile", "planning_confirmation"),
    }
    rows = fetch(
        "select relname, relrowsecurity, relforcerowsecurity from pg_class where relname = any(%s)",
        tables,
    )
    assert sorted(rows) == [(table, True, True) for table in sorted(tables)]


OPEN = {"thread_edge", "thread_stalemark", "planning_packdoor", "planning_packvisit"} | {
    "protection_musterdoor",
    "protection_node",
}
"""Ids and kinds only; a change must carry its mark into circles that whoever made it cannot see.
A stranger's link finds its own sealed page, and leaves a sealed name; a node is known by its token
before anybody is named."""


def test_every_table_of_a_circle_is_secured_but_the_thread_and_the_doors():
    from django.apps import apps

    from varangian.platform.access.scope import ScopedModel

    scoped = {m._meta.db_table for m in apps.get_models() if issubclass(m, ScopedModel)}
    assert scoped - set(secured_tables()) == OPEN


def test_the_web_role_has_no_way_round():
    rows = fetch(
        "select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = any(%s)",
        [APP, WORKER],
    )
    assert rows == [(False, False, False)] * 2
    with plain_role(), pytest.raises(ProgrammingError), transaction.atomic():
        fetch('alter table "principals_principal" disable row level security')


def test_nobody_named_means_no_rows(world):
    empty = [table for table in secured_tables() if not circles(table)]
    assert set(empty) <= SPARSE, "the world of the matrix should have a row of each"
    with plain_role():
        assert {table: circles(table) for table in secured_tables()} == {
            table: set() for table in secured_tables()
        }


def test_member_sees_own_rows_and_a_stranger_none(world):
    ours = set(world.compartments)
    full = [table for table in secured_tables() if circles(table) and table not in INSIDE]
    with plain_role(world.inside["officer"]):
        assert [t for t in full if not circles(t) or not circles(t) <= ours] == []
    with plain_role(world.foreign["officer"]):
        assert all(circles(table).isdisjoint(ours) for table in secured_tables())
        assert circles("principals_principal"), "but sees those of the own team"
    for name in ("administrator", "auditor", "nobody"):
        with plain_role(world.foreign[name]):
            assert not any(circles(table) for table in secured_tables()), name


def test_each_side_shows_its_own_rows_only(world):
    live = set(world.compartments)
    with plain_role(world.inside["officer"]):
        assert not any(circles(table) for table in INSIDE)
    with plain_role(world.inside["officer"], exercise=True):
        assert all(circles(table) for table in INSIDE)
        shown = circles("operations_movement") | circles("alerts_alert")
        assert shown and shown.isdisjoint(live)
    with plain_role(world.foreign["officer"], exercise=True):
        assert not any(circles(table) for table in INSIDE)


def test_an_ended_membership_ends_the_view(world):
    user = world.inside["driver"]
    with plain_role(user):
        assert circles("operations_movement")
    Membership.objects.filter(user=user).update(until="2020-01-01T00:00:00Z")
    with plain_role(user):
        assert not circles("operations_movement")


def test_rows_cannot_be_pushed_into_a_foreign_circle(world):
    statement = "update principals_principal set compartment_id = %s returning id"
    with plain_role(world.foreign["detail_leader"]):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            fetch(statement, world.compartments[0])
        assert fetch("delete from principals_contact where compartment_id = %s returning id",
                     world.compartments[0]) == []  # fmt: skip


def test_the_worker_sees_all(world):
    with plain_role(role=WORKER):
        assert set(world.compartments) & circles("operations_movement")


def test_reach_is_computed_once_a_query_and_not_once_a_row(world):
    with plain_role(world.inside["officer"]):
        for table in secured_tables():
            plan = "\n".join(row[0] for row in fetch(f'explain select * from "{table}"'))
            assert "InitPlan" in plan and "SubPlan" not in plan, f"{table}: {plan}"


def test_row_security_reaches_as_far_as_the_code(world):
    for user in [*world.inside.values(), *world.foreign.values()]:
        assert circles_of(user) == {reach.compartment for reach in reach_of(user)}


def circles_of(user) -> set[uuid.UUID]:
    with plain_role(user):
        return {row[0] for row in fetch("select varangian_reach()")}
