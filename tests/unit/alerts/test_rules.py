"""Escalation: after how long, how high, how often."""

from datetime import UTC, datetime, timedelta

import pytest

from varangian.alerts import rules

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("urgency", ["inform", "attention", "now"])
def test_every_urgency_has_its_step_and_none_sinks(urgency):
    step = rules.escalation().of(urgency)
    assert not rules.rises(step.raise_to, urgency)


@pytest.mark.parametrize(
    ("urgency", "minutes", "escalations", "expected"),
    [
        ("attention", 14, 0, False),
        ("attention", 15, 0, True),
        ("now", 4, 0, False),
        ("now", 5, 0, True),
        ("now", 5, 12, True),
        ("now", 500, 13, False),
    ],
)
def test_due(urgency, minutes, escalations, expected):
    step, since = rules.escalation().of(urgency), NOW - timedelta(minutes=minutes)
    due = rules.due(step, urgency=urgency, since=since, escalations=escalations, at=NOW)
    assert due is expected
