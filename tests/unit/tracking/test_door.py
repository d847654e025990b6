"""The address of the ingest as an ASGI application; the tables are played."""

import asyncio
import json

import psycopg
import pytest

from varangian.kernel.ids import new_id
from varangian.tracking import door
from varangian.tracking.intake import Unwritten
from varangian.tracking.tokens import Bearer

ME = Bearer(new_id(), "owntracks", new_id(), revoked=False)
PLACE = {"_type": "location", "lat": 60.17, "lon": 24.94, "tst": 1700000000}


class Played:
    """What the door asked of the tables, in order."""

    def __init__(self) -> None:
        self.did: list[tuple] = []
        self.reasons: list[str] | None = None
        self.error: Exception | None = None
        self.bearer_ = ME
        self.desk = self

    async def bearer(self, secret):
        return self.bearer_ if secret == "right" else None

    async def nodes(self, operation_id):
        return {"!00000001": new_id()}

    async def do(self, work):
        self.did.append(("complain", work.keywords["reason"]))

    async def put(self, fixes):
        if self.error:
            raise self.error
        self.did.append(("put", len(fixes)))
        return self.reasons or [""] * len(fixes)

    def call(self, **given):
        self.did.append(("sos", given["key"], given["position"]))


@pytest.fixture
def played(monkeypatch) -> Played:
    made = Played()
    monkeypatch.setattr(door, "tokens", made)
    monkeypatch.setattr(door, "put", made.put)
    monkeypatch.setattr(door, "hear_sos", made.call)
    return made


def ask(path="/ingest/right", body=b"", method="POST", query=b"", parts=None):
    sent = []

    async def run():
        waiting = list(parts or [body])

        async def receive():
            part = waiting.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(waiting)}

        async def send(message):
            sent.append(message)

        scope = {"method": method, "path": path, "headers": [], "query_string": query}
        await door.answer(scope, receive, send)

    asyncio.run(run())
    return sent[0]["status"], sent[1]["body"]


def test_a_position_is_answered_as_its_application_wants(played):
    assert ask(body=json.dumps(PLACE).encode()) == (200, b"[]")
    status, body = ask(query=b"lat=1&lon=2", method="GET")
    assert (status, body) == (200, b"")
    node = {"type": "position", "from": 1, "payload": {"latitude_i": 1, "longitude_i": 1}}
    assert json.loads(ask(body=json.dumps(node).encode())[1]) == {"kept": 1, "refused": {}}
    assert played.did == [("put", 1)] * 3


def test_strangers_and_what_cannot_be_read(played):
    assert ask("/ingest/wrong")[0] == 404
    assert ask("/ingest/")[0] == 404
    assert ask(method="DELETE")[0] == 405
    assert ask(body=b"{}")[0] == 400
    assert ask(parts=[b"x" * 1024 * 1024] * 3)[0] == 413
    assert played.did == [("complain", "unreadable")]


def test_a_node_that_is_not_enrolled_is_told_of(played):
    node = {"type": "position", "from": 9, "payload": {"latitude_i": 1, "longitude_i": 1}}
    assert ask(body=json.dumps(node).encode())[0] == 200
    assert played.did == [("complain", "stranger"), ("put", 0)]


def test_a_withdrawn_token_is_told(played):
    played.reasons = ["expired"]
    assert ask(body=json.dumps(PLACE).encode())[0] == 401


@pytest.mark.parametrize("error", [Unwritten(), psycopg.OperationalError("away"), OSError()])
def test_what_was_not_kept_is_not_acknowledged(played, error):
    played.error = error
    assert ask(body=json.dumps(PLACE).encode())[0] == 503


def test_a_call_for_help_goes_before_everything_and_twice_is_the_same(played):
    query = b"lat=60&lon=24&timestamp=1700000000&alarm=sos"
    ask(query=query)
    ask(query=query)
    assert [what[0] for what in played.did] == ["sos", "put", "sos", "put"]
    assert played.did[0] == played.did[2] and played.did[0][2] == (60.0, 24.0)


def test_a_call_without_a_place_is_heard_and_one_of_a_withdrawn_device_is_not(played):
    ask(query=b"alarm=sos&lat=0&lon=0")
    ask(query=b"alarm=sos")
    assert [what[2] for what in played.did if what[0] == "sos"] == [None, None]
    played.did.clear()
    played.bearer_ = Bearer(ME.device_id, "osmand", ME.operation_id, revoked=True)
    ask(query=b"alarm=sos")
    assert played.did == [("put", 0)]
