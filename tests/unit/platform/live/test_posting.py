"""What a device is told that posts to its address."""

import asyncio
import json
from contextlib import nullcontext

import pytest
from django.db import OperationalError

from varangian.kernel.results import Refused
from varangian.platform.access.services import digest
from varangian.platform.live import posting
from varangian.platform.live.posting import MOST_BYTES, Posting


@pytest.fixture(autouse=True)
def without_a_transaction(monkeypatch):
    monkeypatch.setattr(posting, "as_house", lambda purpose: nullcontext())


class Garbled(ValueError):
    pass


def read(body: bytes) -> str:
    if body == b"?":
        raise Garbled("say it in letters")
    return body.decode()


def posted(keep, body=b"yes", method="POST", parts=1):
    door = Posting("/tell/", "gate", "what you saw", read, Garbled, keep)
    size = max(1, len(body) // parts)
    pieces = [body[at : at + size] for at in range(0, len(body), size)] or [b""]
    waiting = [
        {"type": "http.request", "body": piece, "more_body": number < len(pieces)}
        for number, piece in enumerate(pieces, start=1)
    ]
    told = []

    async def receive():
        return waiting.pop(0)

    async def send(message):
        told.append(message)

    scope = {"method": method, "path": "/tell/secret"}
    asyncio.run(door.answer(scope, receive, send))
    return told[0]["status"], json.loads(told[1]["body"]), dict(told[0]["headers"])


def test_what_comes_in_pieces_is_kept_under_the_digest_of_the_token():
    heard = []
    status, words, _ = posted(lambda *given: heard.append(given) or 3, b"all of it", parts=4)
    assert (status, words) == (200, {"kept": 3})
    assert heard == [(digest("secret"), "all of it")]


@pytest.mark.parametrize(
    ("body", "method", "status", "words"),
    [
        (b"yes", "GET", 405, "POST what you saw"),
        (b"?", "POST", 400, "say it in letters"),
        (b"x" * (MOST_BYTES + 1), "POST", 413, "more than 64 kB"),
        (b"yes", "POST", 404, "no gate has this address"),
    ],
)
def test_refusals_are_in_words(body, method, status, words):
    answer = posted(lambda *_: None, body, method)
    assert answer[0] == status and words in answer[1]["error"]


def test_a_refusal_of_the_feature_keeps_its_words():
    def keep(*_):
        raise Refused("The gate is not open")

    status, words, _ = posted(keep)
    assert status == Refused("x").status and words["error"] == "The gate is not open."


def test_without_a_database_the_device_is_asked_to_come_again():
    def keep(*_):
        raise OperationalError("away")

    status, words, heads = posted(keep)
    assert status == 503 and "send it again" in words["error"] and heads[b"retry-after"] == b"5"
