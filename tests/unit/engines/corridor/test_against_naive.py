"""The closed-form engine against a model that walks the path in small steps."""

from datetime import UTC, datetime, timedelta

import numpy as np
from bench.naive_corridor import distances, walk
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from varangian.engines.corridor import Area, Box, Disc, Hazard, Leg, match
from varangian.kernel.geometry import destination, haversine_km, wrap_lon
from varangian.kernel.windows import TimeWindow

T0 = datetime(2026, 5, 1, 12, tzinfo=UTC)
minutes = st.integers(0, 3000).map(lambda m: timedelta(minutes=m))
points = st.one_of(
    st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
    st.tuples(st.floats(-60, 60), st.floats(-0.5, 0.5).map(lambda d: wrap_lon(180 + d))),
    st.tuples(st.floats(88, 90), st.floats(-180, 180)),
)


@st.composite
def legs(draw):
    here = draw(points)
    path = [here]
    for _ in range(draw(st.integers(0, 3))):
        leap = draw(st.sampled_from([5.0, 80.0, 900.0, 6000.0, 15000.0]))
        here = destination(here, draw(st.floats(0, 360)), leap * draw(st.floats(0.1, 1)))
        path.append(here)
    start = T0 + draw(minutes)
    end = start + timedelta(minutes=draw(st.integers(1, 1500)))
    return Leg("leg", start, end, tuple(path), draw(st.sampled_from([0.0, 2.0, 50.0, 500.0])))


@st.composite
def shapes(draw, leg):
    near = draw(st.sampled_from(leg.path))
    centre = destination(near, draw(st.floats(0, 360)), draw(st.floats(0, 600)))
    size = draw(st.sampled_from([1.0, 30.0, 300.0, 2000.0]))
    match draw(st.sampled_from(["disc", "area", "box"])):
        case "disc":
            return Disc(*centre, size * draw(st.floats(0, 1)))
        case "area":
            assume(abs(centre[0]) < 60)
            corners = draw(st.integers(3, 7))
            reach = draw(st.lists(st.floats(0.3, 1), min_size=corners, max_size=corners))
            ring = [
                destination(centre, 360 * k / corners, min(size, 1500) * r)
                for k, r in enumerate(reach)
            ]
            return Area(((tuple((lon, lat) for lat, lon in ring),),))
        case _:
            high, wide = draw(st.floats(0.01, size / 100)), draw(st.floats(0.01, size / 60))
            south, north = max(centre[0] - high, -90), min(centre[0] + high, 90)
            return Box(wrap_lon(centre[1] - wide), south, wrap_lon(centre[1] + wide), north)


@st.composite
def situations(draw):
    leg = draw(legs())
    start = T0 + draw(minutes)
    window = TimeWindow(start, start + timedelta(minutes=draw(st.integers(1, 3000))))
    return leg, Hazard("hazard", "flood", window, draw(shapes(leg)))


@settings(max_examples=250, deadline=None)
@given(situations())
def test_minutes_and_distance_agree_with_a_walk(situation):
    leg, hazard = situation
    found = match([leg], [hazard])
    walked = walk(leg, hazard)
    if walked is None:
        assert found == []
        return
    slack = 0.3 + walked.blur
    surely = walked.km + slack <= leg.buffer_km
    maybe = walked.km - slack <= leg.buffer_km
    turns = np.count_nonzero(np.diff(surely)) + np.count_nonzero(np.diff(maybe)) + 2
    got = found[0].minutes if found else 0.0
    assert got >= (np.count_nonzero(surely) - turns) * walked.step - 1e-6
    if surely.any():
        assert found
    if found:
        hit = found[0]
        stride = walked.step / (leg.end - leg.start).total_seconds() * 60
        length = sum(haversine_km(a, b) for a, b in zip(leg.path, leg.path[1:], strict=False))
        assert got <= (np.count_nonzero(maybe) + turns) * walked.step + 1e-6
        assert hit.overlap.start <= hit.first_contact <= hit.last_contact <= hit.overlap.end
        assert hit.distance_km <= leg.buffer_km + 0.02
        assert hit.distance_km <= walked.km.min() + 0.3
        assert hit.distance_km >= walked.km.min() - stride * length - slack
        away, blur = distances(hazard.shape, np.array([hit.lat]), np.array([hit.lon]))
        assert abs(away[0] - hit.distance_km) <= blur + 0.3


@settings(max_examples=40, deadline=None)
@given(st.lists(situations(), min_size=2, max_size=6))
def test_a_batch_finds_what_single_calls_find(several):
    many_legs = [
        Leg(str(k), leg.start, leg.end, leg.path, leg.buffer_km)
        for k, (leg, _) in enumerate(several)
    ]
    many_hazards = [
        Hazard(str(k), one.kind, one.window, one.shape) for k, (_, one) in enumerate(several)
    ]
    together = {(m.leg_id, m.hazard_id): m for m in match(many_legs, many_hazards)}
    alone = {
        (m.leg_id, m.hazard_id): m
        for leg in many_legs
        for hazard in many_hazards
        for m in match([leg], [hazard])
    }
    assert together.keys() == alone.keys()
    for key, one in alone.items():
        assert abs(together[key].minutes - one.minutes) < 1e-3
        assert abs(together[key].distance_km - one.distance_km) < 1e-3
