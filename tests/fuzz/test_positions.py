"""Whatever arrives at the ingest is read or refused in words, and what is read can be judged."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from varangian.kernel.ids import new_id
from varangian.tracking import parsers
from varangian.tracking.door import fix_of
from varangian.tracking.parsers import Asked, Unreadable
from varangian.tracking.parsers.gpx import read_gpx
from varangian.tracking.rules import REASONS, Known, judge

NOW = datetime(2026, 11, 24, tzinfo=UTC)
KEEP = timedelta(days=30)
KEYS = st.sampled_from(
    [
        "_type",
        "lat",
        "lon",
        "tst",
        "acc",
        "vel",
        "location",
        "coords",
        "latitude",
        "longitude",
        "timestamp",
        "locations",
        "geometry",
        "coordinates",
        "properties",
        "motion",
        "type",
        "from",
        "payload",
        "latitude_i",
        "longitude_i",
        "time",
        "battery",
        "level",
        "extras",
        "alarm",
        "speed",
        "heading",
        "app",
        "spd",
        "batt",
        "hdop",
        "id",
        "precision_bits",
    ]
)
WORDS = st.sampled_from(["location", "position", "Point", "sos", "gpslogger", "transition", "!1"])
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    WORDS,
    st.text(max_size=12),
    st.just("2026-11-24T14:03:22Z"),
    st.just("9999-12-31T23:59:59-14:00"),
)
TREES = st.recursive(
    LEAVES,
    lambda deeper: st.one_of(
        st.lists(deeper, max_size=4), st.dictionaries(KEYS, deeper, max_size=6)
    ),
    max_leaves=25,
)


def check(asked: Asked) -> None:
    try:
        heard = parsers.read(asked)
    except Unreadable:
        return
    known = Known()
    for reading in heard.readings:
        fix = fix_of(reading, new_id(), heard.source, NOW)
        assert judge(fix, known, kept=KEEP) in ("", *REASONS)
        assert "\x00" not in fix.activity + fix.trigger


@settings(max_examples=300, deadline=None)
@given(TREES)
def test_any_json(tree):
    check(Asked({}, json.dumps(tree).encode(), "application/json"))


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(KEYS, st.one_of(WORDS, st.text(max_size=20)), max_size=6), st.binary())
def test_any_query_and_body(query, body):
    check(Asked(query, body, ""))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_file(data):
    for text in (data, b"<gpx>" + data + b"</gpx>"):
        try:
            read_gpx(text)
        except Unreadable:
            continue
