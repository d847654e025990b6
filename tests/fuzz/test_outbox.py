"""Whatever a phone sends is read or refused in words."""

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.protection.services.outbox import OLDEST, _on_our_clock
from varangian.protection.shapes.acts import acts_of

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
ACT = st.fixed_dictionaries(
    {},
    optional={
        "key": st.uuids().map(str) | LEAVES,
        "seq": st.integers(0, 2**60) | LEAVES,
        "kind": LEAVES,
        "at": st.datetimes().map(lambda at: f"{at.isoformat()}+00:00") | LEAVES,
        "body": st.dictionaries(st.text(), ANYTHING, max_size=3) | ANYTHING,
    },
)


@given(
    st.lists(ACT, max_size=3) | ANYTHING, st.timedeltas(timedelta(days=-8e4), timedelta(days=8e4))
)
def test_acts_are_read_or_refused(rows, ahead):
    present = now()
    try:
        acts = acts_of(json.loads(json.dumps(rows)), "d" * 32, {})
    except Refused:
        return
    for act in acts:
        ours = _on_our_clock(act, ahead, present)
        assert present - OLDEST <= ours.at <= present
