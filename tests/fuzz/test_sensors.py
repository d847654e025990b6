"""Whatever is posted to the address of a sensor: words that can be kept, or a refusal in words."""

import asyncio
import json

from hypothesis import example, given, settings
from hypothesis import strategies as some

from varangian.surveillance.sensors import door
from varangian.surveillance.sensors.reading import MOST_EVENTS, Unreadable, read, read_row

NAMES = some.sampled_from(
    [
        *("event", "state", "plate", "plate_number", "licensePlate", "camera", "camera_id", "id"),
        *("key", "at", "timestamp", "time", "last_seen", "battery", "words", "text", "occupancy"),
        *("contact", "after", "type", "label", "start_time", "end_time", "entered_zones"),
    ]
)
VALUES = some.one_of(
    some.none(), some.booleans(), some.integers(), some.floats(), some.text(max_size=20),
    some.sampled_from(
        [
            *("open", "tamper", "alive", "new", "end", "ABC-123", "window.broken", "\ud800", "\0"),
            *("2026-11-30T14:12:04Z", "2026-11-30T14:12:04", "1e400", "-1", "99999-01-01"),
        ]
    ),
)  # fmt: skip
ROWS = some.recursive(
    some.dictionaries(NAMES, VALUES, max_size=6),
    lambda inner: some.dictionaries(
        NAMES, VALUES | inner | some.lists(VALUES | inner, max_size=3), max_size=6
    ),
    max_leaves=12,
)


def storable(text: str) -> bool:
    """As the database takes text: UTF-8 without a nought."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def sound(told) -> None:
    assert len(told.name) <= 62 and len(told.key) <= 80 and len(told.camera) <= 80
    for text in (told.name, told.key, told.camera, json.dumps(told.detail, ensure_ascii=False)):
        assert storable(text), text
    assert told.at is None or told.at.tzinfo is not None
    if told.at is not None:
        told.at.isoformat()


@given(some.binary(max_size=400))
def test_any_bytes_are_events_or_refused_in_words(body):
    try:
        found = read(body)
    except Unreadable as why:
        assert str(why)
        return
    for told in found:
        sound(told)


@settings(max_examples=300, deadline=None)
@example({"event": "open", "words": "a\ud800\0b", "id": "\0"})
@example({"plate": "ABC1", "camera": "\ud800\0"})
@example({"after": {"label": "\0", "camera": "\0", "id": "\ud800"}, "type": "new"})
@given(ROWS | some.lists(ROWS | VALUES, max_size=MOST_EVENTS + 2) | VALUES)
def test_any_json_is_events_or_refused_in_words(given_):
    try:
        found = read(json.dumps(given_).encode())
    except Unreadable as why:
        assert str(why)
        return
    assert found
    for told in found:
        sound(told)


@given(ROWS | VALUES)
def test_what_the_gateway_hands_over_is_read_or_refused(row):
    try:
        for told in read_row(row):
            sound(told)
    except Unreadable as why:
        assert str(why)


@given(some.text(max_size=60), some.lists(some.binary(max_size=200), max_size=4), some.booleans())
def test_the_door_answers_whatever_comes_in_pieces(path, parts, broken_off):
    """Nothing here reaches a database: only what is refused before it is held against a sensor."""
    messages = [
        {"type": "http.request", "body": part, "more_body": number < len(parts) - 1}
        for number, part in enumerate(parts)
    ] or [{"type": "http.request", "body": b"", "more_body": False}]
    if broken_off:
        messages[-1] = {"type": "http.disconnect"}
    told, body = [], b"".join(one.get("body", b"") for one in messages)
    scope = {"method": "POST", "path": door.SENSORS.prefix + path}

    async def receive():
        return messages.pop(0)

    async def send(message):
        told.append(message)

    try:
        read(body)
    except Unreadable:
        asyncio.run(door.SENSORS.answer(scope, receive, send))
        assert told[0]["status"] == 400 and json.loads(told[1]["body"])["error"]
