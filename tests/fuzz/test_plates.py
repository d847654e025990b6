"""Hostile text and impossible pictures never become a plate by accident, nor end in an error."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("cv2")

from varangian.engines.vision.plates import fit, plain, vote
from varangian.engines.vision.plates.countries import chosen
from varangian.engines.vision.plates.finder import lines
from varangian.engines.vision.plates.place import band, lower, sharpness, spots, strip
from varangian.engines.vision.plates.voting import read_of
from varangian.surveillance.rules import PLATE, read_plate

EVERY = chosen("")
SIDES = st.floats(-1e6, 1e6)


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_any_text_gives_a_plate_or_nothing(texts: list[str]) -> None:
    reads = [read_of(text, [0.9] * len(text)) for text in texts]
    for read in reads:
        found = fit(read.text, EVERY)
        assert found is None or PLATE.fullmatch(found.text)
        assert plain(read.text) == read.text
    told = vote([one for one in reads for _ in range(2)], EVERY)
    assert told is None or (PLATE.fullmatch(told.plate) and 0 <= told.confidence <= 1)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["plate", "confidence", "agreeing_shots", "whole", "x"]),
                inner,
                max_size=5,
            )
        ),
        max_leaves=8,
    )
)
def test_what_a_reader_says_is_believed_in_one_form_alone(said: object) -> None:
    told = read_plate(said)
    assert told is None or PLATE.fullmatch(str(told["plate"]))


@given(st.integers(1, 40), st.integers(1, 40), st.tuples(SIDES, SIDES, SIDES, SIDES))
def test_boxes_anywhere_cut_within_the_picture(high: int, wide: int, box: tuple) -> None:
    crop, _ = lower(np.zeros((high, wide, 3), np.uint8), box)
    assert crop.shape[0] <= high and crop.shape[1] <= wide


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.01, 0.9))
def test_any_map_gives_lines_that_can_be_cut(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    told = (rng.random((64, 96)) < share).astype(np.float32)
    image = rng.integers(0, 255, (64, 96, 3), np.uint8)
    found = lines(told, 1.0, 1.0)
    for spot in spots(found, "motorcycle", 96):
        for line in spot.lines:
            cut = strip(image, line)
            assert cut.shape[1] > 0 and 0 <= band(cut) <= cut.shape[1]
            assert np.isfinite(sharpness(cut))
