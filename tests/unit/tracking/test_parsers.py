"""What each tracker sends, read into one form; shapes after the applications' own documents."""

import json
from datetime import UTC, datetime

import pytest

from varangian.tracking import parsers
from varangian.tracking.parsers import Asked, Unreadable
from varangian.tracking.parsers.gpx import read_gpx

AT = datetime(2026, 11, 24, 14, 3, 22, tzinfo=UTC)
STAMP = int(AT.timestamp())


def asked(body=None, **query: str) -> Asked:
    data = b"" if body is None else json.dumps(body).encode()
    return Asked(query, data, "application/json" if body is not None else "")


def one(request: Asked):
    heard = parsers.read(request)
    assert len(heard.readings) == 1
    return heard, heard.readings[0]


def test_owntracks():
    body = {"_type": "location", "lat": 60.17, "lon": 24.94, "tst": STAMP, "acc": 8, "batt": 81}
    heard, got = one(asked(body | {"vel": 36, "cog": 271, "alt": 12, "tid": "W2", "t": "u"}))
    assert (heard.source, heard.reply) == ("owntracks", b"[]")
    assert (got.at, got.lat, got.lon, got.accuracy) == (AT, 60.17, 24.94, 8)
    assert (got.speed, got.course, got.battery, got.trigger) == (pytest.approx(10), 271, 0.81, "u")


def test_owntracks_says_much_that_is_no_position():
    for kind in ("lwt", "waypoint", "waypoints", "cmd", "card", "status"):
        assert parsers.read(asked({"_type": kind})).readings == []
    _, got = one(asked({"_type": "transition", "event": "enter", "lat": 1, "lon": 2, "tst": STAMP}))
    assert got.trigger == "enter"
    with pytest.raises(Unreadable, match="encrypts"):
        parsers.read(asked({"_type": "encrypted", "data": "x"}))


def test_nothing_at_all_is_nothing():
    assert parsers.read(Asked({}, b"")).readings == []


def test_traccar_client():
    coords = {"latitude": 60.17, "longitude": 24.94, "accuracy": 5.5, "speed": 1.4, "heading": -1}
    location = {"timestamp": "2026-11-24T14:03:22.000Z", "coords": {**coords, "altitude": 3}}
    location |= {"battery": {"level": 0.5}, "activity": {"type": "walking"}, "extras": {}}
    heard, got = one(asked({"location": location, "device_id": "ignored"}))
    assert heard.source == "traccar"
    assert (got.at, got.speed, got.course, got.battery) == (AT, 1.4, None, 0.5)
    assert got.activity == "walking" and not got.sos
    location["extras"] = {"alarm": "sos"}
    assert one(asked({"location": [location]}))[1].sos


def test_osmand_speaks_knots_and_our_template_does_not():
    given = {"lat": "60.17", "lon": "24.94", "timestamp": str(STAMP), "hdop": "1.2", "batt": "44"}
    heard, got = one(asked(**given, speed="10", bearing="90", altitude="7"))
    assert (got.at, got.speed, got.battery) == (AT, pytest.approx(5.144, 0.001), 0.44)
    assert got.accuracy == pytest.approx(6)
    _, got = one(asked(**given, speed_mps="10"))
    assert got.speed == 10
    form = b"id=1&lat=60.17&lon=24.94&timestamp=2026-11-24T14:03:22Z"
    assert one(Asked({}, form, "application/x-www-form-urlencoded"))[1].at == AT
    assert one(asked(location="60.17,24.94", timestamp=str(STAMP * 1000)))[1].at == AT


def test_a_call_for_help_is_heard_whatever_else_cannot_be_read():
    assert one(asked(lat="60.17", lon="24.94", alarm="sos"))[1].sos
    for broken in ({}, {"lat": "x", "lon": "y"}, {"lat": "1", "lon": "1", "timestamp": "x"}):
        assert parsers.read(asked(alarm="sos", **broken)).sos


def test_overland():
    told = {"timestamp": "2026-11-24T14:03:22Z", "horizontal_accuracy": 10, "speed": -1}
    told |= {"battery_level": 0.9, "motion": ["driving"], "course": 359}
    feature = {"geometry": {"type": "Point", "coordinates": [24.94, 60.17]}, "properties": told}
    heard = parsers.read(asked({"locations": [feature, feature, {"geometry": None}]}))
    assert heard.reply == b'{"result":"ok"}' and len(heard.readings) == 2
    got = heard.readings[0]
    assert (got.lat, got.speed, got.activity, got.battery) == (60.17, None, "driving", 0.9)


def test_gpslogger_by_our_template():
    given = {"app": "gpslogger", "lat": "60.17", "lon": "24.94", "time": str(STAMP), "spd": "2.5"}
    heard, got = one(asked(**given, dir="10", batt="70", acc="3"))
    assert (heard.source, got.at, got.speed, got.battery) == ("gpslogger", AT, 2.5, 0.7)


def test_meshtastic_names_the_node_and_how_coarse_it_is():
    payload = {"latitude_i": 601700000, "longitude_i": 249400000, "time": STAMP}
    body = {"type": "position", "from": 2712847316, "payload": {**payload, "precision_bits": 32}}
    _, got = one(asked(body))
    assert (got.unit, got.lat, got.accuracy) == ("!a1b2c3d4", pytest.approx(60.17), None)
    body["payload"]["precision_bits"] = 16
    assert 300 < one(asked(body))[1].accuracy < 400
    assert parsers.read(asked({"type": "telemetry", "from": 1, "payload": {}})).readings == []


@pytest.mark.parametrize(
    "request_",
    [
        asked([]),
        asked({"a": 1}),
        asked({"_type": "location", "lat": None, "lon": 1}),
        asked({"_type": "location", "lat": 1, "lon": 1, "tst": "yesterday"}),
        asked({"_type": "location", "lat": 1, "lon": 1, "tst": 1e300}),
        asked({"locations": [{"geometry": {"type": "Point", "coordinates": []}}]}),
        asked({"locations": [{"geometry": {"type": "Point", "coordinates": [1, 2]}}] * 5001}),
        Asked({}, b"{" * 5000, "application/json"),
        Asked({}, b"\xff\xfe\x00", ""),
    ],
)
def test_what_is_no_position_is_refused_in_words(request_):
    with pytest.raises(Unreadable):
        parsers.read(request_)


def test_gpx_points_with_a_time():
    text = """<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
    <trkpt lat="60.17" lon="24.94"><ele>4</ele><time>2026-11-24T14:03:22Z</time></trkpt>
    <trkpt lat="60.18" lon="24.94"><time></time></trkpt></trkseg></trk></gpx>"""
    got = read_gpx(text.encode())
    assert [(one.at, one.lat, one.altitude) for one in got] == [(AT, 60.17, 4)]
    bomb = b'<!DOCTYPE g [<!ENTITY a "b">]><gpx>&a;</gpx>'
    for bad in (b"", b"<kml/>", bomb, b"<gpx", b'<gpx><wpt lat="x"><time>2026</time></wpt></gpx>'):
        with pytest.raises(Unreadable):
            read_gpx(bad)
