"""Two people at one form: nothing that anybody changed is lost without being shown."""

from hypothesis import given
from hypothesis import strategies as st

from varangian.kernel.merge import sides

NAMES = ("title", "starts", "ends")
VALUES = st.fixed_dictionaries({name: st.sampled_from("abc") for name in NAMES})


def named(rows):
    return {row.name: row for row in rows}


def test_each_changed_another_field():
    was = {"title": "Drive", "ends": "10"}
    found = named(sides(was, {"title": "Drive", "ends": "11"}, {"title": "Walk", "ends": "10"}))
    assert (found["title"].by, found["title"].kept) == ("yours", "Walk")
    assert (found["ends"].by, found["ends"].kept) == ("theirs", "11")


def test_both_changed_the_same_field():
    (row,) = sides({"ends": "10"}, {"ends": "11"}, {"ends": "12"})
    assert row.clash and (row.was, row.theirs, row.yours) == ("10", "11", "12")


def test_without_the_first_value_somebody_has_to_choose():
    (row,) = sides({}, {"ends": "11"}, {"ends": "12"})
    assert row.clash and row.was == ""


def test_the_same_value_is_no_conflict():
    assert sides({"ends": "10"}, {"ends": "11"}, {"ends": "11"}) == []


@given(was=VALUES, theirs=VALUES, yours=VALUES)
def test_nothing_is_lost_silently(was, theirs, yours):
    found = named(sides(was, theirs, yours))
    for name in NAMES:
        if theirs[name] == yours[name]:
            assert name not in found
            continue
        row = found[name]
        if was[name] not in (theirs[name], yours[name]):
            assert row.clash
        else:
            assert not row.clash and row.kept != was[name]
