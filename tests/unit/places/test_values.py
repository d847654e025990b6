"""What may be written for a question, and how it reads."""

import pytest

from varangian.kernel.results import Refused
from varangian.places.library import FactRule
from varangian.places.values import checked_value, words

OPTIONS = {"card": "Card", "key": "Key", "code": "Code"}


def rule(kind, **more):
    more |= {"options": OPTIONS} if kind in ("choice", "several") else {}
    return FactRule(id="lift", title="Lift", ask="Which one", type=kind, life="fabric", **more)


@pytest.mark.parametrize(
    ("kind", "given", "kept", "read"),
    [
        ("text", "  by the court ", "by the court", "by the court"),
        ("yes_no", "Yes", True, "Yes"),
        ("yes_no", False, False, "No"),
        ("choice", "key", "key", "Key"),
        ("several", "code, card", ["card", "code"], "Card, Code"),
        ("several", ["key"], ["key"], "Key"),
        ("number", "4,5", 4.5, "4.5"),
        ("number", 12.0, 12, "12"),
        ("phone", "+358 00 000 0201", "+358 00 000 0201", "+358 00 000 0201"),
    ],
)
def test_kept_and_read(kind, given, kept, read):
    value = checked_value(rule(kind), given)
    assert value == kept and type(value) is type(kept)
    assert words(rule(kind), {"value": value}) == read


def test_a_number_reads_with_its_unit():
    assert words(rule("number", unit="min"), {"value": 9}) == "9 min"


@pytest.mark.parametrize(
    ("kind", "given", "why"),
    [
        ("text", "", "missing"),
        ("text", None, "missing"),
        ("text", "x" * 2001, "2000"),
        ("yes_no", "perhaps", "yes or no"),
        ("choice", "none", "none of the choices"),
        ("several", "", "missing"),
        ("several", "card,axe", "none of the choices"),
        ("number", "four", "a number"),
        ("number", "nan", "between"),
        ("number", "-1", "between"),
        ("number", "1e9", "between"),
        ("phone", "ask", "telephone"),
    ],
)
def test_refused_in_words(kind, given, why):
    with pytest.raises(Refused, match=why) as refusal:
        checked_value(rule(kind), given)
    assert "Lift" in refusal.value.where


def test_what_does_not_apply_and_what_was_erased():
    assert words(rule("text"), {"absent": True}) == "Does not apply here"
    assert words(rule("text"), {}) == "[erased]"
