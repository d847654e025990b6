"""Announcing: one entry in the log, one word to the screens, both with the transaction."""

import json

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo
from tests import factories

from varangian.kernel.ids import new_id
from varangian.log import queries as log
from varangian.platform.access.context import acting, current_actor, release
from varangian.platform.access.scope import SYSTEM
from varangian.platform.database.connect import owner_dsn
from varangian.platform.live.services import CHANNEL, publish
from varangian.platform.news.services import announce, announced

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return factories.person("Lea Leader")


@pytest.fixture
def operation(leader):
    return factories.operation(leader)


def say(operation, **fields):
    given = {
        "topic": "movements",
        "event": "changed",
        "text": "Leg 1 changed",
        "compartment_id": operation.compartment_id,
        "operation_id": operation.pk,
        **fields,
    }
    announce(**given)


def test_one_entry_in_the_log_with_who(leader, operation):
    before = log.entries(leader, operation).count()
    say(operation, actor=leader, record=("movement", new_id()))
    (entry, *_) = log.entries(leader, operation)
    assert log.entries(leader, operation).count() == before + 1
    assert entry.body["event"] == "Leg 1 changed" and entry.kind == "auto"


def test_the_actor_of_the_transaction_stands_in(leader, operation):
    release()
    heard = []
    receiver = lambda news, **_: heard.append(news)  # noqa: E731
    announced.connect(receiver)
    try:
        with acting(leader):
            say(operation)
        say(operation, actor=None)
    finally:
        announced.disconnect(receiver)
    assert heard[0].actor == leader and heard[1].actor is SYSTEM
    assert heard[0].at.utcoffset() is not None


def test_a_request_leaves_no_actor_behind(leader, operation):
    factories.signed_in(leader).get("/")
    assert current_actor() is SYSTEM


def test_news_of_no_operation_enters_no_log(leader, operation):
    before = log.entries(leader, operation).count()
    say(operation, operation_id=None)
    say(operation, text="  ")
    say(operation, operation_id=new_id())
    assert log.entries(leader, operation).count() == before


def test_screens_hear_ids_and_nothing_else(operation, monkeypatch):
    sent = []
    real = connection.cursor

    def spying():
        cursor = real()
        execute = cursor.execute

        def seen(statement, params=None):
            if "pg_notify" in str(statement):
                sent.append(json.loads(params[1]))
            return execute(statement, params)

        cursor.execute = seen
        return cursor

    monkeypatch.setattr(connection, "cursor", spying)
    record = new_id()
    say(operation, text="HERON goes to Villa Invented", record=("movement", record))
    heard = [one for one in sent if one["topic"] == "movements"]
    assert heard == [
        {
            "topic": "movements",
            "kind": "changed",
            "record": str(record),
            "compartment": str(operation.compartment_id),
        }
    ]
    assert "HERON" not in json.dumps(sent)


def test_screens_hear_nothing_before_the_transaction_is_done(operation):
    dsn = make_conninfo(owner_dsn() or "", dbname=connection.settings_dict["NAME"])
    with psycopg.connect(dsn, autocommit=True) as other:
        other.execute(f"listen {CHANNEL}")
        publish(topic="movements", compartment_id=operation.compartment_id)
        assert list(other.notifies(timeout=0.3, stop_after=1)) == []
