"""Identifiers and short names."""

import re
import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from varangian.kernel.ids import ALPHABET, new_id, short_code, slugify


def test_version_and_variant_bits():
    for _ in range(500):
        made = new_id()
        assert made.version == 7 and made.int >> 62 & 0b11 == 0b10


def test_they_carry_the_time_and_sort_by_it():
    before = time.time_ns() // 1_000_000
    made = []
    for _ in range(5):
        made.append(new_id())
        time.sleep(0.002)
    after = time.time_ns() // 1_000_000
    stamps = [one.int >> 80 for one in made]
    assert before <= stamps[0] and stamps[-1] <= after
    assert all(a.bytes < b.bytes for a, b in pairwise(made))


def test_they_do_not_repeat():
    assert len({new_id() for _ in range(20_000)}) == 20_000


@given(st.text(max_size=120))
def test_slugs_can_stand_in_an_address(text):
    slug = slugify(text)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) and len(slug) <= 48
    assert slugify(slug) == slug


def test_slugs_that_people_can_say():
    assert slugify("Étude Nord & Co.") == "etude-nord-co"
    assert slugify("東京", "operation") == "operation"
    assert slugify("a" * 47 + " b") == "a" * 47


def test_short_codes_have_no_letters_that_look_alike():
    assert len(short_code(12)) == 12
    assert set(short_code(4000)) == set(ALPHABET) and not set("ILOU") & set(ALPHABET)
    assert len(ALPHABET) == 32
