"""Behind the queries stands row security: the role of the application sees only its circles."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from tests import factories

from varangian.platform.access.context import act_as
from varangian.platform.access.roles import Role
from varangian.principals import services
from varangian.principals.models import Contact, Principal

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_application():
    with connection.cursor() as cursor:
        cursor.execute("set local role varangian_app")
    yield
    with connection.cursor() as cursor:
        cursor.execute("reset role")


def test_a_leader_works_behind_the_wall_and_a_stranger_sees_nothing(request):
    contract = factories.engagement()
    leader = factories.member(contract, Role.DETAIL_LEADER)
    stranger = factories.member(factories.engagement(), Role.DETAIL_LEADER)
    request.getfixturevalue("as_application")
    act_as(leader)
    heron = services.create_principal(
        actor=leader, compartment_id=contract.compartment_id, code_name="HERON", name="Astrid I"
    )
    services.add_contact(actor=leader, principal=heron, role="doctor", name="Dr I", phone="1")
    assert Principal.objects.count() == 1
    act_as(stranger)
    assert (Principal.objects.count(), Contact.objects.count()) == (0, 0)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Principal.objects.create(
            key_id=heron.key_id,
            compartment_id=contract.compartment_id,
            slug="kite",
            code_name="KITE",
        )
    again = services.create_principal(
        actor=stranger, compartment_id=stranger_circle(stranger), code_name="HERON"
    )
    assert again.slug == "heron-2"


def stranger_circle(user):
    return user.memberships.get().compartment_id
