"""A chain of hashes finds the first entry that was edited, lost, added or moved."""

import hashlib
from copy import deepcopy

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from varangian.kernel.chain import START, canonical, digest, first_break, link

contents = st.lists(
    st.dictionaries(
        st.text(max_size=8), st.one_of(st.text(max_size=12), st.integers(), st.none()), max_size=4
    ),
    min_size=1,
    max_size=12,
)


def chained(bodies: list[dict], start: str = START, first: int = 1) -> list[dict]:
    entries, previous = [], start
    for serial, body in enumerate(bodies, start=first):
        head = link(previous, body)
        entries.append({"serial": serial, "previous": previous, "hash": head, "content": body})
        previous = head
    return entries


def test_the_same_content_has_the_same_bytes():
    assert (
        canonical({"b": 1, "a": "ö"}) == canonical({"a": "ö", "b": 1}) == '{"a":"ö","b":1}'.encode()
    )
    assert digest([1, 2]) == hashlib.sha256(b"[1,2]").hexdigest()


def test_a_stranger_can_compute_a_link_with_nothing_but_sha256():
    expected = hashlib.sha256(bytes(32) + b'{"event":"x"}').hexdigest()
    assert link(START, {"event": "x"}) == expected


@given(contents)
def test_a_whole_chain_has_no_break(bodies):
    assert first_break(chained(bodies)) is None
    assert first_break(chained(bodies, first=40)) is None


def test_no_entries_are_whole():
    assert first_break([]) is None


@given(contents, st.data())
def test_an_edit_is_found_at_its_entry(bodies, data):
    entries = deepcopy(chained(bodies))
    place = data.draw(st.integers(0, len(entries) - 1))
    entries[place]["content"]["edited"] = "yes"
    found = first_break(entries)
    assert found is not None and found.serial == entries[place]["serial"]
    assert "content was changed" in found.reason


@given(contents, st.data())
def test_an_edit_with_a_new_hash_breaks_the_next(bodies, data):
    assume(len(bodies) > 1)
    entries = deepcopy(chained(bodies))
    place = data.draw(st.integers(0, len(entries) - 2))
    entries[place]["content"]["edited"] = "yes"
    entries[place]["hash"] = link(entries[place]["previous"], entries[place]["content"])
    found = first_break(entries)
    assert found is not None and found.serial == entries[place + 1]["serial"]


@given(contents, st.data())
def test_a_gap_is_found(bodies, data):
    assume(len(bodies) > 2)
    entries = chained(bodies)
    place = data.draw(st.integers(1, len(entries) - 2))
    missing = entries.pop(place)
    found = first_break(entries)
    assert found is not None and found.reason == f"serial {missing['serial']} is missing"


@given(contents, st.data())
def test_a_gap_that_was_numbered_over_is_found(bodies, data):
    assume(len(bodies) > 2)
    entries = deepcopy(chained(bodies))
    place = data.draw(st.integers(1, len(entries) - 2))
    del entries[place]
    for serial, entry in enumerate(entries, start=1):
        entry["serial"] = serial
    found = first_break(entries)
    assert found is not None and found.serial == entries[place]["serial"]


@given(contents, st.data())
def test_two_that_changed_places_are_found(bodies, data):
    assume(len(bodies) > 1)
    entries = chained(bodies)
    place = data.draw(st.integers(0, len(entries) - 2))
    entries[place], entries[place + 1] = entries[place + 1], entries[place]
    assert first_break(entries) is not None


def test_a_chain_that_lost_its_head_does_not_follow_the_start():
    found = first_break(chained([{"n": 1}, {"n": 2}, {"n": 3}])[1:])
    assert found is not None and found.serial == 2 and "does not follow" in found.reason


def test_a_bundle_that_begins_later_follows_its_given_head():
    entries = chained([{"n": 1}, {"n": 2}, {"n": 3}])
    assert first_break(entries[1:], start=entries[0]["hash"]) is None


@pytest.mark.parametrize("field", ["previous", "hash"])
def test_a_hash_that_is_none_is_a_break_and_no_crash(field):
    entries = chained([{"n": 1}, {"n": 2}])
    entries[1][field] = "not a hash"
    found = first_break(entries)
    assert found is not None and found.serial == 2
