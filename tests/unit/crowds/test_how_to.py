"""The plan shown in the how-to is a sound one, and its claim is contradicted as told there."""

import re
from pathlib import Path

from varangian.engines.crowdflow.standards import capacities, contradictions, rules_of
from varangian.engines.crowdflow.venue import check, read_venue

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "check-a-venue-plan.md"


def test_the_plan_of_the_how_to():
    shown = re.search(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)
    read = read_venue(shown.group(1))
    assert [*read.findings, *check(read.venue)] == []
    rules = rules_of(read.venue.jurisdiction)
    (wrong,) = contradictions(read.venue, capacities(read.venue, rules), rules)
    assert wrong.computed == 2300
