"""Who the database is told acts: also after a unit inside of another has ended."""

import pytest
from django.db import connection
from tests.factories import person

from varangian.platform.access.context import act_as, acting, current_actor
from varangian.platform.access.scope import SYSTEM

pytestmark = pytest.mark.django_db


def told() -> tuple[str, str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('varangian.user'), current_setting('varangian.purpose'),"
            " current_setting('varangian.exercise')"
        )
        return cursor.fetchone()


def test_a_unit_inside_of_another_leaves_it_as_it_was():
    user = person()
    act_as(user, purpose="outer", exercise=True)
    with acting(SYSTEM, purpose="inner"):
        assert told() == ("", "inner", "")
    assert told() == (str(user.pk), "outer", "on")
    assert current_actor() is user


def test_also_when_the_inner_one_fails():
    user = person()
    act_as(user, purpose="outer")
    with pytest.raises(ValueError, match="broken"), acting(SYSTEM, purpose="inner"):
        raise ValueError("broken")
    assert told() == (str(user.pk), "outer", "")
