"""The picture of the thread: columns, crossings, circles; pure."""

from itertools import pairwise
from uuid import UUID

from varangian.platform.thread.graph import COLUMNS, GAP, WIDTH, circles, layout


def node(kind, number):
    return kind, UUID(int=number)


PLACE, THREAT, RISK = node("place", 1), node("threat", 2), node("risk", 3)
LINE, ORDER = node("order_line", 4), node("order", 5)
CHAIN = [PLACE, THREAT, RISK, LINE, ORDER]


def test_columns_follow_the_thread_and_empty_ones_are_left_out():
    found = layout(CHAIN, pairwise(CHAIN))
    assert [found.placed[n].column for n in CHAIN] == [0, 1, 2, 3, 4]
    assert "Measure" not in found.columns and len(found.columns) == 5
    assert found.width == 5 * (WIDTH + GAP) - GAP


def test_an_unknown_kind_stands_right_of_its_reason():
    strange = node("drone", 9)
    found = layout([RISK, strange], [(RISK, strange)])
    assert found.placed[strange].column > found.placed[RISK].column


def test_rows_follow_their_neighbours():
    left = [node("threat", n) for n in range(4)]
    right = [node("risk", n) for n in (3, 2, 1, 0)]
    found = layout([*left, *right], [(node("threat", n), node("risk", n)) for n in range(4)])
    at = {n: found.placed[n].y for n in (*left, *right)}
    assert all(at["threat", n] == at["risk", n] for _, n in left), "straight lines, no crossing"


def test_edges_to_strangers_are_left_out_and_a_path_joins_the_sides():
    found = layout([PLACE, THREAT], [(PLACE, THREAT), (PLACE, RISK)])
    assert found.edges == [(PLACE, THREAT)]
    assert found.path((PLACE, THREAT)).startswith(f"M{WIDTH} ")


def test_circles_are_found_and_a_chain_has_none():
    assert circles(CHAIN, pairwise(CHAIN)) == []
    ring = [PLACE, THREAT, RISK]
    found = circles([*ring, ORDER], [*pairwise([*ring, PLACE]), (RISK, ORDER)])
    assert [set(group) for group in found] == [set(ring)]
    assert circles([PLACE], [(PLACE, PLACE)]) == [[PLACE]]


def test_a_very_long_chain_does_not_end_the_process():
    chain = [node("risk", n) for n in range(20_000)]
    assert circles(chain, pairwise(chain)) == []
    assert len(circles(chain, pairwise([*chain, chain[0]]))[0]) == 20_000


def test_nothing_makes_an_empty_picture():
    found = layout([], [])
    assert found.columns == [] and found.circles == []


def test_each_kind_stands_in_one_column():
    kinds = [kind for _, names in COLUMNS for kind in names]
    assert len(kinds) == len(set(kinds))
