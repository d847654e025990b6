"""Whatever a camera sends as SOAP: words that can be kept and shown, or one error of ours."""

import contextlib
import json

from hypothesis import given, settings
from hypothesis import strategies as some

from varangian.surveillance.onvif import finding, soap
from varangian.surveillance.onvif.topics import States, notices

TAGS = some.sampled_from(
    [
        *("NotificationMessage", "Topic", "Message", "Source", "Data", "SimpleItem", "Key"),
        *("ProbeMatch", "Scopes", "XAddrs", "RelatesTo", "Fault", "ReferenceParameters"),
    ]
)
WORDS = some.one_of(
    some.text(some.characters(exclude_categories=("Cs", "Cc")), max_size=12),
    some.sampled_from(
        [
            *("a:RuleEngine/CellMotionDetector/Motion", "VideoSource/MotionAlarm", "true", "MARK"),
            *("http://[", "http://1.2.3.4:99999/x", "onvif://www.onvif.org/name/%ff%00", "State"),
        ]
    ),
)


def element(tag: str, words: str, name: str, value: str, inner: list[str]) -> str:
    esc = soap.escape
    head = f"{tag} Name={soap.quoteattr(name)} Value={soap.quoteattr(value)}"
    return f"<{head} UtcTime={soap.quoteattr(words)}>{esc(words)}{''.join(inner)}</{tag}>"


LEAF = some.builds(element, TAGS, WORDS, WORDS, WORDS, some.just([]))
TREES = some.recursive(
    LEAF,
    lambda inner: some.builds(element, TAGS, WORDS, WORDS, WORDS, some.lists(inner, max_size=4)),
    max_leaves=20,
)


@given(TREES)
@settings(max_examples=150, deadline=None)
def test_events_can_be_kept(text):
    root, states = soap.read(text.encode()), States()
    for notice in notices(root):
        told = states.hear(notice)
        if told is not None:
            assert told.name and len(told.detail.get("words", "")) <= 120
            assert json.dumps(told.detail).encode().isascii()
            assert told.detail.get("words", "").isprintable()
    assert soap.refusal(root) is not None
    with contextlib.suppress(soap.Unreadable):
        soap.echoed(root)


@given(TREES | some.binary(max_size=60).map(lambda data: data.decode("latin-1")))
@settings(max_examples=150, deadline=None)
def test_answers_to_a_probe_lead_to_whoever_sent_them(text):
    for one in finding.matches(text.encode(), "192.0.2.7", "MARK"):
        assert one.address.startswith(("http://192.0.2.7/", "http://192.0.2.7:", "https://192.0."))
        assert one.name.isprintable() and len(one.name) <= 60
