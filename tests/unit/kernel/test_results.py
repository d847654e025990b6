"""Refusals say what, where and how to mend it."""

import pytest

from varangian.kernel.results import Conflict, Denied, NotFound, Refused
from varangian.kernel.words import plural


@pytest.mark.parametrize(
    ("kind", "status"), [(Refused, 422), (Denied, 403), (NotFound, 404), (Conflict, 409)]
)
def test_each_kind_has_its_status_and_is_a_refusal(kind, status):
    refused = kind("No", where="here", mend="Do that.")
    assert isinstance(refused, Refused) and refused.status == status
    assert str(refused) == "No (here). Do that."


def test_without_place_or_cure():
    assert str(Refused("This is taken")) == "This is taken."
    assert str(Refused("This is taken.")) == "This is taken."
    assert str(Refused("Taken", mend="Choose another.")) == "Taken. Choose another."
    assert (Refused("a").where, Refused("a").mend) == ("", "")


def test_plural():
    assert [plural(n, "leg") for n in (0, 1, 2)] == ["0 legs", "1 leg", "2 legs"]
    assert plural(2, "entry", "entries") == "2 entries"
