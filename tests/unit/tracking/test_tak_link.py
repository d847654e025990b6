"""One connection: its manners, its limits, and the small HTTPS server beside it."""

import asyncio
import contextlib
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from varangian.tracking.tak import cot, link, proto
from varangian.tracking.tak.frames import Frames
from varangian.tracking.tak.link import Link, Seat
from varangian.tracking.tak.relay import Relay
from varangian.tracking.tak.web import Answer, Web

AT = datetime(2026, 11, 24, 10, tzinfo=UTC)


class Wire:
    def __init__(self):
        self.sent, self.aborted, self.reading, self.waiting = b"", False, True, 0

    def write(self, data):
        self.sent += bytes(data)

    def writelines(self, parts):
        self.write(b"".join(parts))

    def abort(self):
        self.aborted = True

    def pause_reading(self):
        self.reading = False

    def resume_reading(self):
        self.reading = True

    def get_write_buffer_size(self):
        return self.waiting

    def is_closing(self):
        return self.aborted

    def set_write_buffer_limits(self, **_):
        """As large as it likes."""

    def get_extra_info(self, _):
        return None


def event(uid="A", kind="a-f-G-U-C", number=0):
    told = f'<contact callsign="{uid}"/><takv platform="ATAK" version="5"/>'
    return cot.write(kind, told, at=AT.replace(second=number % 60), uid=uid)


def connected(relay=None, links=None, **given):
    wire = Wire()
    made = Link(relay or Relay(), set() if links is None else links, **given)
    made.connection_made(wire)
    return made, wire


def alone(test):
    """Inside an event loop."""
    return lambda: asyncio.run(test())


@alone
async def test_ping_is_answered_and_protobuf_begins_only_when_asked_for():
    one, wire = connected()
    assert b"t-x-takp-v" in wire.sent
    one.data_received(cot.write("t-x-c-t", at=AT))
    assert b"t-x-c-t-r" in wire.sent and not one.protobuf
    asks = '<TakControl><TakRequest version="1"/></TakControl>'
    one.data_received(cot.write("t-x-takp-q", asks, at=AT))
    assert b'<TakResponse status="true"/>' in wire.sent and one.protobuf
    wire.sent = b""
    one.data_received(proto.encode(cot.parse(cot.write("t-x-c-t", at=AT))))
    frames = Frames()
    frames.feed(wire.sent)
    ((protobuf, raw),) = frames.take(5)
    assert protobuf and proto.decode(raw).type == "t-x-c-t-r"


@alone
async def test_a_version_that_is_not_known_is_declined():
    one, wire = connected()
    asks = '<TakControl><TakRequest version="2"/></TakControl>'
    one.data_received(cot.write("t-x-takp-q", asks, at=AT))
    assert b'<TakResponse status="false"/>' in wire.sent and not one.protobuf


@alone
async def test_a_flood_waits_in_the_socket_and_nothing_of_it_is_lost():
    relay, links = Relay(), set()
    one, wire = connected(relay, links)
    _, other = connected(relay, links)
    flood = b"".join(event(f"M{number}", "a-h-G", number) for number in range(150))
    one.data_received(flood)
    assert not wire.reading and relay.counts["in"] == link.AT_ONCE
    await asyncio.sleep(0.05)
    assert wire.reading and relay.counts["in"] == 150
    relay.tick()
    assert other.sent.count(b'type="a-h-G"') == 150


@alone
async def test_who_reads_slowly_never_finishes_or_says_nothing_is_dropped():
    now = asyncio.get_running_loop().time()
    slow, wire = connected()
    slow.pause_writing()
    slow.second(now + link.SLOW_READER / 2)
    assert not wire.aborted
    slow.second(now + link.SLOW_READER + 2)
    assert wire.aborted
    half, wire = connected()
    half.data_received(event()[:80])
    half.second(now + link.HALF_MESSAGE + 2)
    assert wire.aborted
    silent, wire = connected()
    silent.second(now + link.SILENT_STRANGER + 2)
    assert wire.aborted


@alone
async def test_a_reader_that_lets_megabytes_wait_is_dropped_at_once():
    one, wire = connected()
    one.pause_writing()
    wire.waiting = link.TOO_MUCH + 1
    one.send(b"x")
    assert wire.aborted


@alone
async def test_noise_is_borne_for_a_while_only():
    one, wire = connected()
    for _ in range(link.MOST_FAULTS):
        one.data_received(b"<event></event>")
    assert not wire.aborted
    one.data_received(b"<event></event>")
    assert wire.aborted


@alone
async def test_a_certificate_that_is_not_known_is_turned_away_and_one_withdrawn_put_out():
    relay, seat = Relay(), Seat(uuid4(), uuid4(), words="Otto")
    known = {"": None}

    async def door(fingerprint):
        return known.get("")

    stranger, wire = connected(relay, door=door)
    await asyncio.sleep(0)
    assert wire.aborted and relay.counts["turned away"] == 1
    known[""] = seat
    guest, wire = connected(relay, door=door)
    assert not wire.reading, "nothing is read before it is known who speaks"
    await asyncio.sleep(0)
    assert wire.reading and guest in relay.group(seat.circle).members
    guest.reseat(None)
    assert wire.aborted


@alone
async def test_who_is_moved_to_another_operation_hears_only_that_one():
    relay = Relay()
    first, second = Seat(uuid4(), uuid4()), Seat(uuid4(), uuid4())

    async def door(_):
        return first

    guest, _ = connected(relay, door=door)
    await asyncio.sleep(0)
    guest.data_received(event())
    guest.reseat(second)
    assert guest not in relay.group(first.circle).members
    assert guest in relay.group(second.circle).members


@alone
async def test_the_same_client_that_comes_again_replaces_itself():
    relay, links = Relay(), set()
    old, wire = connected(relay, links)
    old.data_received(event(number=1))
    new, _ = connected(relay, links)
    new.data_received(event(number=2))
    assert wire.aborted and new.callsign == "A" and new.client == "ATAK 5"


async def ask(handler, *said, most=1000):
    server = await asyncio.start_server(Web(handler, most)._serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    got = b""
    with contextlib.suppress(OSError):
        for part in said:
            writer.write(part)
            await asyncio.sleep(0.01)
        writer.write_eof()
        got = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    server.close()
    return got


async def echo(asked):
    if asked.path == "/fails":
        raise ValueError("of no concern to the client")
    return Answer.json({"path": asked.path, "query": asked.query, "body": len(asked.body)})


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([b"GET /a%20b?x=1 HTTP/1.1\r\nHost: h\r\n\r\n"], b'"path": "/a b"'),
        ([b"POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\n", b"da", b"ta"], b'"body": 4'),
        ([b"POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 9000\r\n\r\n"], b"413"),
        (
            [
                b"POST /p HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n",
                b"x" * 2000 + b"\r\n0\r\n\r\n",
            ],
            b"413",
        ),
        ([b"GET /fails HTTP/1.1\r\nHost: h\r\n\r\n"], b"something failed"),
        ([b"\x16\x03\x01nonsense\r\n\r\n"], b""),
        ([b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"y" * 200_000], b""),
    ],
)
def test_the_small_server_answers_or_hangs_up(said, expected):
    got = asyncio.run(ask(echo, *said))
    assert expected in got if expected else not got
    assert b"concern" not in got


def test_two_requests_on_one_connection():
    said = b"GET /one HTTP/1.1\r\nHost: h\r\n\r\n"
    got = asyncio.run(ask(echo, said + said.replace(b"one", b"two")))
    assert b"/one" in got and b"/two" in got
