"""Masks and rules of a principal's file, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from varangian.kernel.results import Refused
from varangian.platform.access.roles import Role
from varangian.principals import rules

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("role", Role)
def test_nobody_sees_a_masked_section_without_asking(role: Role) -> None:
    assert rules.open_sections([role]).isdisjoint(
        {"medical", "addresses", "family", "words", "routine"}
    )


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.DRIVER, set()),
        (Role.CLIENT, {"name", "preferences", "windows"}),
        (
            Role.OFFICER,
            {"name", "exposure", "concerns", "preferences", "contacts", "windows"},
        ),
    ],
)
def test_what_a_role_sees(role: Role, sees: set[str]) -> None:
    assert rules.open_sections([role]) == sees


def test_the_roles_of_one_person_add_up() -> None:
    assert "name" in rules.open_sections([Role.DRIVER, Role.ANALYST])


def test_every_text_belongs_to_exactly_one_section() -> None:
    fields = [field for section in rules.SECTIONS.values() for field in section.fields]
    assert len(fields) == len(set(fields))
    assert set(rules.TEXTS) == set(fields) - {"medical"}


@pytest.mark.parametrize("purpose", ["", "no why", "       a       "])
def test_a_reason_says_something(purpose: str) -> None:
    with pytest.raises(Refused, match="8 characters"):
        rules.checked_purpose(purpose)


def test_only_masked_sections_can_be_unmasked() -> None:
    with pytest.raises(Refused):
        rules.section_named("name")
    assert rules.section_named("words").fields == ("code_word", "duress_word")


@pytest.mark.parametrize("label", ["lindqvist", "HERON ASTRID", "astrid-2"])
def test_a_code_name_does_not_give_the_person_away(label: str) -> None:
    with pytest.raises(Refused, match="gives the person away"):
        rules.check_discreet("Astrid Lindqvist", label)


def test_a_discreet_code_name_passes() -> None:
    rules.check_discreet("Astrid Lindqvist", "HERON", "heron-1", "")


def test_the_medical_card_refuses_what_it_does_not_know() -> None:
    with pytest.raises(Refused, match="no such lines"):
        rules.checked_medical({"shoe_size": "42"})
    with pytest.raises(Refused, match="blood group"):
        rules.checked_medical({"blood_group": "C+"})
    assert rules.checked_medical({"blood_group": " ab− "}) == {"blood_group": "AB-"}


def test_windows_may_touch_but_not_overlap() -> None:
    others = [(NINE, NINE + HOUR)]
    rules.check_window(NINE + HOUR, NINE + 2 * HOUR, others)
    rules.check_window(NINE - HOUR, NINE, others)
    with pytest.raises(Refused, match="already a privacy window"):
        rules.check_window(NINE + HOUR / 2, NINE + 2 * HOUR, others)
    with pytest.raises(Refused, match="already a privacy window"):
        rules.check_window(NINE - HOUR, NINE + 3 * HOUR, others)


@pytest.mark.parametrize("ends", [NINE, NINE - HOUR])
def test_a_window_ends_after_it_starts(ends: datetime) -> None:
    with pytest.raises(Refused, match="ends before it starts"):
        rules.check_window(NINE, ends, [])


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(Refused, match="needs its zone"):
        rules.check_window(datetime(2026, 1, 1), NINE, [])
