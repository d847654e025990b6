"""Whatever a plan holds: findings or a refusal, never another error, never a silent hole."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.engines.crowdflow.plans import hall, text

from varangian.engines.crowdflow.venue import check, read_venue
from varangian.kernel.results import Refused

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
JUNK = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(10**12), 10**12), st.floats(), st.text(max_size=8)
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["type", "kind", "level", "x"]), inner, max_size=3),
    ),
    max_leaves=6,
)


def look(data):
    try:
        read = read_venue(data)
    except Refused as refused:
        assert refused.what
        return None
    findings = [*read.findings, *check(read.venue)]
    assert all(finding.what and finding.mend for finding in findings)
    return read, findings


@FUZZ
@given(st.binary(max_size=200))
def test_bytes(data):
    look(data)


@FUZZ
@given(st.integers(0, 2000), st.integers(0, 255))
def test_a_byte_is_another(at, value):
    data = bytearray(text(hall()))
    data[at % len(data)] = value
    look(bytes(data))


@FUZZ
@given(st.data())
def test_a_value_is_another(data):
    """Any one value of a plan replaced by junk: the feature is told or still fits."""
    document = hall(people=500, claims=[{"what": "exit", "people": 900}])
    at, parent, key = document, None, None
    while isinstance(at, dict | list) and at:
        parent = at
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        at = parent[key]
        if data.draw(st.integers(0, 3)) == 0:
            break
    parent[key] = data.draw(JUNK)
    seen = look(document)
    if seen is not None and isinstance(document["features"], list):
        read, findings = seen
        left_out = sum("left out" in finding.what for finding in findings)
        assert len(read.venue.items) + left_out == len(document["features"])


@FUZZ
@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=3, max_size=9))
def test_any_outline(points):
    document = hall()
    ring = [list(p) for p in (*points, points[0])]
    document["features"][7]["geometry"]["coordinates"] = [ring]
    document["features"][6]["geometry"]["coordinates"] = [ring]
    look(document)


@pytest.mark.parametrize("text_", ["", "[]", "null", "{", '{"features": 3}', "[" * 5000, "NaN"])
def test_no_plan(text_):
    with pytest.raises(Refused):
        read_venue(text_)


def test_deep_coordinates():
    document = hall()
    deep: list = [1, 2]
    for _ in range(300):
        deep = [deep]
    document["features"][0]["geometry"]["coordinates"] = deep
    seen = look(json.dumps(document))
    assert seen and any(finding.code == "geometry" for finding in seen[1])
