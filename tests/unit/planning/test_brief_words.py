"""Words of a brief: listed, vague, contradicting; grades that are missing are said."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from varangian.kernel.results import Refused
from varangian.planning import brief_words as words
from varangian.planning.brief_compose import NEEDS, SECTIONS
from varangian.planning.library import brief_library
from varangian.platform.access.roles import ACTIONS
from varangian.threats.library import grading


def told(text, chosen="likely"):
    return [one.word for one in words.findings(text, chosen)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He will come to the hall", []),
        ("It is likely that he comes", []),
        ("He may come in May", ["may"]),
        ("Probably he comes, PERHAPS not", ["Probably", "PERHAPS"]),
        ("Er könnte kommen, wahrscheinlich allein", ["könnte", "wahrscheinlich"]),
        ("It cannot be ruled out", ["cannot be ruled out"]),
        ("A mayor dismayed by probability", []),
        ("It is very likely", ["very likely"]),
        ("It is unlikely", ["unlikely"]),
        ("It is very  likely, or likely", ["very  likely"]),
        ("", []),
        ("\x00may", ["may"]),
    ],
)
def test_vague_words_and_others_than_the_chosen_one_are_found(text, expected):
    assert told(text) == expected


def test_a_listed_word_is_offered_for_each_vague_one():
    listed = set(words.probability_words())
    assert all(set(row.offer) <= listed for row in brief_library().vague)
    for row in brief_library().vague:
        assert told(f"x {row.word} y") == [row.word], row.word


def test_the_word_is_mended_in_place_and_only_once():
    assert words.mended("Perhaps he comes", "Perhaps", "likely") == "Likely he comes"
    assert words.mended("a may b may", "may", "likely") == "a likely b may"
    with pytest.raises(Refused):
        words.mended("nothing here", "may", "likely")


def test_a_bottom_line_counts_its_sentences():
    assert words.checked_bottom_line(" One.  Two!\nThree? ") == "One. Two!\nThree?"
    assert words.checked_bottom_line(
        "At 14.30 to gate 2.5 km off"
    ) and not words.checked_bottom_line(" ")
    with pytest.raises(Refused, match="3 sentences"):
        words.checked_bottom_line("A. B. C. D.")


def test_the_bands_have_no_hole_and_do_not_overlap():
    rows = grading().probability
    assert rows[0].from_ == 0 and rows[-1].to == 100
    assert all(a.to == b.from_ for a, b in pairwise(rows))


def test_every_section_has_its_wall_and_its_composer():
    ids = {rule.id for rule in brief_library().sections}
    assert ids == set(NEEDS) == set(SECTIONS)
    assert set(NEEDS.values()) <= set(ACTIONS)


def test_grades_and_ages_are_said_also_when_there_are_none():
    assert words.grade_words("", "") == "ungraded"
    assert words.grade_words("B2", "admiralty") == "B2: usually reliable, probably true"
    at = datetime(2030, 1, 1, tzinfo=UTC)
    assert words.age_words(None, at) == "age not known"
    ages = [words.age_words(at - timedelta(minutes=m), at) for m in (5, 200, 9000, -5)]
    assert ages == ["5 min old", "3 h old", "6 days old", "dated ahead"]


def test_what_is_told_too_widely_is_found_without_its_number():
    assert words.told_too_widely("The ANGRY letter  writer", ["T1 Angry letter writer"])
    assert not words.told_too_widely("All calm", ["T1 Angry letter writer", "T2 all"])
