"""Events, frames and protobuf: what clients really send, and what they must not."""

from datetime import UTC, datetime

import pytest

from varangian.tracking.tak import cot, proto
from varangian.tracking.tak.cot import BadEvent
from varangian.tracking.tak.frames import Frames

ATAK = (
    b'<event version="2.0" uid="ANDROID-aa11" type="a-f-G-U-C" time="2026-11-24T10:00:00.123Z" '
    b'start="2026-11-24T10:00:00.123Z" stale="2026-11-24T10:02:00.123Z" how="m-g">'
    b'<point lat="60.1699" lon="24.9384" hae="58.3" ce="4.8" le="9999999.0"/><detail>'
    b'<takv device="SAMSUNG" platform="ATAK-CIV" os="33" version="4.10.0.5"/>'
    b'<contact endpoint="*:-1:stcp" callsign="OSPREY 1"/><uid Droid="OSPREY 1"/>'
    b'<precisionlocation altsrc="GPS" geopointsrc="GPS"/>'
    b'<__group role="Team Member" name="Cyan"/><status battery="78"/>'
    b'<track course="12.5" speed="1.3"/><remarks>hello &amp; bye</remarks></detail></event>'
)
ITAK = (
    b'<event version="2.0" uid="5F2A-invented" type="a-f-G-E-V-C" how="m-g" '
    b'time="2026-11-24T10:00:00Z" start="2026-11-24T10:00:00Z" stale="2026-11-24T10:05:00Z">'
    b'<point lat="0" lon="0" hae="0" ce="9999999" le="9999999"/><detail>'
    b'<contact callsign="HERON" endpoint="*:-1:stcp"/>'
    b'<precisionlocation altsrc="???" geopointsrc="???"/></detail></event>'
)
BEACON = (
    b'<event version="2.0" uid="S-1-5-21-7-9-1-1" type="b-a-o-tbl" how="h-e" '
    b'time="2026-11-24T10:00:00Z" start="2026-11-24T10:00:00Z" stale="2026-11-24T10:00:10Z">'
    b'<point lat="60.17" lon="24.94" hae="0" ce="5" le="5"/><detail>'
    b'<emergency type="Alert">HERON</emergency><link relation="p-p" uid="S-1-5-21-7"/>'
    b'<marti><dest callsign="OSPREY 1"/></marti></detail></event>'
)
OF_THE_COMMON_LIBRARY = bytes.fromhex(
    "bf95021292020a09612d662d472d552d432a0c414e44524f49442d6161313130fbfafde7a03438fbfafde7a034"
    "40bba485e8a0344a036d2d675192cb7f48bf154e405900917efb3af03840616666666666264d40693333333333"
    "33134071000000e0cf1263417aaf010a3a3c7569642044726f69643d224f5350524559203122202f3e3c72656d"
    "61726b733e68656c6c6f2026616d703b206279653c2f72656d61726b733e12150a092a3a2d313a737463701208"
    "4f535052455920311a130a044379616e120b5465616d204d656d626572220a0a0347505312034750532a02084e"
    "32210a0753414d53554e4712084154414b2d4349561a0233332208342e31302e302e353a1209cdccccccccccf4"
    "3f110000000000002940"
)
"""ATAK above, encoded by takproto 3.0.1."""


def test_a_position_is_read_once_and_passed_on_as_it_came():
    event = cot.parse(ATAK)
    assert event.raw is ATAK
    assert (event.uid, event.callsign, event.point) == (
        "ANDROID-aa11",
        "OSPREY 1",
        (60.1699, 24.9384),
    )
    assert event.at == datetime(2026, 11, 24, 10, 0, 0, 123000, UTC)
    assert event.figure("detail/status", "battery") == 78


def test_zero_without_a_fix_is_no_place():
    assert cot.parse(ITAK).point is None


def test_a_beacon_is_known_by_its_type_whatever_its_words():
    event = cot.parse(BEACON)
    assert event.is_beacon and not event.cancels and event.to == [("", "OSPREY 1")]
    assert cot.parse(BEACON.replace(b"b-a-o-tbl", b"b-a-o-can")).cancels
    told = BEACON.replace(b'<emergency type="Alert">', b'<emergency cancel="true">')
    assert cot.parse(told).cancels


@pytest.mark.parametrize(
    "raw",
    [
        b"<event uid='a' type='b'>",
        b"<event type='a-f-G'></event>",
        b"<event uid='a' type='a f'></event>",
        b"<event uid='a' type='a-f'>&boom;</event>",
        b"<event uid='a' type='a-f'>\xff\xfe</event>",
        b"<event uid='" + b"u" * 300 + b"' type='a-f'></event>",
        b"<other uid='a' type='a-f'></other>",
        b"<event uid='a' type='a-f'>" + b"<x>" * 5000 + b"</event>",
        b"<event uid='a' type='a-f'>" + b"x" * (cot.LONGEST + 1) + b"</event>",
    ],
)
def test_what_is_no_event_is_refused(raw):
    with pytest.raises(BadEvent):
        cot.parse(raw)


def test_events_are_cut_out_of_a_stream_wherever_it_breaks():
    stream = b'<?xml version="1.0"?>\n' + ATAK + b"\n" + BEACON + OF_THE_COMMON_LIBRARY + ITAK
    for step in (1, 7, 1000):
        frames, found = Frames(), []
        for at in range(0, len(stream), step):
            frames.feed(stream[at : at + step])
            found += frames.take(10)
        assert [protobuf for protobuf, _ in found] == [False, False, True, False]
        assert [found[0][1], found[1][1], found[3][1]] == [ATAK, BEACON, ITAK]
        assert not frames.begun


def test_a_message_without_end_is_not_kept_for_ever():
    frames = Frames()
    frames.feed(b"<event " + b"x" * cot.LONGEST)
    with pytest.raises(BadEvent):
        frames.take(5)
    frames = Frames()
    frames.feed(b"\xbf\xff\xff\xff\xff\xff\xff")
    with pytest.raises(BadEvent):
        frames.take(5)


def test_no_more_than_asked_for_is_taken_at_once():
    frames = Frames()
    frames.feed(ITAK * 10)
    assert len(frames.take(4)) == 4 and len(frames.take(100)) == 6


def test_what_the_common_library_writes_is_read():
    frames = Frames()
    frames.feed(OF_THE_COMMON_LIBRARY)
    event = proto.decode(frames.take(1)[0][1])
    plain = cot.parse(ATAK)
    assert _told(event) == _told(plain)


def test_protobuf_there_and_back_loses_nothing():
    for raw in (ATAK, BEACON):
        frames, event = Frames(), cot.parse(raw)
        frames.feed(proto.encode(event))
        assert _told(proto.decode(frames.take(1)[0][1])) == _told(event)


def test_the_same_size_as_the_common_library():
    assert abs(len(proto.encode(cot.parse(ATAK))) - len(OF_THE_COMMON_LIBRARY)) <= 2


def test_an_event_inside_the_details_breaks_no_other_client():
    inside = cot.parse(ATAK)
    bad = proto.encode(inside).replace(b"hello &amp; bye", b"</event><event>")
    frames = Frames()
    frames.feed(bad)
    with pytest.raises(BadEvent):
        proto.decode(frames.take(1)[0][1])


def _told(event):
    """Attributes and children, whatever their order."""
    detail = sorted((child.tag, sorted(child.attrib.items()), child.text) for child in event.detail)
    point = {name: float(value) for name, value in event.node.find("point").attrib.items()}
    return sorted(_times(event).items()), point, detail


def _times(event):
    told = dict(event.node.attrib)
    return told | {name: cot.moment(told[name]) for name in ("time", "start", "stale")}
