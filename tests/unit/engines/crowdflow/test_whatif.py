"""Before and after by the same draws, and the move that buys most."""

import pytest
from tests.unit.engines.crowdflow.plans import get, hall

from varangian.engines.crowdflow.flow import Incident, Scenario, evacuate, what_if
from varangian.engines.crowdflow.flow.state import Surge
from varangian.engines.crowdflow.venue import read_venue
from varangian.kernel.results import Refused


def venue(document):
    return read_venue(document).venue


def test_to_unlock_a_door_buys_what_its_absence_costs():
    document = hall()
    get(document, "west")["properties"]["locked"] = True
    told = []
    found = what_if(
        venue(document), 900, Scenario(blocked=frozenset(["east"])), runs=8,
        tell=lambda step, share: told.append(share),
    )  # fmt: skip
    assert found.after.t95.p50 > found.before.t95.p50
    assert found.moves[0].what == "Unlock" and "west" in found.moves[0].where
    assert found.moves[0].bought > 20
    assert told == sorted(told) and told[-1] == pytest.approx(1)
    assert found.before_film.frames.shape[1] == found.after_film.frames.shape[1]


def test_to_hold_a_surge_is_tried():
    scenario = Scenario(surge=Surge("front", 300))
    found = what_if(venue(hall()), 800, scenario, runs=8)
    assert any(move.what == "Hold the crowd outside" for move in found.moves)


def test_an_incident_takes_its_floor_and_its_doors():
    place = venue(hall())
    calm = evacuate(place, 800, runs=4)
    there = evacuate(place, 800, runs=4, scenario=Scenario(incident=Incident((0, 6))))
    assert there.t95.p50 > calm.t95.p50
    assert "west" not in {door.id for door in there.exits if door.people.p90 > 0}
    with pytest.raises(Refused, match="off the floor"):
        evacuate(place, 800, runs=1, scenario=Scenario(incident=Incident((500, 500))))
