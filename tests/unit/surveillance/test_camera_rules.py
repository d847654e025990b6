"""Addresses, fields of view, masks and hours, without a database."""

from datetime import time

import pytest

from varangian.kernel.results import Refused
from varangian.surveillance import rules
from varangian.surveillance.playlist import playlist
from varangian.surveillance.streams.keeper import MOST_S, back_off
from varangian.surveillance.streams.wire import Broken, head_of, pack


@pytest.mark.parametrize(
    "text",
    [
        "rtsp://user:secret@camera.example:554/stream?token=1",
        "https://camera.example/live",
        "file:///gate.mp4",
        "rtsp://[2001:db8::1]/stream",
    ],
)
def test_streams_are_read(text):
    assert rules.read_source(f" {text} ") == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gopher://camera/stream",
        "rtsp://",
        "http://169.254.169.254/latest",
        "http://[fe80::1]/",
        "file:///../keys/master.key",
        "file://host/a.mp4",
        "rtsp://camera/a b",
        "rtsp://camera:99999/",
        "concat:a|b",
    ],
)
def test_what_is_no_stream_is_refused_without_repeating_it(text):
    with pytest.raises(Refused) as why:
        rules.read_source(text)
    assert "a b" not in str(why.value) and "latest" not in str(why.value)


def test_what_is_shown_holds_no_secret():
    shown = rules.shown_source("rtsp://user:secret@camera.example:554/stream?token=abc#x")
    assert shown == "rtsp://camera.example:554/stream"


def test_a_cone_opens_to_where_the_camera_looks():
    ring = rules.cone([60.0, 25.0], 90, 60, 100)
    assert ring[0] == ring[-1] == [25.0, 60.0]
    assert all(lon >= 25.0 for lon, _ in ring)
    east = max(lon for lon, _ in ring) - 25.0
    assert east * 111_195 * 0.5 == pytest.approx(100, abs=1)
    whole = rules.cone([60.0, 25.0], 0, 360, 100)
    assert whole[0] == whole[-1] and [25.0, 60.0] not in whole


def test_masks_stay_within_the_picture():
    assert rules.read_masks([[[-1, 0], [0.5, 2], [0.33333, 0.5]]]) == [
        [[0, 0], [0.5, 1], [0.3333, 0.5]]
    ]
    for given in ("x", [[[0, 0], [1, 1]]], [[[0, 0], [1, "a"], [1, 1]]], [[[float("nan"), 0]] * 3]):
        with pytest.raises(Refused):
            rules.read_masks(given)


@pytest.mark.parametrize(
    ("clock", "inside"), [(time(23), True), (time(3), True), (time(7), False), (time(22), True)]
)
def test_hours_go_over_midnight(clock, inside):
    assert rules.within(clock, time(22), time(6)) is inside
    assert rules.within(clock, None, None)


def test_a_rule_names_one_event_or_a_kind():
    assert rules.fits("behaviour.*", "behaviour.loitering")
    assert rules.fits("*", "anything") and not rules.fits("motion.begun", "motion.ended")
    for text in ("", "Motion!", "a" * 41):
        with pytest.raises(Refused):
            rules.rule_name(text)


def test_tries_grow_apart_and_stay_bounded():
    waits = [back_off(n, draw=lambda: 1.0) for n in range(12)]
    assert waits == sorted(waits) and waits[-1] == MOST_S
    assert back_off(3, draw=lambda: 0.0) < back_off(3, draw=lambda: 0.9)


def test_a_message_of_no_possible_size_is_none():
    line, body = pack({"say": "part"}, b"abc").split(b"\n")
    assert head_of(line)["size"] == len(body) == 3
    for bad in (b"", b"x", b"[]", b'{"size": -1}', b'{"size": 99999999999}', b'{"size": "3"}'):
        with pytest.raises(Broken):
            head_of(bad)


def test_the_list_begins_with_its_oldest_part():
    text = playlist([(7, 1.0, "/a/7.ts"), (8, 2.4, "/a/8.ts")])
    assert "#EXT-X-TARGETDURATION:3" in text and "#EXT-X-MEDIA-SEQUENCE:7" in text
    assert text.index("/a/7.ts") < text.index("/a/8.ts") and "ENDLIST" not in text
