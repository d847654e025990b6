"""What a message over MQTT is, by the shapes that devices send."""

import json

import pytest

from varangian.tracking.gateway.topics import Mesh, Thing, Tracker, Unknown, meaning
from varangian.tracking.parsers import read


def told(topic, payload):
    return meaning(topic, payload if isinstance(payload, bytes) else json.dumps(payload).encode())


def test_owntracks_names_its_token_in_the_topic():
    place = {"_type": "location", "lat": 60.17, "lon": 24.95, "tst": 1_800_000_000, "acc": 8}
    found = told("owntracks/detail/s3cret", place)
    assert isinstance(found, Tracker) and found.token == "s3cret"
    assert read(found.asked).readings[0].lat == 60.17
    assert isinstance(told("owntracks/detail/s3cret/event", place), Tracker)
    assert told("owntracks/detail/s3cret/cmd", place) is None
    for topic in ("owntracks/detail", "owntracks/detail/", "owntracks/a/b/c/d"):
        assert told(topic, place) == Unknown()
    assert told("owntracks/detail/s3cret", b" " * 70_000) == Unknown()


def test_a_mesh_speaks_through_the_radio_that_carries_it_over():
    payload = {"latitude_i": 601_700_000, "longitude_i": 249_500_000, "time": 1_800_000_000}
    said = {"type": "position", "from": 3_735_928_559, "payload": payload}
    found = told("msh/EU_868/2/json/LongFast/!deadbeef", said)
    assert isinstance(found, Mesh) and read(found.asked).readings[0].unit == "!deadbeef"
    assert told("msh/EU_868/2/e/LongFast/!deadbeef", b"\x0a\x01") is None


@pytest.mark.parametrize(
    ("topic", "payload", "thing"),
    [
        ("shellies/b1/input_event/0", {"event": "L", "event_cnt": 7}, Thing("b1", True, "7")),
        ("shellies/b1/input_event/0", {"event": "", "event_cnt": 7}, Thing("b1", False, "7")),
        ("shellies/b1/input_event/0", b"{broken", Thing("b1", readable=False)),
        ("shellies/b1/online", b"true", Thing("b1")),
        ("shellies/b1/online", b"false", Thing("b1", alive=False)),
        ("shellies/b1/sensor/battery", b"55", Thing("b1", battery=0.55)),
        ("shellies/b1/info", b"{", Thing("b1")),
        (
            "plus-1/events/rpc",
            {"params": {"events": [{"event": "single_push", "ts": 17.5}]}},
            Thing("plus-1", True, "17.5"),
        ),
        ("plus-1/events/rpc", {"params": {"events": []}}, Thing("plus-1")),
        ("plus-1/events/rpc", {"params": 3}, Thing("plus-1")),
        ("plus-1/events/rpc", b"[1]", Thing("plus-1", readable=False)),
        ("zigbee2mqtt/lobby", {"action": "hold", "battery": 80}, Thing("lobby", True, "", 0.8)),
        ("zigbee2mqtt/lobby", {"action": "", "linkquality": 3}, Thing("lobby")),
        ("zigbee2mqtt/lobby/availability", {"state": "offline"}, Thing("lobby", alive=False)),
        ("zigbee2mqtt/lobby", b"", Thing("lobby", readable=False)),
        ("zigbee2mqtt/bridge/state", b"online", None),
        ("somebody/else", b"x", None),
    ],
)
def test_buttons(topic, payload, thing):
    assert told(topic, payload) == thing
