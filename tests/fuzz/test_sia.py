"""Whatever an alarm panel or somebody in its place sends: a message, or one of the refusals."""

import string
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from varangian.surveillance.sensors import sia

NOW = datetime(2026, 11, 30, 14, 12, 4, tzinfo=UTC)
KEYS = some.sampled_from(["", "00112233445566778899aabbccddeeff", "0f" * 24, "a1" * 32])
LATIN = some.text(some.characters(max_codepoint=255), max_size=60)
HEX = some.text(string.hexdigits, max_size=80)
STAMPS = some.one_of(
    some.just(""),
    LATIN,
    some.builds(
        lambda seconds: f"_{NOW + timedelta(seconds=seconds):%H:%M:%S,%m-%d-%Y}",
        some.integers(-90, 90),
    ),
    some.builds("_{:02}:{:02}:{:02},{:02}-{:02}-{:04}".format, *[some.integers(0, 99)] * 6),
)
KINDS = some.sampled_from(["SIA-DCS", "ADM-CID", "NULL", "ACK", "OH"]) | some.text(
    string.ascii_uppercase + string.digits + "-", min_size=2, max_size=12
)
TEXTS = some.one_of(
    LATIN,
    some.sampled_from(["#1234|Nri1/BA01", "#1234|1130 01 015", "1234|NHA003", "|", "]", "[", "|]"]),
)


@some.composite
def frames(draw):
    """With a right sum: what a panel that means it could send."""
    star = draw(some.sampled_from(["", "*"]))
    head = f'"{star}{draw(KINDS)}"{draw(some.integers(0, 9999)):04d}'
    receiver = draw(some.sampled_from(["", "R0", "RABCDEF"]))
    account = draw(some.text(string.ascii_letters + string.digits, min_size=3, max_size=16))
    body = draw(HEX) if star else f"{draw(TEXTS)}]{draw(STAMPS)}"
    return sia.frame(f"{head}{receiver}L0#{account}[{body}")


def swallowed(frame, key):
    """What the receiver does with it, without its database."""
    try:
        message = sia.read(frame)
    except sia.Garbled:
        return None
    with suppress(sia.Stale, sia.Unusable):
        told = sia.happened(message, key, NOW)
        assert "\0" not in told.code + told.zone and told.words is not None
        if told.at is not None:
            assert -sia.BEHIND_S <= (told.at - NOW).total_seconds() <= sia.AHEAD_S
    if message.encrypted == bool(key):
        assert sia.acknowledge(message, key, NOW).endswith(b"\r")
    assert sia.unable(message).startswith(b"\n")
    return message


@given(some.binary(max_size=1200), KEYS)
def test_any_bytes_are_a_message_or_get_no_answer(data, key):
    swallowed(data, key)


@given(frames(), KEYS)
def test_any_message_with_a_right_sum_is_understood_or_refused(frame, key):
    message = swallowed(frame, key)
    if message is not None:
        assert len(frame) <= sia.MOST and "\0" not in message.account


@given(frames(), some.data())
def test_one_changed_byte_is_never_another_message(frame, data):
    """The sum finds it, or the change lies before it begins: a line feed, a letter's case."""
    at = data.draw(some.integers(1, len(frame) - 2))
    byte = data.draw(some.integers(0, 255).filter(lambda one: one != frame[at]))
    changed = frame[:at] + bytes([byte]) + frame[at + 1 :]
    try:
        first, second = sia.read(frame), sia.read(changed)
    except sia.Garbled:
        return
    assert first == second


@given(frames().filter(lambda frame: b'"*' in frame[:12]), KEYS.filter(bool))
def test_what_was_sealed_with_no_key_of_ours_is_not_opened(frame, key):
    try:
        message = sia.read(frame)
    except sia.Garbled:
        return
    with pytest.raises((sia.Unusable, sia.Stale)):
        sia.happened(message, key, NOW)
