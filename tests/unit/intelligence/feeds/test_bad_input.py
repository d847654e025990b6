"""Broken, hostile and impossible files: a clear refusal or a report per item, the rest goes on."""

import json
from pathlib import Path

import pytest

from varangian.intelligence.feeds import parse
from varangian.kernel.results import Refused

FIXTURES = Path(__file__).parents[3] / "fixtures" / "feeds"
GDACS = (FIXTURES / "gdacs.xml").read_bytes()
CAP = (FIXTURES / "cap.xml").read_bytes()
USGS = (FIXTURES / "usgs.json").read_bytes()
BOMB = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><rss xmlns:gdacs="http://www.gdacs.org">&b;</rss>"""
OUTSIDE = b"""<!-- hello --><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&f;</identifier></alert>"""


def usgs(*features) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def quake(number="q1", at=(10.0, 50.0), **about):
    about = {"mag": 5, "time": 1795400000000, "updated": 1795400000000, **about}
    geometry = {"type": "Point", "coordinates": list(at)}
    return {"type": "Feature", "id": number, "properties": about, "geometry": geometry}


@pytest.mark.parametrize("data", [BOMB, OUTSIDE, BOMB.decode().encode("utf-16")])
@pytest.mark.parametrize("kind", ["auto", "cap", "gdacs"])
def test_document_types_are_refused(data, kind):
    with pytest.raises(Refused, match="document type"):
        parse(data, kind)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"hello", "neither XML nor JSON"),
        (b"<html><body>Sign in</body></html>", "unknown kind"),
        (b'{"type": "Topology"}', "FeatureCollection"),
        (b"[1, 2]", "FeatureCollection"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b"<rss", "not well-formed|no XML element"),
        (CAP.replace(b"cap:1.2", b"cap:1.3"), "version 'urn:oasis:names:tc:emergency:cap:1.3'"),
        (GDACS[:700], "before its first whole item"),
    ],
)
def test_whole_files_that_are_refused(data, words):
    with pytest.raises(Refused, match=words):
        parse(data)


def test_size_limit_and_kind():
    with pytest.raises(Refused, match="limit is 100"):
        parse(GDACS, limit=100)
    with pytest.raises(Refused, match="not one we read"):
        parse(GDACS, "kml")


@pytest.mark.parametrize("share", [0.6, 0.75, 0.9])
@pytest.mark.parametrize("data", [GDACS, USGS])
def test_half_a_file_gives_its_whole_items_and_says_where_it_broke(data, share):
    whole = parse(data)
    half = parse(data[: int(len(data) * share)])
    assert 0 < len(half.items) < len(whole.items)
    assert half.items == whole.items[: len(half.items)]
    assert half.problems[-1].where == f"after item {len(half.items)}"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_byte_order_marks(encoding):
    text = GDACS.decode()
    data = text.encode(encoding)
    if encoding == "utf-16-le":
        data = b"\xff\xfe" + data
    assert len(parse(data).items) == 3


def test_wrong_encoding_is_read_and_reported():
    data = GDACS.replace(b"an invented coast", "Curaçao".encode("latin-1"))
    result = parse(data)
    assert "Curaçao" in result.items[0].summary
    assert "not valid utf-8" in result.problems[0].what
    declared = data.replace(b'encoding="utf-8"', b'encoding="iso-8859-1"')
    assert parse(declared).problems[0].where != "file"
    assert "Curaçao" in parse(declared).items[0].summary


def test_a_cut_letter_at_the_end_is_no_wrong_encoding():
    data = usgs(quake()).decode() + " ü"
    with_cut = data.encode()[:-1]
    result = parse(with_cut)
    assert [p.what for p in result.problems if "encod" in p.what or "valid" in p.what] == []


@pytest.mark.parametrize(
    "at", [(200, 95), ("x", 1), (None, 5), (float("nan"), 3), (1,), (1e999, 0)]
)
def test_impossible_places_leave_the_report_without_a_place(at):
    result = parse(usgs(quake("bad", at), quake("good")))
    bad, good = result.items
    assert bad.geometry.is_empty and not good.geometry.is_empty
    assert result.problems[0].where == "item 1 (bad)"


@pytest.mark.parametrize("moment", [10**18, -(10**18), "2026-02-30T00:00:00Z", 1e999, True, {}])
def test_impossible_dates_are_left_unknown_and_reported(moment):
    result = parse(usgs(quake(time=moment)), "usgs")
    assert result.items[0].onset is None
    assert "not a possible date" in result.problems[0].what


def test_an_end_before_its_onset_is_left_unknown():
    text = CAP.decode().replace("2026-11-25T12:00:00+01:00", "2026-11-23T12:00:00+01:00")
    result = parse(text.encode())
    assert result.items[0].expires is None
    assert "before its onset" in result.problems[0].what


@pytest.mark.parametrize("order", [1, -1])
def test_of_one_id_twice_the_newest_wins_and_it_is_said(order):
    pair = [quake(updated=1795400000000, mag=5), quake(updated=1795400009000, mag=6)]
    result = parse(usgs(*pair[::order]))
    assert [item.magnitude for item in result.items] == [6]
    assert "2 times" in result.problems[0].what


def test_items_without_an_id_are_left_out_and_the_rest_goes_on():
    result = parse(usgs(quake(""), 7, None, quake("good")), "usgs")
    assert [item.native_id for item in result.items] == ["good"]
    assert [p.where for p in result.problems] == ["item 1", "item 2", "item 3"]


def test_a_polygon_of_two_corners_and_a_bad_reference():
    text = CAP.decode().replace("47.0,9.0 47.0,9.6 47.4,9.6 47.4,9.0 47.0,9.0", "47,9 47,9.5 47,9")
    text = text.replace("warnings@example.org,example.2026.0040,2026-11-23T08:00:00+01:00", "a,b")
    result = parse(text.encode())
    assert result.items[0].geometry.is_empty
    assert result.items[0].supersedes == ("warnings@example.org,example.2026.0041",)
    assert len(result.problems) == 2


def test_text_is_free_of_what_a_database_cannot_hold():
    result = parse(usgs(quake(title="a\u0000b\ud800c")))
    assert result.items[0].title == "abc"
    result.items[0].raw.decode("utf-8")


def test_a_damaged_namespace_is_refused_in_words():
    with pytest.raises(Refused, match=r"unknown kind|is not read"):
        parse(CAP.replace(b'"urn:oasis:names:tc:emergency:cap:1.2"', b'"{urn}:cap:1.2}"', 1))
