"""What a fragmentary order says, without a database."""

from types import SimpleNamespace
from uuid import uuid4

from varangian.planning.compose import affected, difference, in_force
from varangian.planning.compose.line import Line


def line(anchor, text="As before.", editions=("detail_leader", "ppo", "driver"), **fields):
    return Line("tasks", anchor, text, editions, **{"number": "4.2.1", **fields})


def after(base, fresh):
    held = in_force(base, [])
    found = difference(held, fresh)
    return found, in_force(base, [found])


def test_equal_orders_differ_in_nothing():
    assert difference(in_force([line("a")], []), [line("a")]) == []


def test_a_changed_line_keeps_its_number_and_says_what_it_was():
    found, held = after([line("a", number="4.2.7")], [line("a", "Otherwise.", number="4.2.1")])
    assert [(x.change, x.number, x.text, x.replaces) for x in found] == [
        ("changed", "4.2.7", "Otherwise.", "As before.")
    ]
    assert held["a"].text == "Otherwise."


def test_new_lines_get_numbers_that_were_never_used():
    base = [line("a", number="4.2.1"), line("b", number="4.2.2")]
    found = difference(in_force(base, []), [line("a"), line("c")], used=["4.2.9"])
    assert {(x.anchor, x.change, x.number) for x in found} == {
        ("b", "removed", "4.2.2"),
        ("c", "added", "4.2.10"),
    }


def test_an_edition_that_may_no_longer_read_is_told_without_the_new_text():
    narrowed = line("a", "Secret now.", editions=("detail_leader", "ppo"))
    found, held = after([line("a")], [narrowed])
    by_change = {x.change: x for x in found}
    assert by_change["changed"].editions == ("detail_leader", "ppo")
    assert by_change["removed"].editions == ("driver",) and by_change["removed"].text == ""
    assert held["a"].editions == ("detail_leader", "ppo") and held["a"].text == "Secret now."


def test_an_edition_that_gains_a_line_does_not_see_the_old_text():
    wider = line("a", "For all.", editions=("detail_leader", "ppo", "driver"))
    found, held = after([line("a", "Secret.", editions=("detail_leader",))], [wider])
    gained = next(x for x in found if "driver" in x.editions)
    assert gained.change == "added" and gained.replaces == ""
    assert set(held["a"].editions) == {"detail_leader", "ppo", "driver"}


def test_twice_amended():
    base = [line("a"), line("b", number="4.2.2")]
    first = difference(in_force(base, []), [line("a", "One.")])
    held = in_force(base, [first])
    second = difference(held, [line("a", "Two."), line("b", "Back.", number="4.2.2")])
    final = in_force(base, [first, second])
    assert {x.anchor: x.text for x in final.values()} == {"a": "Two.", "b": "Back."}


def test_who_is_affected():
    near, far = uuid4(), uuid4()
    one, two, lead = (
        SimpleNamespace(pk=uuid4(), edition=edition)
        for edition in ("driver", "driver", "detail_leader")
    )
    covers = {one.pk: frozenset({near}), two.pk: frozenset({far}), lead.pk: frozenset({far})}
    posts = [one, two, lead]
    assert affected([line("a", movement=near)], posts, covers) == [one, lead]
    assert affected([line("a", post=two.pk)], posts, {}) == [two, lead]
    assert affected([line("a", editions=("medic",))], posts, covers) == []
    assert affected([line("a")], posts, {}) == posts
