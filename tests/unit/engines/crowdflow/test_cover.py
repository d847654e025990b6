"""Posts for cover: exact in small rooms, in words where it cannot be."""

import numpy as np
import pytest
import shapely
from tests.unit.engines.crowdflow.plans import box, feature, hall, line, plan, ring

from varangian.engines.crowdflow.cover import Ask, cover
from varangian.engines.crowdflow.cover.sight import edges_of, in_sight, sees
from varangian.engines.crowdflow.venue import read_venue
from varangian.kernel.results import Refused


def venue(*features, **head):
    return read_venue(plan(*features, **head)).venue


def way(name, /, *points, **props):
    return feature(name, "way", "LineString", [list(p) for p in points], **props)


def door():
    return line("out", "door", (0, 1), (0, 2), leads="outside")


def l_shape():
    corners = [[0, 0], [20, 0], [20, 4], [4, 4], [4, 20], [0, 20], [0, 0]]
    return feature("l", "area", "Polygon", [corners])


def test_one_post_sees_all_of_a_convex_room():
    found = cover(
        venue(box("room", "area", 0, 0, 12, 8), door(), way("in", (1, 1), (11, 7))),
        Ask(share=1.0),
    )
    assert len(found.posts) == 1 and found.seen == 1 and found.proved and not found.unseen
    assert found.posts[0].alone == (("way in", 1.0),) and found.at_most == 1


def test_the_arms_of_an_l_need_two_where_nobody_stands_in_the_corner():
    room = (l_shape(), door(), way("east", (6, 2), (19, 2)), way("north", (2, 6), (2, 19)))
    arms = ((0, 19.0, 0.5), (0, 0.5, 19.0), (0, 18.0, 3.5))
    found = cover(venue(*room), Ask(share=1.0, at=arms, reach=30))
    assert len(found.posts) == 2 and (0.5, 19.0) in {post.at for post in found.posts}
    one = cover(venue(*room), Ask(posts=1, at=arms, reach=30))
    assert one.seen < 0.6 and one.unseen and one.unseen[0].why == "one more post would see it"
    corner = cover(venue(*room), Ask(share=1.0, at=(*arms, (0, 2.0, 2.0)), reach=30))
    assert [post.at for post in corner.posts] == [(2.0, 2.0)]


def test_a_wall_a_screen_and_a_pillar_stop_sight_and_glass_and_barriers_do_not():
    room, walk = box("room", "area", 0, 0, 20, 10), way("past", (15, 1), (15, 9))
    here = ((0, 2.0, 5.0),)

    def seen(*more):
        return cover(venue(room, door(), walk, *more), Ask(posts=1, at=here)).seen

    assert seen() == 1
    assert seen(line("w", "wall", (10, 0), (10, 10))) == 0
    assert 0 < seen(line("w", "wall", (10, 0), (10, 5))) < 1
    assert seen(line("w", "wall", (10, 0), (10, 10), glass=True)) == 1
    assert seen(line("b", "barrier", (10, 0), (10, 10))) == 1
    assert seen(line("b", "barrier", (10, 0), (10, 10), opaque=True)) == 0
    assert 0 < seen(box("pillar", "wall", 9, 4, 10, 6)) < 1
    holed = feature("room", "area", "Polygon", [ring(0, 0, 20, 10), ring(9, 4, 10, 6)])
    assert 0 < cover(venue(holed, door(), walk), Ask(posts=1, at=here)).seen < 1


def test_a_door_may_be_shut_a_gate_is_seen_through_and_one_that_is_locked_is_not():
    rooms = (box("a", "area", 0, 0, 10, 6), box("b", "area", 10.2, 0, 20, 6), door())
    walk, here = way("in", (15, 3), (16, 3)), ((0, 5.0, 3.0),)

    def seen(kind, doors_open=False, **props):
        between = line("between", kind, (10.1, 2), (10.1, 4), **props)
        return cover(venue(*rooms, between, walk), Ask(1, at=here, doors_open=doors_open)).seen

    assert seen("door") == 0 and seen("door", doors_open=True) == 1
    assert seen("gate") == 1 and seen("gate", locked=True) == 0


def test_levels_do_not_see_each_other():
    found = cover(
        venue(
            box("low", "area", 0, 0, 10, 10), box("high", "area", 0, 0, 10, 10, level=1), door(),
            way("up", (2, 5), (8, 5), level=1),
        ),
        Ask(posts=1, at=((0, 5.0, 2.0),)),
    )  # fmt: skip
    assert found.seen == 0 and found.unseen[0].why == "no candidate place sees it"


def test_sight_ends_at_the_reach():
    walk = way("along", (1, 2), (39, 2))
    room = (box("room", "area", 0, 0, 40, 4), door(), walk)
    found = cover(venue(*room), Ask(posts=1, at=((0, 0.5, 2.0),), reach=10))
    assert found.seen == pytest.approx(9.5 / 38, abs=0.03)


def test_posts_that_are_drawn_stay_and_the_new_one_looks_where_they_do_not():
    room = (
        box("room", "area", 0, 0, 20, 10), door(), line("w", "wall", (10, 0), (10, 10)),
        way("west", (2, 2), (8, 2)), way("east", (12, 2), (18, 2)),
        feature("p1", "post", "Point", [5, 8], name="Gate"),
    )  # fmt: skip
    found = cover(venue(*room), Ask(posts=1))
    drawn, new = found.posts
    assert drawn.drawn and drawn.name == "Gate" and new.at[0] > 10 and found.seen == 1
    assert new.alone == (("way east", 0.5),)
    assert cover(venue(*room), Ask(posts=0)).seen == pytest.approx(0.5)


def test_two_see_where_the_principal_is_longest():
    room = (
        box("room", "area", 0, 0, 20, 10), door(), feature("sit", "stay", "Point", [10, 5]),
        way("in", (1, 1.5), (9, 5)),
    )  # fmt: skip
    found = cover(venue(*room), Ask(posts=2, twice=True))
    assert len(found.posts) == 2 and found.seen_twice > 0.9
    with pytest.raises(Refused, match="1 more cannot see") as one:
        cover(venue(*room), Ask(posts=1, twice=True))
    assert "It takes 2" in str(one.value)
    with pytest.raises(Refused, match="No two places see"):
        cover(venue(*room), Ask(posts=1, twice=True, at=((0, 15.0, 5.0),)))


def test_what_cannot_be_is_said_in_words():
    room = (box("room", "area", 0, 0, 20, 10), door(), line("w", "wall", (10, 0), (10, 10)))
    walks = (way("west", (2, 2), (8, 2)), way("east", (12, 2), (18, 2)))
    with pytest.raises(Refused, match="together see 50%, not 90%"):
        cover(venue(*room, *walks), Ask(share=0.9, at=((0, 5.0, 5.0),)))
    with pytest.raises(Refused, match="nothing to watch"):
        cover(venue(*room), Ask(posts=1))
    with pytest.raises(Refused, match="Nobody can stand"):
        cover(venue(*room, *walks), Ask(posts=1, at=((0, 50.0, 5.0),)))
    for wrong in (Ask(), Ask(1, 0.5), Ask(-1), Ask(share=2), Ask(1, reach=0), Ask(1, candidates=0)):
        with pytest.raises(Refused):
            cover(venue(*room, *walks), wrong)


def test_the_same_seed_chooses_the_same_and_greedy_sees_no_more():
    document = hall(people=600)
    document["features"] += [
        feature("car", "vehicle", "Point", [46, 6]), way("come", (9, -10), (20, -5), (20, 20)),
        feature("room", "safe_room", "Point", [38, 23]), line("w", "wall", (12, 0), (12, 14)),
    ]  # fmt: skip
    place = read_venue(document).venue
    one, two = (cover(place, Ask(posts=2, seed=7)) for _ in range(2))
    assert one == two and one.proved and one.greedy <= one.seen <= one.at_most
    named = {name for post in one.posts for name, _ in post.alone} | {u.name for u in one.unseen}
    assert named <= {"way come", "stage stage", "Way out to car", "Way out to room",
                     "Entrance front", "Zone floor"}  # fmt: skip
    assert any("No stay is drawn" in note for note in one.notes)
    assert one.shade[0] and one.words.startswith("2 more posts see")


def test_rays_and_sight_lines_agree():
    rng = np.random.default_rng(3)
    room = read_venue(plan(l_shape(), box("p", "wall", 1.5, 8, 2.5, 9))).venue
    shape = room.of("area")[0].shape.difference(room.of("wall")[0].shape)
    edges, eye = edges_of(shape), np.array([1.0, 6.0])
    places = rng.uniform(0, 20, (400, 2))
    inside = shapely.contains_xy(shape, *places.T)
    seen = sees(edges, eye[None], places, 15.0)[0] & inside
    area = in_sight(edges, eye, 15.0, rays=720)
    rays = shapely.contains_xy(area, *places.T)
    assert (seen != rays).mean() < 0.01 and seen.any() and not seen[inside].all()
