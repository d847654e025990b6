"""The stream: who hears what, slow readers, strangers, and pages that are not ours."""

import asyncio
import json

import pytest
from django.contrib.sessions.backends.db import SessionStore
from tests import factories

from varangian.kernel.ids import new_id
from varangian.platform.access.models import Membership
from varangian.platform.access.roles import Role
from varangian.platform.live import app as live
from varangian.platform.live import reach
from varangian.platform.live.hub import QUEUE, Hub, Listener
from varangian.platform.live.reach import listener_for

COOKIE = b"__Host-session=abc"


def news(compartment=None, **fields) -> dict:
    given = {"topic": "movements", "kind": "changed", "record": None, **fields}
    return {**given, "compartment": str(compartment) if compartment else None}


def drained(listener: Listener) -> list[dict]:
    return [listener.queue.get_nowait() for _ in range(listener.queue.qsize())]


def test_one_hears_of_ones_own_compartments_and_of_the_house():
    mine, theirs = new_id(), new_id()
    listener = Listener(new_id(), frozenset({mine}))
    for place in (mine, theirs, None):
        listener.hear(news(place, record=str(place)))
    heard = drained(listener)
    assert [one["record"] for one in heard] == [str(mine), "None"]
    assert all(set(one) == {"topic", "kind", "record"} for one in heard)


def test_a_slow_reader_loses_the_oldest():
    listener = Listener(new_id(), frozenset())
    for number in range(QUEUE + 7):
        listener.hear(news(record=str(number)))
    heard = drained(listener)
    assert len(heard) == QUEUE
    assert (heard[0]["record"], heard[-1]["record"]) == ("7", str(QUEUE + 6))


def test_a_slow_reader_never_loses_duress():
    listener = Listener(new_id(), frozenset())
    listener.hear(news(topic="duress", record="first"))
    for number in range(3 * QUEUE):
        listener.hear(news(record=str(number)))
    heard = drained(listener)
    assert len(heard) == QUEUE
    assert (heard[0]["record"], heard[-1]["record"]) == ("first", str(3 * QUEUE - 1))


def test_who_is_in_an_exercise_hears_of_duress_in_life_and_of_nothing_else():
    life = new_id()
    listener = Listener(new_id(), frozenset(), urgent=frozenset({life}))
    listener.hear(news(life))
    listener.hear(news(life, topic="duress"))
    assert [one["topic"] for one in drained(listener)] == ["duress"]


def test_the_hub_spreads_and_is_not_hurt_by_nonsense():
    hub, listener = Hub(), Listener(new_id(), frozenset())
    hub.listeners.add(listener)
    hub.spread("no json")
    hub.spread(json.dumps(news()))
    assert len(drained(listener)) == 1


@pytest.fixture
def house(db, monkeypatch):
    """The database of the test, which ``listener_for`` must not close."""
    monkeypatch.setattr(reach, "close_old_connections", lambda: None)


def test_a_session_becomes_a_listener_of_its_compartments(house):
    user = factories.person()
    operation = factories.operation(user)
    outside = factories.operation()
    client = factories.signed_in(user)
    listener = listener_for(client.session.session_key)
    assert listener is not None and listener.user == user.pk
    assert operation.compartment_id in listener.compartments
    assert outside.compartment_id not in listener.compartments


def test_a_driver_hears_the_operation_and_not_the_engagement_above(house):
    operation = factories.operation()
    driver = factories.member(operation, Role.DRIVER)
    listener = listener_for(factories.signed_in(driver).session.session_key)
    assert listener is not None
    assert listener.compartments == {operation.compartment_id}
    Membership.objects.filter(user=driver).delete()
    fresh = listener_for(factories.signed_in(driver).session.session_key)
    assert fresh is not None and fresh.compartments == frozenset()


def test_who_gets_no_stream(house):
    user = factories.person()
    key = factories.signed_in(user).session.session_key
    user.is_active = False
    user.save()
    empty = SessionStore()
    empty.create()
    for session in (key, "", "nonsense", "x" * 400, empty.session_key):
        assert listener_for(session) is None


class Call:
    """One request of a browser, answered by the application itself."""

    def __init__(self, path="/live", method="GET", headers=()) -> None:
        self.scope = {"type": "http", "path": path, "method": method, "headers": list(headers)}
        self.sent: list[dict] = []
        self.left = asyncio.Event()

    async def receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        self.sent.append(message)

    async def ask(self):
        await asyncio.wait_for(live.application(self.scope, self.receive, self.send), 5)
        return self

    @property
    def status(self) -> int:
        return self.sent[0]["status"]

    @property
    def headers(self) -> dict[str, str]:
        return {k.decode(): v.decode() for k, v in self.sent[0]["headers"]}

    @property
    def body(self) -> str:
        return b"".join(m.get("body", b"") for m in self.sent[1:]).decode()


def ask(**given) -> Call:
    async def asked():
        return await Call(**given).ask()

    return asyncio.run(asked())


@pytest.fixture
def nobody(monkeypatch):
    monkeypatch.setattr(live, "listener_for", lambda session: None)


@pytest.fixture
def somebody(monkeypatch):
    listener = Listener(new_id(), frozenset())
    monkeypatch.setattr(live, "listener_for", lambda s: listener if s == "abc" else None)
    return listener


def test_without_a_session_there_is_no_stream(nobody):
    assert ask().status == 401
    assert ask(headers=[(b"cookie", b"other=1")]).status == 401


def test_only_two_addresses_answer(nobody):
    pulse = ask(path="/healthz")
    assert pulse.status == 200 and "live" in json.loads(pulse.body)
    for path, method in (("/", "GET"), ("/live", "POST"), ("/live/x", "GET")):
        assert ask(path=path, method=method).status == 404


@pytest.mark.parametrize(
    ("origin", "ours"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://127.0.0.1:9999", False),
        ("http://evil.example", False),
        ("https://127.0.0.1:8000", False),
        ("null", False),
        ("", False),
    ],
)
def test_only_our_own_pages_may_read_it(nobody, settings, origin, ours):
    settings.PORT, settings.CSRF_TRUSTED_ORIGINS = 8000, []
    head = [(b"host", b"127.0.0.1:8001"), (b"origin", origin.encode())]
    answer = ask(headers=head)
    assert answer.headers.get("access-control-allow-origin") == (origin if ours else None)
    assert ("access-control-allow-credentials" in answer.headers) == ours


def test_origins_behind_a_proxy(nobody, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://detail.example"]
    head = [(b"host", b"detail.example"), (b"origin", b"https://detail.example")]
    assert ask(headers=head).headers["access-control-allow-origin"] == "https://detail.example"


def test_a_stream_opens_tells_and_ends_with_its_reader(somebody):
    async def watched():
        call = Call(headers=[(b"cookie", COOKIE)])
        running = asyncio.create_task(
            live.application(call.scope, call.receive, call.send)  # type: ignore[arg-type]
        )
        while len(call.sent) < 2:
            await asyncio.sleep(0.01)
        assert somebody in live.hub.listeners
        live.hub.spread(json.dumps(news(record="r1")))
        while "r1" not in call.body:
            await asyncio.sleep(0.01)
        call.left.set()
        live.hub.spread(json.dumps(news(record="r2")))
        await asyncio.wait_for(running, 5)
        return call

    call = asyncio.run(watched())
    assert call.status == 200
    assert call.headers["content-type"] == "text/event-stream"
    assert call.headers["cache-control"] == "no-store"
    assert '"topic": "hello"' in call.body and '"record": "r1"' in call.body
    assert call.body.startswith("event: news\ndata: ")
    assert somebody not in live.hub.listeners


def test_a_silent_stream_has_a_pulse(somebody, monkeypatch):
    monkeypatch.setattr(live, "HEARTBEAT", 0.02)

    async def watched():
        call = Call(headers=[(b"cookie", COOKIE)])
        running = asyncio.create_task(live.application(call.scope, call.receive, call.send))
        while "event: pulse" not in call.body:
            await asyncio.sleep(0.01)
        call.left.set()
        await asyncio.wait_for(running, 5)

    asyncio.run(asyncio.wait_for(watched(), 5))


def test_who_was_shut_out_loses_the_stream(somebody, monkeypatch):
    monkeypatch.setattr(live, "HEARTBEAT", 0.02)
    monkeypatch.setattr(live, "REFRESH", 0.05)

    async def watched():
        call = Call(headers=[(b"cookie", COOKIE)])
        running = asyncio.create_task(live.application(call.scope, call.receive, call.send))
        while len(call.sent) < 2:
            await asyncio.sleep(0.01)
        monkeypatch.setattr(live, "listener_for", lambda session: None)
        await asyncio.wait_for(running, 5)

    asyncio.run(watched())
    assert somebody not in live.hub.listeners


def test_news_that_carries_its_data_reaches_those_who_may_see_it_newest_only():
    circle, other = new_id(), new_id()
    may, may_not = (
        Listener(new_id(), frozenset({circle}), {"positions": frozenset({circle})}),
        Listener(new_id(), frozenset({circle}), {"positions": frozenset({other})}),
    )

    async def run() -> list[bytes]:
        hub = Hub()
        hub.listeners |= {may, may_not}
        news = {"topic": "positions", "kind": "moved", "record": None, "compartment": str(circle)}
        for row in (["a", 1], ["b", 1], ["a", 2]):
            hub.spread(json.dumps({**news, "data": [row]}))
        await asyncio.sleep(0.15)
        hub.spread(json.dumps({**news, "data": [["a", 3]]}))
        await asyncio.sleep(0.15)
        assert may.queue.qsize() == 1, "a slow screen does not pile up"
        return [await may.next_event()]

    told = asyncio.run(run())
    assert json.loads(told[0].split(b"data: ")[1])["data"] == [["a", 3], ["b", 1]]
    assert may_not.queue.empty()
