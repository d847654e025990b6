"""Every source in its own shape, with the traps that real files set."""

import json
from datetime import UTC, datetime

import pytest

from varangian.kernel.results import Refused
from varangian.travel.advisories import read
from varangian.travel.advisories.names import by_code, by_name


def us(*titles: str, **more) -> bytes:
    rows = [
        {
            "Title": title,
            "Link": "https://travel.example.org/a",
            "Category": ["AU"],
            "Summary": "<p>Do <b>not</b> go &amp; stay</p>",
            "id": "https://travel.example.org/a",
            "Published": "2026-10-01T00:00:00-04:00",
            "Updated": "2026-11-01T00:00:00-04:00",
            **more,
        }
        for title in titles
    ]
    return json.dumps(rows).encode()


def uk(name: str = "Finland", status=(), **details) -> dict:
    slug = name.lower().replace(" ", "-")
    return {
        "base_path": f"/foreign-travel-advice/{slug}",
        "title": f"{name} travel advice",
        "public_updated_at": "2026-11-02T10:00:00Z",
        "details": {
            "country": {"name": name, "slug": slug},
            "alert_status": list(status),
            "parts": [{"slug": "warnings", "title": "Warnings", "body": "<p>Read all</p>"}],
            **details,
        },
    }


def germany(**entry) -> bytes:
    body = {
        "title": "Finnland: Reise- und Sicherheitshinweise",
        "countryCode": "FI",
        "iso3CountryCode": "FIN",
        "countryName": "Finnland",
        "warning": False,
        "partialWarning": False,
        "situationWarning": False,
        "situationPartWarning": False,
        "lastModified": 1764547200,
        "effective": 1764547200,
        **entry,
    }
    return json.dumps(
        {"response": {"lastModified": 1764547200000, "contentList": ["213032"], "213032": body}}
    ).encode()


def levels(data: bytes) -> dict:
    return {(n.country, n.scope): n.level for n in read(data).notices}


def test_us_level_and_name_come_from_the_title_and_never_from_the_category():
    found = read(us("Australia - Level 1: Exercise Normal Precautions"))
    [notice] = found.notices
    assert (notice.country, notice.level, notice.scope) == ("AU", 1, "whole")
    assert notice.words == "Exercise Normal Precautions"
    assert notice.summary == "Do not go & stay"
    assert notice.published == datetime(2026, 11, 1, 4, tzinfo=UTC)
    assert levels(us("Austria - Level 2: Caution")) == {("AT", "whole"): 2}, "AU is its FIPS code"


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Gambia, The", ("GM",)),
        ("Germany", ("DE",)),
        ("Burma (Myanmar)", ("MM",)),
        ("Korea, South", ("KR",)),
        ("Côte d’Ivoire", ("CI",)),
        ("Democratic Republic of the Congo (D.R.C.)", ("CD",)),
        ("Republic of the Congo", ("CG",)),
        ("Mainland China, Hong Kong & Macau", ("CN", "HK", "MO")),
        ("Israel, the West Bank and Gaza", ("IL", "PS")),
        ("Trinidad and Tobago", ("TT",)),
        ("Guinea-Bissau", ("GW",)),
        ("Guinea", ("GN",)),
        ("Niger", ("NE",)),
        ("Nigeria", ("NG",)),
        ("Atlantis", ()),
        ("Finland and Atlantis", ()),
    ],
)
def test_names(name, codes):
    assert by_name(name) == codes


def test_codes_of_three_letters():
    assert by_code("fin") == "FI" and by_code("AUT") == "AT" and by_code("ZZZ") == ""


def test_us_without_a_level_is_unknown_and_a_stranger_is_told():
    found = read(us("Mexico - See State Summaries", "Worldwide Caution", "Peru - Level 9: Odd"))
    assert [(n.country, n.level) for n in found.notices] == [("MX", None), ("PE", None)]
    assert [p.where for p in found.problems] == [
        "Mexico - See State Summaries",
        "Worldwide Caution",
        "Peru - Level 9: Odd",
    ]


def test_us_rss_is_the_same_source():
    rss = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>travel.state.gov: Travel
    Advisories</title><item><title>Chad - Level 3: Reconsider Travel</title>
    <link>https://travel.example.org/chad</link><pubDate>Mon, 02 Nov 2026 10:00:00 EST</pubDate>
    <description>&lt;p&gt;Crime&lt;/p&gt;</description></item></channel></rss>"""
    [notice] = read(rss).notices
    assert (notice.source, notice.country, notice.level) == ("us-state", "TD", 3)
    assert notice.published == datetime(2026, 11, 2, 15, tzinfo=UTC)
    assert notice.summary == "Crime"


@pytest.mark.parametrize(
    ("status", "whole", "part"),
    [
        ([], 1, 1),
        (["avoid_all_travel_to_parts"], 1, 4),
        (["avoid_all_but_essential_travel_to_parts"], 1, 3),
        (["avoid_all_but_essential_travel_to_whole_country", "avoid_all_travel_to_parts"], 3, 4),
        (["avoid_all_travel_to_parts", "avoid_all_but_essential_travel_to_parts"], 1, 4),
        (["avoid_all_travel_to_whole_country"], 4, 1),
    ],
)
def test_uk_keeps_whole_country_and_parts_apart(status, whole, part):
    found = levels(json.dumps(uk(status=status)).encode())
    assert found == {("FI", "whole"): whole, ("FI", "part"): part}


def test_uk_missing_or_new_status_is_unknown_not_none():
    page = uk()
    del page["details"]["alert_status"]
    found = read(json.dumps(page).encode())
    assert {n.level for n in found.notices} == {None} and found.problems
    found = read(json.dumps(uk(status=["avoid_the_moon"])).encode())
    assert {n.level for n in found.notices} == {None}
    assert "avoid_the_moon" in found.problems[0].what


def test_uk_takes_lists_lines_and_says_that_an_index_has_no_levels():
    pages = [uk("Finland"), uk("Chad", ["avoid_all_travel_to_parts"])]
    lines = "\n".join(json.dumps(page) for page in pages).encode()
    assert levels(json.dumps(pages).encode()) == levels(lines)
    index = {
        "base_path": "/foreign-travel-advice",
        "details": {},
        "links": {"children": [{"base_path": "/foreign-travel-advice/chad"}]},
    }
    found = read(json.dumps(index).encode())
    assert found.pages == ["chad"] and not found.notices
    assert "names 1 country and gives no level" in found.problems[0].what


def canada(**entry) -> bytes:
    body = {
        "advisory-state": 1,
        "date-published": {"asp": "2026-11-03T09:30:00.0000000-05:00"},
        "eng": {"name": "Finland", "url-slug": "finland", "advisory-text": "Take care"},
        **entry,
    }
    return json.dumps({"metadata": {"generated": {}}, "data": {"FI": body}}).encode()


def test_canada_counts_from_nought():
    assert [levels(canada(**{"advisory-state": s})) for s in (0, 1, 2, "3")] == [
        {("FI", "whole"): level} for level in (1, 2, 3, 4)
    ]
    [notice] = read(canada()).notices
    assert notice.published == datetime(2026, 11, 3, 14, 30, tzinfo=UTC)
    assert notice.link.endswith("/finland")
    flat = canada(**{"date-published": None, "date-published.asp": "2026/11/03 09:30:00"})
    assert read(flat).notices[0].published == datetime(2026, 11, 3, 9, 30, tzinfo=UTC)


def test_canada_regional_words_leave_the_level_of_parts_unknown():
    eng = {"eng": {"advisory-text": "Take normal precautions (with regional advisories)"}}
    assert levels(canada(**eng)) == {("FI", "whole"): 2, ("FI", "part"): None}
    assert levels(canada(**{"advisory-state": 7})) == {("FI", "whole"): None}


@pytest.mark.parametrize(
    ("entry", "whole", "part"),
    [
        ({}, 1, 1),
        ({"warning": True}, 4, 1),
        ({"warning": "true"}, 4, 1),
        ({"warning": "false", "partialWarning": "true"}, 1, 3),
        ({"situationWarning": True, "situationPartWarning": True}, 2, 2),
        ({"partialWarning": True, "situationPartWarning": True}, 1, 3),
        ({"warning": "perhaps"}, None, 1),
        ({"CountryCode": "FI", "countryCode": None}, 1, 1),
        ({"countryCode": "", "iso3CountryCode": "FIN"}, 1, 1),
    ],
)
def test_germany_ladder_and_its_booleans(entry, whole, part):
    assert levels(germany(**entry)) == {("FI", "whole"): whole, ("FI", "part"): part}


def test_germany_skips_scalar_siblings_and_reads_both_clocks():
    found = read(germany())
    assert len(found.notices) == 2 and not found.problems
    for stamp in (1764547200, 1764547200000, "1764547200", "1764547200000"):
        [notice, _] = read(germany(lastModified=stamp, effective=stamp)).notices
        assert notice.published == notice.valid_from == datetime(2025, 12, 1, tzinfo=UTC)
    stranger = germany(countryCode="QQ", iso3CountryCode="QQQ", countryName="Nirgendwo")
    assert not read(stranger).notices and "'QQ' is not known" in read(stranger).problems[0].what


GDACS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:gdacs="http://www.gdacs.org" xmlns:georss="http://www.georss.org/georss">
<channel><title>GDACS</title>{items}</channel></rss>"""
EVENT = """<item><title>{level} alert for a quake</title>
<pubDate>Sun, 29 Nov 2026 12:00:00 GMT</pubDate>
<gdacs:iscurrent>{current}</gdacs:iscurrent>
<gdacs:fromdate>Sun, 29 Nov 2026 11:00:00 GMT</gdacs:fromdate>
<gdacs:todate>Sun, 29 Nov 2026 13:00:00 GMT</gdacs:todate><georss:point>60.2 24.9</georss:point>
<gdacs:bbox>{box}</gdacs:bbox><gdacs:eventtype>EQ</gdacs:eventtype><gdacs:eventid>77</gdacs:eventid>
<gdacs:alertlevel>{level}</gdacs:alertlevel><gdacs:iso3>FIN</gdacs:iso3></item>"""


def gdacs(level="Orange", current="true", box="20 30 55 65") -> bytes:
    event = EVENT.format(level=level, current=current, box=box)
    return GDACS.format(items=event).encode()


def test_gdacs_box_is_west_east_south_north():
    [hazard] = read(gdacs()).hazards
    assert tuple(hazard.box) == (20, 55, 30, 65), "west, south, east, north"
    assert (hazard.level, hazard.kind, hazard.point) == (3, "earthquake", (60.2, 24.9))
    assert hazard.countries == ("FI",) and hazard.native_id == "EQ77"
    assert hazard.ends is None, "todate of a current event says how far the record goes"
    assert read(gdacs(current="false")).hazards[0].ends is not None


def test_gdacs_impossible_box_and_unknown_level_are_told():
    found = read(gdacs(level="Purple", box="20 30 95 99"))
    assert found.hazards[0].box is None and found.hazards[0].level is None
    assert len(found.problems) == 2
    [hazard] = read(gdacs(box="170 190 -20 -10")).hazards
    assert tuple(hazard.box) == (170, -20, -170, -10), "over the date line"


def test_gdacs_that_breaks_off_keeps_what_was_whole():
    data = gdacs().replace(b"</channel></rss>", b"<item><title>cut")
    found = read(data)
    assert len(found.hazards) == 1 and any("breaks off" in p.what for p in found.problems)


def usgs(**about) -> bytes:
    feature = {
        "type": "Feature",
        "id": "us7000",
        "geometry": {"type": "Point", "coordinates": [24.9, 60.2, 10.0]},
        "properties": {
            "mag": 5.1,
            "place": "10 km N of Helsinki",
            "time": 1764547200000,
            "updated": 1764550800000,
            "alert": "yellow",
            "type": "earthquake",
            "title": "M 5.1 - 10 km N of Helsinki",
            "status": "reviewed",
            **about,
        },
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def test_usgs_longitude_first_milliseconds_and_no_colour():
    [hazard] = read(usgs()).hazards
    assert hazard.point == (60.2, 24.9) and hazard.level == 2
    assert hazard.starts == datetime(2025, 12, 1, tzinfo=UTC)
    assert read(usgs(alert=None)).hazards[0].level is None
    assert read(usgs(status="deleted")).hazards[0].cancelled


def test_real_samples(shared_data):
    rss = (shared_data / "travel" / "gdacs_gdacs-1.xml").read_bytes()
    assert len(read(rss).hazards) == 4
    quakes = (shared_data / "travel" / "usgs_earthquakes-1.json").read_bytes()
    assert len(read(quakes).hazards) == 3


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"hello",
        b"{}",
        b"[]",
        b'{"data": {}}',
        b'{"response": {}}',
        b"<html><body>no</body></html>",
        us("Chad - Level 3: x")[:-4],
        b"[" * 100_000,
        b'<!DOCTYPE x [<!ENTITY a "b">]><rss><channel/></rss>',
        b"\xff\xfe\x00",
    ],
)
def test_what_is_nothing_is_refused_in_words(data):
    with pytest.raises(Refused) as refused:
        read(data)
    assert refused.value.what and len(str(refused.value)) < 400


def test_the_wrong_source_is_named():
    with pytest.raises(Refused, match="of US State Department, not of UK FCDO"):
        read(us("Chad - Level 3: x"), "uk-fcdo")


@pytest.mark.parametrize("odd", [None, 7, "x", [], {"Title": None}, {"Title": {"a": 1}}])
def test_an_odd_item_does_not_stop_the_batch(odd):
    rows = [odd, *json.loads(us("Chad - Level 3: x"))]
    found = read(json.dumps(rows).encode())
    assert [n.country for n in found.notices] == ["TD"] and len(found.problems) == 1


def test_the_same_item_has_the_same_digest_whatever_the_order_of_its_fields():
    item = json.loads(us("Chad - Level 3: x"))[0]
    turned = dict(reversed(item.items()))
    one, other = (read(json.dumps([i]).encode()).notices[0].digest for i in (item, turned))
    assert one == other
