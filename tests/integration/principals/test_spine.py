"""What a principal's change and erasure do to operations, legs and residences."""

import pytest
from tests import factories

from varangian.operations.services import add_movement
from varangian.places.models import Place
from varangian.places.services import add_place
from varangian.platform.access.roles import Role
from varangian.platform.thread.models import StaleMark
from varangian.platform.thread.services import tie
from varangian.principals import services

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract():
    return factories.engagement()


@pytest.fixture
def leader(contract):
    return factories.member(contract, Role.DETAIL_LEADER)


def _home(contract, leader, operation, key_id) -> Place:
    place = add_place(
        actor=leader,
        compartment_id=contract.compartment_id,
        key_id=key_id,
        name="Villa Lindqvist",
        kind="residence",
        address="1 Invented Street",
        position=[60.1, 24.9],
    )
    add_movement(actor=leader, operation=operation, kind="stay", title="Night", destination=place)
    return place


def test_what_hangs_on_the_principal_turns_stale(contract, leader):
    operation = factories.operation(leader, engagement=contract)
    who = operation.principal
    tie(
        left=("principal", who.pk),
        right=("operation", operation.pk),
        relation="protects",
        compartment_id=operation.compartment_id,
    )
    services.change_principal(actor=leader, principal=who, preferences="Quiet")
    mark = StaleMark.objects.get(kind="operation", record=operation.pk)
    assert mark.reason == f"Principal {who.code_name} changed: preferences"


def test_erasing_blanks_residences_under_the_engagements_key(contract, leader):
    operation = factories.operation(leader, engagement=contract)
    place = _home(contract, leader, operation, contract.key_id)
    assert place.slug == "residence"
    services.erase(actor=leader, principal=operation.principal, reason="asked in writing")
    gone = Place.objects.get(pk=place.pk)
    assert (gone.name, gone.address, gone.position) == ("[erased]", "", [])
    assert (gone.slug, gone.precision) == ("erased", "unlocated")


def test_a_residence_that_somebody_else_uses_stays(contract, leader):
    operation = factories.operation(leader, engagement=contract)
    place = _home(contract, leader, operation, contract.key_id)
    other = factories.operation(leader, engagement=contract)
    add_movement(actor=leader, operation=other, kind="stay", title="Night", origin=place)
    services.erase(actor=leader, principal=operation.principal, reason="asked in writing")
    assert Place.objects.get(pk=place.pk).name == "Villa Lindqvist"


def test_a_residence_under_the_principals_key_goes_with_the_key(contract, leader):
    operation = factories.operation(leader, engagement=contract)
    place = _home(contract, leader, operation, operation.principal.key_id)
    services.erase(actor=leader, principal=operation.principal, reason="asked in writing")
    gone = Place.objects.get(pk=place.pk)
    assert (gone.name, gone.address, gone.position) == ("[erased]", "[erased]", [])
