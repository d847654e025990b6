"""What a TVRA asks, as data: enough of it, each with its source, and nothing about persons."""

from importlib import resources

import pytest

from varangian.kernel.library import parse_yaml
from varangian.kernel.results import NotFound, Refused
from varangian.threats.library import tvra as module
from varangian.threats.library.tvra import KINDS, CheckLibrary, TvraLibrary, checks, tvra

LEAST = {"residence": 25, "office": 20, "event": 20, "trip": 12, "principal": 10}


def shipped(name: str) -> str:
    return resources.files(module.__package__).joinpath(name).read_text("utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_asks_enough_and_every_item_is_whole(kind):
    library = checks(kind)
    assert library.id == kind and len(library.items) >= LEAST[kind]
    for item in library.items:
        assert item.ask.endswith("?"), item.id
        assert len(item.why) > 20 and len(item.good) > 20, item.id
        assert library.source_of(item), item.id
    used = {item.source for item in library.items}
    assert used == {source.id for source in library.sources}, "a source that nothing rests on"
    asked = [item.ask for item in library.items]
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_of_it_gives_a_number(kind):
    words = shipped(f"tvra_{kind}.yaml").casefold()
    assert not any(word in words for word in ("score", "percent", "rating"))


def test_no_subject_is_left_without_checks_and_no_template_without_parts():
    library = tvra()
    assert [one.id for one in library.subjects] == list(KINDS)
    assert {"full", "brief"} <= {one.id for one in library.templates}
    assert "threats" not in library.template("survey").parts
    for ask in (library.subject, library.template, checks, checks("trip").item):
        with pytest.raises(NotFound):
            ask("nothing-like-it")


@pytest.mark.parametrize(
    ("name", "model", "old", "new"),
    [
        ("tvra.yaml", TvraLibrary, "usual_days: 180", "usual_days: 900"),
        ("tvra.yaml", TvraLibrary, "id: principal", "id: yacht"),
        ("tvra_trip.yaml", CheckLibrary, "source: vpam", "source: hearsay"),
        ("tvra_trip.yaml", CheckLibrary, "id: armour-age", "id: vehicle-fits"),
    ],
)
def test_a_library_that_does_not_hold_together_is_refused(name, model, old, new):
    text = shipped(name)
    assert old in text
    with pytest.raises(Refused):
        parse_yaml(text.replace(old, new), name, model)
