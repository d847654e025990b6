"""What each format's fixture says, field by field where it matters."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from varangian.intelligence.feeds import parse
from varangian.kernel.geometry import BoundingBox, haversine_km

FIXTURES = Path(__file__).parents[3] / "fixtures" / "feeds"


def read(name: str):
    return parse((FIXTURES / name).read_bytes())


def by_id(result):
    return {item.native_id: item for item in result.items}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("gdacs.xml", "gdacs"),
        ("usgs.json", "usgs"),
        ("cap.xml", "cap"),
        ("cap_several.xml", "cap"),
        ("hazards.geojson", "geojson"),
    ],
)
def test_the_kind_is_found_by_content(name, kind):
    assert read(name).kind == kind


def test_gdacs_cyclone():
    storm = by_id(read("gdacs.xml"))["TC9000001"]
    assert (storm.kind, storm.severity, storm.band) == ("cyclone", "Orange", "amber")
    assert (storm.action, storm.status, storm.version) == ("update", "actual", "7.3")
    assert storm.geometry.point == (-17.5, 179.2)
    assert storm.extent == BoundingBox(170, -30, -170, -4)
    assert storm.expires is None, "a current event has no known end"
    assert storm.countries == ("FJI",)
    assert storm.updated_at == datetime(2026, 11, 24, 6, tzinfo=UTC)
    assert storm.raw.startswith(b"<item") and storm.raw.endswith(b"</item>")


def test_gdacs_earthquake_has_a_magnitude_and_no_end():
    quake = by_id(read("gdacs.xml"))["EQ9000002"]
    assert (quake.magnitude, quake.action, quake.expires) == (6.1, "new", None)
    assert quake.geometry.point == (38.5, 22.25), "lat and long elements serve without georss"


def test_gdacs_event_that_is_over_and_unknown_level():
    result = read("gdacs.xml")
    flood = by_id(result)["FL9000003"]
    assert flood.expires == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert (flood.severity, flood.band) == ("Purple", "unknown")
    assert any("Purple" in problem.what for problem in result.problems)


def test_usgs():
    items = by_id(read("usgs.json"))
    strong = items["zz26aaaa"]
    assert (strong.kind, strong.magnitude, strong.band) == ("earthquake", 6.2, "amber")
    assert strong.severity == "yellow"
    assert strong.supersedes == ("yy26bbbb",)
    assert strong.geometry.point == (38.2, 22.1)
    weak = items["zz26cccc"]
    assert (weak.severity, weak.band, weak.may_alert) == ("M 3.1", "unknown", True)
    gone = items["zz26dddd"]
    assert (gone.action, gone.may_alert) == ("cancel", False)


def test_cap_takes_the_wanted_language_and_splits_unlike_blocks():
    result = read("cap.xml")
    flood, wind = result.items
    assert (flood.native_id, wind.native_id) == (
        "warnings@example.org,example.2026.0042",
        "warnings@example.org,example.2026.0042#2",
    )
    assert flood.group_id == wind.group_id == "warnings@example.org,example.2026.0042"
    assert (flood.kind, flood.band, flood.severity) == ("flood", "red", "Severe")
    assert (wind.kind, wind.band) == ("weather", "green")
    assert flood.supersedes == (
        "warnings@example.org,example.2026.0040",
        "warnings@example.org,example.2026.0041",
    )
    assert flood.action == "update"
    assert flood.onset == datetime(2026, 11, 24, 11, tzinfo=UTC)
    assert flood.geometry.polygons[0][0][0] == (9.0, 47.0), "CAP says lat,lon; we keep lon,lat"
    assert flood.countries == ("CH",)
    assert flood.instruction == "Keep away from the river road."
    assert (wind.geometry.point, wind.geometry.radius_km) == ((46.9, 9.3), 15.0)
    assert result.problems == []


def test_cap_in_another_language():
    german = parse((FIXTURES / "cap.xml").read_bytes(), language="de")
    assert [item.title for item in german.items] == ["Hochwasserwarnung"]
    assert german.items[0].kind == "flood"


def test_cap_several_in_atom():
    result = read("cap_several.xml")
    items = by_id(result)
    assert items.keys() == {"s@example.org,a1", "s@example.org,a2"}
    assert (items["s@example.org,a1"].status, items["s@example.org,a1"].may_alert) == (
        "exercise",
        False,
    )
    assert items["s@example.org,a1"].kind == "security"
    assert (items["s@example.org,a2"].action, items["s@example.org,a2"].supersedes) == (
        "cancel",
        ("s@example.org,a0",),
    )
    assert any("Ack" in problem.what for problem in result.problems)


def test_cap_circles_beside_polygons_become_polygons_that_hold_the_disc():
    text = (FIXTURES / "cap.xml").read_text("utf-8")
    both = text.replace("</polygon>\n", "</polygon><circle>46.9,9.3 15</circle>\n")
    area = parse(both.encode()).items[0].geometry
    assert area.point is None and len(area.polygons) == 2
    ring = area.polygons[1][0]
    assert all(15 <= haversine_km((46.9, 9.3), (lat, lon)) < 15.2 for lon, lat in ring)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Exercise", "exercise"),
        ("System", "test"),
        ("Test", "test"),
        ("Draft", "draft"),
        ("Rumour", "draft"),
        ("", "draft"),
    ],
)
def test_cap_only_actual_may_alert(word, status):
    text = (FIXTURES / "cap.xml").read_text("utf-8").replace(">Actual<", f">{word}<")
    item = parse(text.encode()).items[0]
    assert (item.status, item.may_alert) == (status, False)


def test_geojson():
    result = read("hazards.geojson")
    items = by_id(result)
    march = items["march-1"]
    assert (march.kind, march.band, march.severity) == ("security", "amber", "heated")
    assert march.countries == ("AT",)
    assert march.link == "", "only web links are kept"
    assert march.may_alert
    fire = items["fire-1"]
    assert (fire.geometry.radius_km, fire.status, fire.may_alert) == (3.0, "draft", False)
    route = items["route-1"]
    assert (route.kind, route.supersedes) == ("other", ("march-0",))
    assert route.geometry.is_empty
    assert {p.where for p in result.problems} == {"item 2 (fire-1)", "item 3 (route-1)"}
