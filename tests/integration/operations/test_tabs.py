"""The parts of an operation, in groups: a person finds what is theirs, and no empty group."""

import pytest
from tests import factories

from varangian.operations import tabs
from varangian.platform.access.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader, slug="helsinki")


def chosen(rows):
    return [row["words"] for row in rows if row["here"]]


def test_the_group_of_a_page_shows_its_tabs_and_no_others(leader, operation):
    parts = tabs.of_operation(leader, operation, "routes")
    assert chosen(parts.groups) == ["Travel"] and chosen(parts.tabs) == ["Routes"]
    words = [tab["words"] for tab in parts]
    assert {"Itinerary", "Vehicles"} <= set(words) and "Readiness" not in words
    assert [one["words"] for one in parts.groups] == [words for _, words, _ in tabs.GROUPS]


def test_a_group_opens_with_its_first_tab(leader, operation):
    travel = next(
        one
        for one in tabs.of_operation(leader, operation, "overview").groups
        if one["words"] == "Travel"
    )
    first, *_ = tabs.of_operation(leader, operation, "itinerary")
    assert travel["url"] == first["url"]


def test_a_group_of_one_needs_no_second_row(leader, operation):
    parts = tabs.of_operation(leader, operation, "overview")
    assert chosen(parts.groups) == ["Overview"] and parts.tabs == []


def test_who_may_see_nothing_of_a_group_has_no_door_to_it(leader, operation):
    client = factories.member(operation, Role.CLIENT)
    groups = [one["words"] for one in tabs.of_operation(client, operation, "overview").groups]
    assert "Threats" not in groups and "Overview" in groups, groups
