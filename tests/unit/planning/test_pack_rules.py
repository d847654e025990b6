import pytest

from varangian.kernel.results import Refused
from varangian.planning import pack_rules as rules

EMPTY = {
    **dict.fromkeys(rules.LINES, ""),
    **{name: [] for name in rules.LISTS},
    "when": "",
    "point": None,
}


@pytest.mark.parametrize("hours", [0, -1, 73])
def test_a_pack_is_valid_for_hours(hours):
    with pytest.raises(Refused, match="1 to 72"):
        rules.checked_hours(hours)
    assert rules.checked_hours(72) == 72


def test_a_page_needs_somebody_to_turn_to_and_something_to_know():
    with pytest.raises(Refused, match="ring"):
        rules.check_useful({**EMPTY, "where": "Door B"})
    with pytest.raises(Refused, match="nothing"):
        rules.check_useful({**EMPTY, "phone": "112"})
    rules.check_useful({**EMPTY, "phone": "112", "do": ["Wait"]})


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("where", "Behind the ASTRID hall"),
        ("do", ["Wait", "Open the door for Ms Invented."]),
        ("meet", "The people of heron"),
    ],
)
def test_no_line_names_the_principal(line, text):
    with pytest.raises(Refused, match="names the principal") as refused:
        rules.check_unnamed({**EMPTY, line: text}, "Driver", ("Astrid Invented", "HERON 12"))
    assert refused.value.where == line


def test_other_words_and_numbers_are_no_name():
    content = {**EMPTY, "where": "Gate 12, Herons' walk"}
    rules.check_unnamed(content, "Driver", ("Al Invented", "HERON 12"))
    with pytest.raises(Refused) as refused:
        rules.check_unnamed(EMPTY, "Driver of Invented", ("Al Invented", "HERON 12"))
    assert refused.value.where == "recipient"


def test_points_are_lines_without_blanks_and_not_too_many():
    assert rules.points("do", " Wait \n\n at  the door\x00") == ["Wait", "at the door"]
    with pytest.raises(Refused, match="12 points"):
        rules.points("do", "a\n" * 13)
    with pytest.raises(Refused, match="300 letters"):
        rules.one_line("where", "a" * 301)
