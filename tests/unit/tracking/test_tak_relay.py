"""Who hears what."""

from dataclasses import dataclass, field
from uuid import uuid4

import pytest

from varangian.tracking.tak import cot, proto
from varangian.tracking.tak.relay import Relay

TEAM, OTHERS = uuid4(), uuid4()


@dataclass(eq=False)
class Client:
    relay: Relay
    name: str
    circle: object = TEAM
    device: object = field(default_factory=uuid4)
    protobuf: bool = False
    slow: bool = False
    shares: bool = True
    kind: str = ""
    uid: str = ""
    callsign: str = ""
    got: bytes = b""

    def send(self, data):
        self.got += data

    def send_parts(self, parts):
        self.got += b"".join(parts)

    def come(self):
        self.relay.join(self)
        self.relay.name(self, position(self.name))
        self.say(position(self.name))
        return self

    def say(self, event):
        self.relay.hear(self, event)

    def heard(self):
        self.relay.tick()
        got, self.got = self.got, b""
        return got


def position(name, at="2026-11-24T10:00:00Z", uid=""):
    return cot.parse(
        f'<event uid="{uid or name}" type="a-f-G-U-C" time="{at}" start="{at}" stale="{at}">'
        f'<point lat="60" lon="24" hae="0" ce="5" le="5"/>'
        f'<detail><contact callsign="{name}"/></detail></event>'.encode()
    )


def chat(to="", uid="chat-1", at="2026-11-24T10:00:05Z"):
    marti = f'<marti><dest callsign="{to}"/></marti>' if to else ""
    return cot.parse(
        f'<event uid="{uid}" type="b-t-f" time="{at}"><point lat="0" lon="0"/>'
        f"<detail>{marti}<remarks>see you at the quay</remarks></detail></event>".encode()
    )


def beacon(kind="b-a-o-tbl", at="2026-11-24T10:00:06Z"):
    return cot.parse(
        f'<event uid="A-9-1-1" type="{kind}" time="{at}" stale="{at}"><point lat="60" lon="24"/>'
        f'<detail><emergency/><marti><dest callsign="B"/></marti></detail></event>'.encode()
    )


@pytest.fixture
def relay():
    return Relay()


@pytest.fixture
def team(relay):
    found = [Client(relay, name).come() for name in "ABC"]
    for one in found:
        one.heard()
    return found


def test_everyone_of_the_group_hears_it_as_it_was_written_and_the_sender_does_not(relay, team):
    a, b, c = team
    stranger = Client(relay, "X", circle=OTHERS).come()
    stranger.heard()
    said = position("A", "2026-11-24T10:00:01Z")
    a.say(said)
    assert (a.heard(), b.heard(), c.heard(), stranger.heard()) == (b"", said.raw, said.raw, b"")


def test_in_one_tick_each_gets_all_but_its_own(relay, team):
    said = [position(one.name, "2026-11-24T10:00:02Z") for one in team]
    for one, event in zip(team, said, strict=True):
        one.say(event)
    relay.tick()
    assert team[1].got == said[0].raw + said[2].raw


def test_whoever_comes_later_sees_who_is_here(relay, team):
    late = Client(relay, "D").come()
    got = late.heard()
    assert all(f'uid="{name}"'.encode() in got for name in "ABC")


def test_a_message_to_one_reaches_one_and_only_in_the_own_group(relay, team):
    a, b, c = team
    namesake = Client(relay, "B", circle=OTHERS).come()
    namesake.heard()
    a.say(chat(to="B"))
    assert b"quay" in b.heard()
    assert not c.heard() and not namesake.heard()


def test_a_call_for_help_waits_for_no_tick_and_names_all(relay, team):
    a, b, c = team
    c.slow = True
    a.say(beacon())
    assert b"9-1-1" in b.got and b"9-1-1" in c.got


def test_a_call_for_help_outlives_its_stale_time_until_it_is_taken_back(relay, team):
    team[0].say(beacon())
    late = Client(relay, "D")
    relay.join(late)
    assert b"9-1-1" in late.got, "also for a client that has not said who it is"
    team[0].say(beacon("b-a-o-can", "2026-11-24T10:01:00Z"))
    later = Client(relay, "E")
    relay.join(later)
    assert b"9-1-1" not in later.got and b"b-a-o-can" in team[1].got


def test_what_comes_back_over_a_bridge_is_not_sent_again(relay, team):
    a, b, c = team
    said = position("A", "2026-11-24T10:00:03Z")
    a.say(said)
    a.heard(), b.heard(), c.heard()
    b.say(cot.parse(said.raw))
    b.say(cot.parse(said.raw.replace(b"<point", b" <point")))
    assert (a.heard(), c.heard(), relay.counts["looped"]) == (b"", b"", 2)


def test_nobody_speaks_as_somebody_who_is_here_or_erases_them(relay, team):
    a, b, c = team
    thief = Client(relay, "T").come()
    for one in (*team, thief):
        one.heard()
    thief.say(position("A", "2026-11-24T10:00:09Z"))
    told = cot.gone("A", "a-f-G-U-C", cot.moment("2026-11-24T10:00:09Z"))
    thief.say(cot.parse(told))
    assert not b.heard() and relay.counts["usurped"] == 2


def test_a_device_that_does_not_share_is_there_without_a_place(relay, team):
    a, b, _ = team
    a.shares = False
    a.say(position("A", "2026-11-24T10:00:04Z"))
    shown = cot.parse(b.heard())
    assert (shown.uid, shown.callsign, shown.point) == ("A", "A", None)
    a.say(chat(to="B"))
    assert b"quay" in b.heard()
    a.say(beacon())
    assert b'lat="60"' in b.heard(), "a call for help says where"


def test_a_slow_reader_misses_positions_but_no_message(relay, team):
    a, b, _ = team
    b.slow = True
    a.say(position("A", "2026-11-24T10:00:07Z"))
    a.say(chat())
    got = b.heard()
    assert b"quay" in got and b'type="a-f' not in got
    b.slow = False
    relay.refresh(b)
    assert b'uid="A"' in b.heard()


def test_protobuf_for_whoever_asked_for_it(relay, team):
    a, b, c = team
    b.protobuf = True
    said = position("A", "2026-11-24T10:00:08Z")
    a.say(said)
    relay.tick()
    assert b.got == proto.encode(said) and c.got == said.raw


def test_who_leaves_is_told_of_unless_it_came_again(relay, team):
    a, b, _ = team
    again = Client(relay, "A", device=a.device)
    relay.join(again)
    relay.name(again, position("A"))
    assert not relay.leave(a)
    assert relay.leave(b)


def test_the_tick_grows_with_the_crowd(relay):
    assert relay.pause() == 0.05
    for number in range(300):
        relay.join(Client(relay, str(number)))
    assert relay.pause() == pytest.approx(0.18)
