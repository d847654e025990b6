"""A standard card fitted to posts, places and numbers: what is not known stays empty."""

from types import SimpleNamespace

import pytest

from varangian.planning.library import actions_on
from varangian.planning.tailoring import Known, dial, fall_back, gaps, reached, tailored


def post(title, role, sign):
    return SimpleNamespace(title=title, role=role, call_sign=sign, serial=1)


def place(name, kind, at=None, phone=""):
    return SimpleNamespace(name=name, kind=kind, position=at, located=bool(at), phone=phone)


HALL = place("Hall", "venue", [60.175, 24.933], "+358 9 222")
NEAR, FAR = (
    place("Near", "safe_haven", [60.176, 24.93]),
    place("Far", "safe_haven", [60.3, 25.0]),
)
TRAUMA = place("Trauma", "trauma_centre", [60.19, 24.9], "112")
POSTS = [
    post("Driver, principal's car", "driver", "ONE"),
    post("Driver, follow car", "driver", "TWO"),
    post("Operations-room controller", "controller", "ZERO"),
]
KNOWN = Known(posts=POSTS, places=[HALL, FAR, NEAR, TRAUMA], numbers=["Emergency number: 112"])


@pytest.mark.parametrize(
    ("who", "how"),
    [
        ("operations room", "ZERO (Operations-room controller)"),
        ("spare car", "TWO (Driver, follow car)"),
        ("venue control", "Hall +358 9 222"),
        ("trauma centre", "Trauma 112"),
        ("police", "Emergency number: 112"),
        ("client", ""),
        ("embassy", ""),
        ("principal's doctor", ""),
    ],
)
def test_whom_to_call(who, how):
    assert reached(who, KNOWN) == how


def test_where_to_fall_back_to():
    assert fall_back("Next safe haven, by the emergency route.", KNOWN) is NEAR
    assert fall_back("Trauma centre of the day.", KNOWN) is TRAUMA
    assert fall_back("Next safe haven.", Known()) is None


def test_every_card_of_the_library_can_be_fitted_and_says_what_is_missing():
    for card in actions_on().cards:
        content, where = tailored(card, Known())
        assert len(content["drill"]) == len(card.drill)
        assert "no place to fall back to" in gaps(content, where)
        assert len(gaps(content, where)) == len(card.call) + 1


@pytest.mark.parametrize(
    ("how", "number"),
    [
        ("112, say door B of the house", "112"),
        ("Petra Holm +358 00 000 0101", "+358000000101"),
        ("Zero (Operations-room controller)", ""),
        ("", ""),
    ],
)
def test_the_number_a_phone_dials(how, number):
    assert dial(how) == number
