"""Hostile bytes at the stream: an event or a refusal comes out, and nothing else."""

import asyncio
from datetime import UTC, datetime

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from varangian.tracking.tak import cot, proto
from varangian.tracking.tak.cot import BadEvent
from varangian.tracking.tak.frames import Frames
from varangian.tracking.tak.link import Link
from varangian.tracking.tak.relay import Relay

GOOD = cot.write(
    "a-f-G-U-C",
    '<contact callsign="OSPREY"/><status battery="70"/><track course="1" speed="2"/>',
    at=datetime(2026, 11, 24, tzinfo=UTC),
    uid="A",
)
WIRE = proto.encode(cot.parse(GOOD))
SETTINGS = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
pieces = st.one_of(
    st.binary(max_size=200),
    st.just(GOOD),
    st.just(WIRE),
    st.sampled_from([b"<event", b"</event>", b"\xbf", b"\xbf\x01\xbf", b"<!DOCTYPE x>", b"&lt;"]),
    st.builds(
        lambda at, byte: GOOD[:at] + bytes([byte]) + GOOD[at + 1 :],
        st.integers(0, len(GOOD) - 1),
        st.integers(0, 255),
    ),
    st.builds(
        lambda at, byte: WIRE[:at] + bytes([byte]) + WIRE[at + 1 :],
        st.integers(0, len(WIRE) - 1),
        st.integers(0, 255),
    ),
)


class Wire:
    """A transport that remembers."""

    def __init__(self):
        self.sent, self.aborted = b"", False

    def write(self, data):
        self.sent += bytes(data)

    def writelines(self, parts):
        self.write(b"".join(parts))

    def abort(self):
        self.aborted = True

    def get_write_buffer_size(self):
        return 0

    def is_closing(self):
        return self.aborted

    def set_write_buffer_limits(self, **_):
        """As large as it likes."""

    pause_reading = resume_reading = get_extra_info = lambda *_: None


@SETTINGS
@given(st.lists(pieces, max_size=12))
@example([b'<!DOCTYPE e [<!ENTITY a "aaaa">]><event uid="a" type="a-f">&a;</event>'])
def test_whatever_is_sent_everybody_else_gets_whole_events(parts):
    asyncio.run(_speak(parts))


async def _speak(parts):
    relay, links = Relay(), set()
    speaker, other = Link(relay, links), Link(relay, links)
    wires = [Wire(), Wire()]
    for link, wire in zip((speaker, other), wires, strict=True):
        link.connection_made(wire)
    for part in parts:
        speaker.data_received(part)
    relay.tick()
    frames = Frames()
    frames.feed(wires[1].sent)
    for protobuf, raw in frames.take(10_000):
        assert not protobuf
        cot.parse(raw)
    assert not frames.rest.strip()


@SETTINGS
@given(st.binary(max_size=400))
def test_any_bytes_as_protobuf(body):
    try:
        event = proto.decode(body)
    except BadEvent:
        return
    assert event.raw.count(b"</event>") == 1


@SETTINGS
@given(st.binary(max_size=600), st.integers(1, 50))
def test_any_stream_is_cut_or_refused(data, step):
    frames = Frames()
    try:
        for at in range(0, len(data), step):
            frames.feed(data[at : at + step])
            frames.take(100)
    except BadEvent:
        return
    assert len(frames.rest) <= len(data)
