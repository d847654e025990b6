"""Imports wait for the fixtures: a conftest is read before the database is there."""

import pytest


@pytest.fixture
def leader(db):
    from tests import factories

    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    from tests import factories

    return factories.operation(leader)


@pytest.fixture
def team(operation, leader):
    """One person for each role of the operation, and a leader of a foreign team."""
    from tests import factories

    from varangian.platform.access.roles import Role

    people = {role.value: factories.member(operation, role) for role in Role}
    stranger = factories.person("Foreign Leader")
    factories.operation(stranger)
    return {**people, "detail_leader": leader, "stranger": stranger}


@pytest.fixture
def leg(operation, leader):
    from varangian.operations.services import add_movement

    return add_movement(actor=leader, operation=operation, kind="road", title="Airport to hotel")


@pytest.fixture
def source(operation, leader):
    from varangian.threats.services import add_source

    return add_source(
        actor=leader,
        operation=operation,
        title="Invented letter writer",
        intent="low",
        source_grade="B",
        information_grade="2",
    )


@pytest.fixture
def risk(operation, leader, source, leg):
    from varangian.threats.services import add_risk

    return add_risk(
        actor=leader,
        operation=operation,
        title="Approach at the door",
        responsibility="personal_protection",
        likelihood=4,
        impact=4,
        threat_source=source,
        movement=leg,
    )


@pytest.fixture
def desk(operation, leader):
    """Members of the engagement, in whose circle persons of interest are kept."""
    from tests import factories

    from varangian.platform.access.roles import Role

    contract = operation.engagement
    people = {role.value: factories.member(contract, role) for role in Role}
    stranger = factories.person("Foreign Leader")
    factories.operation(stranger)
    return {**people, "detail_leader": leader, "stranger": stranger}


@pytest.fixture
def person(desk, operation):
    from tests.integration.threats.referred import refer

    return refer(desk, operation)
