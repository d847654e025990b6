"""Whatever is published, the gateway says what it is or passes over it."""

from hypothesis import given
from hypothesis import strategies as some

from varangian.tracking.gateway.topics import meaning

WORDS = some.sampled_from(
    [
        *("owntracks", "msh", "json", "shellies", "zigbee2mqtt", "bridge", "availability"),
        *("events", "rpc", "input_event", "online", "sensor", "battery", "0", "!deadbeef", ""),
    ]
)
PAYLOADS = some.one_of(
    some.binary(max_size=200),
    some.recursive(
        some.none() | some.booleans() | some.floats() | some.text(max_size=10),
        lambda inner: (
            some.lists(inner, max_size=3)
            | some.dictionaries(
                some.sampled_from(
                    ["event", "event_cnt", "params", "events", "action", "battery", "ts"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=8,
    ).map(lambda value: __import__("json").dumps(value).encode()),
)


@given(some.lists(WORDS | some.text(max_size=8), max_size=14).map("/".join), PAYLOADS)
def test_any_message_has_a_meaning_or_none(topic, payload):
    meaning(topic, payload)
