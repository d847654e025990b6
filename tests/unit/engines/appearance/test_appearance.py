"""Colours of clothes by name, and a search over what was described."""

from datetime import UTC, datetime, time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.engines.appearance.garments import LIGHTS, SWATCHES, scene

from varangian.engines.sightings import colour_of
from varangian.engines.vision.appearance import Described, appearance, looks_of, search, wanted
from varangian.engines.vision.appearance.colours import NAMES
from varangian.kernel.results import Refused


def judged(light: str, *, seeds: int = 4, with_frame: bool = True) -> tuple[int, int, int]:
    """Right, wrong, unknown."""
    right = wrong = unknown = 0
    names = list(SWATCHES)
    for seed in range(seeds):
        for k, upper in enumerate(names):
            lower = names[(k + 1 + seed) % len(names)]
            crop, frame = scene(upper, lower, LIGHTS[light], 100 * seed + k)
            found = appearance(crop, frame if with_frame else None)
            for part, truth in (("coat", upper), ("trousers", lower)):
                name = found[part].name
                right, wrong = right + (name == truth), wrong + (name not in (truth, "unknown"))
                unknown += name == "unknown"
    return right, wrong, unknown


@pytest.mark.parametrize("light", LIGHTS)
def test_colours_are_named_under_all_lights(light):
    right, wrong, unknown = judged(light)
    total = right + wrong + unknown
    assert right / total >= 0.85 and wrong / total <= 0.12


def test_with_the_frame_warm_light_deceives_less():
    assert judged("lamp, warm")[0] > judged("lamp, warm", with_frame=False)[0]


def test_each_name_is_a_word_of_the_lexicon():
    assert all(colour_of(name) == name for name in NAMES)


def test_what_is_dark_tiny_or_of_many_colours_is_unknown():
    crop, frame = scene("red", "blue", LIGHTS["daylight"], 1)
    assert looks_of(appearance(crop, frame)) == {"coat": "red", "trousers": "blue"}
    assert appearance((crop * 0.05).astype(np.uint8))["coat"].why == "too dark"
    assert appearance(crop[::5, ::5])["coat"].why == "too small"
    mixed = crop.copy()
    mixed[::3] = (40, 200, 230)
    mixed[1::3] = (150, 40, 30)
    mixed[2::3] = (120, 120, 120)
    assert appearance(mixed)["coat"].why == "no one colour"
    assert looks_of(appearance(mixed)) == {}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 90), st.integers(0, 60), st.integers(0, 255))
def test_any_picture_has_an_answer(high, wide, value):
    found = appearance(np.full((high, wide, 3), value, np.uint8))
    assert set(found) == {"coat", "trousers"}
    assert all(0 <= one.confidence <= 1 for one in found.values())


def row(name: str, hour: int, source: str = "officer", **looks: str) -> Described:
    return Described(name, datetime(2027, 3, 1, hour, tzinfo=UTC), looks, source)


ROWS = [
    row("a", 15, coat="grey", bag="red"),
    row("b", 16, "camera", coat="grey", trousers="blue"),
    row("c", 13, coat="grey", bag="red"),
    row("d", 17, coat="green", bag="red"),
    row("e", 18, coat="black", bag="red"),
    row("f", 19, shoes="white"),
]


def test_officers_words_and_cameras_colours_are_searched_in_one_vocabulary():
    hits = search("gray jacket, red rucksack, after 14:00", ROWS)
    assert [hit.one.name for hit in hits] == ["a", "b", "e"]
    assert hits[0].same == ("grey coat", "red bag") and not hits[0].untold
    assert hits[1].untold == ("red bag",)
    assert hits[2].near == ("black for grey coat",) and "near: black" in hits[2].words


def test_times_are_on_the_clock_of_the_place():
    found = search("grey coat after 16:30 until 17:30", ROWS, "Europe/Helsinki")
    assert [hit.one.name for hit in found] == ["a"]
    night = search("grey coat after 22:00 before 14:00", ROWS)
    assert [hit.one.name for hit in night] == ["c"]


def test_a_colour_alone_is_looked_for_on_anything():
    assert {hit.one.name for hit in search("something white", ROWS)} == {"f"}


def test_words_that_say_nothing_are_refused_with_an_example():
    for words in ("", "after 14:00", "the man again", "grey coat after 25:00"):
        with pytest.raises(Refused) as error:
            search(words, ROWS)
        assert "grey coat" in error.value.mend
    assert wanted("red bag from 9:05").after == time(9, 5)
