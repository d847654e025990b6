"""Two versions side by side."""

from varangian.places.snapshots import compared


def fact(item, words="", at="2026-11-01", note=""):
    claims = [{"words": words, "note": note, "by": "Anna", "at": at}] if words else []
    return {"item": item, "title": item.title(), "claims": claims}


def version(*facts, photos=()):
    return {"sections": [{"title": "Doors", "facts": list(facts), "photos": list(photos)}]}


def changes(first, second):
    return {row["item"]: row["change"] for row in compared(first, second)}


def test_each_way_in_which_two_versions_differ():
    first = version(fact("main", "north"), fact("lift", "two"), fact("key", "desk"), fact("x", "y"))
    second = version(
        fact("main", "south"),
        fact("lift", "two", at="2026-11-20"),
        fact("key"),
        fact("x", "y"),
        fact("new", "yes"),
    )
    expected = {"main": "changed", "lift": "verified", "key": "removed", "new": "added"}
    assert changes(first, second) == expected
    assert changes(first, first) == {}


def test_a_question_that_the_form_dropped_is_not_forgotten():
    row = compared(version(fact("old", "north")), version())[0]
    assert (row["change"], row["before"], row["after"]) == ("removed", "north", "")


def test_a_note_and_a_dispute_count_as_words():
    assert changes(version(fact("main", "north")), version(fact("main", "north", note="ice")))
    both = fact("main", "north")
    both["claims"].append({"words": "south", "note": "", "by": "Boris", "at": "2026-11-02"})
    row = compared(version(fact("main", "north")), version(both))[0]
    assert row["after"] == "north / south"


def test_a_picture_taken_again():
    shot = {"item": "door", "title": "Door", "kind": "photo"}
    first = version(photos=[{**shot, "at": None}])
    second = version(photos=[{**shot, "at": "2026-11-20T10:00:00+00:00"}])
    assert changes(first, second) == {"door": "added"}
