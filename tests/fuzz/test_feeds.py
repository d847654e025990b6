"""Mutated feeds: whatever comes in, a result or a refusal comes out."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varangian.engines.corridor import Leg, match
from varangian.intelligence.feeds import hazard_of, parse, relevance
from varangian.kernel.results import Refused

FIXTURES = Path(__file__).parents[1] / "fixtures" / "feeds"
FILES = [path.read_bytes() for path in sorted(FIXTURES.iterdir())]
SNIPPETS = [
    b"<", b">", b"&", b"&amp;", b"]]>", b"<![CDATA[", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"NaN",
    b"1e999", b"-", b"null", b"{", b"[", b'"', b"<item>", b"</item>", b"<alert>", b"99999999999999",
    b"<!DOCTYPE a>", b"&#0;", b"&#xD800;", b"\\ud800", b" ", b",", b"true", b'encoding="utf-7"',
]  # fmt: skip
NOW = datetime(2026, 11, 24, tzinfo=UTC)
LEG = Leg("leg", NOW, None, ((48.0, 16.0), (-17.0, 179.0)), 50.0)


@st.composite
def mutated(draw) -> bytes:
    data = bytearray(draw(st.sampled_from(FILES)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(data)))
        match draw(st.sampled_from(["insert", "cut", "flip", "drop", "double"])):
            case "insert":
                data[at:at] = draw(st.sampled_from(SNIPPETS) | st.binary(min_size=1, max_size=4))
            case "cut":
                del data[at:]
            case "flip":
                data[at : at + 1] = draw(st.binary(min_size=1, max_size=1))
            case "drop":
                del data[at : at + draw(st.integers(1, 60))]
            case "double":
                data[at:at] = data[at : at + draw(st.integers(1, 400))]
    return bytes(data)


words = st.sampled_from(["Point", "Polygon", "MultiPolygon", "2026-11-24T08:00:00Z", 1795400000000])
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | words
anything = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=12,
)
names = st.sampled_from(
    [
        "id",
        "mag",
        "time",
        "updated",
        "alert",
        "status",
        "type",
        "title",
        "ids",
        "url",
        "kind",
        "band",
        "radius_km",
        "onset",
        "expires",
        "action",
        "supersedes",
        "countries",
        "link",
        "severity",
        "effective",
    ]
)
features = st.fixed_dictionaries(
    {"id": st.text(max_size=4) | anything},
    optional={
        "properties": st.dictionaries(names, anything, max_size=8) | anything,
        "geometry": anything
        | st.fixed_dictionaries(
            {"type": st.sampled_from(["Point", "Polygon", "MultiPolygon"]), "coordinates": anything}
        ),
    },
)


def read(data: bytes, kind: str) -> None:
    try:
        result = parse(data, kind)
    except Refused as refusal:
        assert str(refusal)
        return
    for item in result.items:
        assert item.native_id and item.title
        item.raw.decode("utf-8")
        item.title.encode("utf-8")
        relevance(item, NOW)
    match([LEG], [found for item in result.items if (found := hazard_of(item, NOW))])
    assert all(problem.where and problem.what for problem in result.problems)


@pytest.mark.parametrize("kind", ["auto", "cap", "gdacs", "usgs", "geojson"])
@settings(max_examples=150, deadline=None)
@given(data=mutated())
def test_mutated_files(kind, data):
    read(data, kind)


@pytest.mark.parametrize("kind", ["auto", "usgs", "geojson"])
@settings(max_examples=200, deadline=None)
@given(parts=st.lists(features, max_size=4))
def test_features_of_any_content(kind, parts):
    read(json.dumps({"type": "FeatureCollection", "features": parts}).encode(), kind)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes(data):
    read(data, "auto")
