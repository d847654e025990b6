"""What a BOLO card may say and how long it stands, as data."""

import pytest

from varangian.kernel.library import parse_yaml
from varangian.kernel.results import NotFound, Refused
from varangian.threats.library import bolo as module
from varangian.threats.library.bolo import KINDS, BoloLibrary, bolo


def shipped() -> str:
    from importlib import resources

    return resources.files(module.__package__).joinpath("bolo.yaml").read_text("utf-8")


def test_each_kind_has_features_and_something_to_do_and_never_to_do():
    library = bolo()
    for kind in KINDS:
        assert len(library.kind(kind).features) >= 4
        drills = library.drills_for(kind)
        assert drills and all(drill.do and drill.never for drill in drills)
    assert {"legitimate_interests", "vital_interests"} <= {one.id for one in library.bases}
    assert library.usual_hours <= library.most_hours <= 24 * 60


def test_no_word_of_it_gives_a_person_a_number():
    words = shipped().casefold()
    assert not any(word in words for word in ("score", "rating", "percent", "probability"))


def test_unknown_words_are_refused_with_what_there_is():
    for ask in (bolo().kind, bolo().drill, bolo().basis):
        with pytest.raises(NotFound):
            ask("nothing-like-it")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("usual_hours: 72", "usual_hours: 400"),
        ("most_hours: 336", "most_hours: 0"),
        ("  - id: thing\n", "  - id: crowd\n"),
        ("kinds: [thing]", "kinds: [person]"),
    ],
)
def test_a_library_that_does_not_hold_together_is_refused(old, new):
    text = shipped().replace(old, new).replace("kinds: [person, vehicle, thing]", "kinds: [person]")
    with pytest.raises(Refused):
        parse_yaml(text, "bolo.yaml", BoloLibrary)
