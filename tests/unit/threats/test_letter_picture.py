"""A letter cut where words were found, a record drawn by month, and answers that are known."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from varangian.kernel.results import Refused
from varangian.threats import letter_picture
from varangian.threats.triage_questions import KEEP, LATER, QUESTIONS, checked, in_words

TEXT = "I want to meet you in person. The weather is fine."


def test_pieces_are_the_whole_text_in_order():
    cut = letter_picture.pieces(TEXT)
    assert "".join(one.text for one in cut) == TEXT
    marked = [one for one in cut if one.facts]
    assert any("asks to meet" in one.told for one in marked)
    assert letter_picture.pieces("") == []


def test_a_negated_proposal_is_grey():
    cut = letter_picture.pieces("I will not kill you.")
    told = [one for one in cut if "negated" in one.told]
    assert told and all(one.tone == "grey" for one in told)


def test_bars_stand_by_month_and_by_year_where_months_are_many():
    def row(year: int, month: int, channel: str = "mail"):
        return SimpleNamespace(at=datetime(year, month, 3, tzinfo=UTC), channel=channel)

    near = letter_picture.bars([row(2026, 1), row(2026, 1, "call"), row(2026, 3)])
    assert [one.x for one in near] == [0, 0, 24]
    assert near[0].words.startswith("2026-01: 1 contact")
    far = letter_picture.bars([row(2000, 1), row(2026, 3)])
    assert far[-1].words.startswith("2026: ")
    assert letter_picture.bars([SimpleNamespace(at=None, channel="mail")]) == []


def test_every_answer_has_a_key_of_its_own():
    keys = [one.key for question in QUESTIONS for one in question.answers]
    assert len({*keys, KEEP, LATER}) == len(keys) + 2
    assert not {*keys, KEEP, LATER} & {"?", "/", "g", "j", "k"}


def test_answers_are_checked_and_said():
    given = checked({"tone": "angry", "requests": ["help", "meet"], "target": ""})
    assert given == {"tone": "angry", "requests": ["meet", "help"]}
    said = dict(in_words(given))
    assert said["Requests"] == "A meeting, Money or help"
    assert said["Target"] == "not answered"
    assert dict(in_words({"specific": []}))["Specificity"] == "none"
    with pytest.raises(Refused, match="no such question"):
        checked({"score": "7"})
