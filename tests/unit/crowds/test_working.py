"""A run says to which vehicle or safe room no way leads."""

from tests.unit.engines.crowdflow.plans import feature, hall, text

from varangian.crowds.working import Wish, work
from varangian.engines.crowdflow.venue import read_venue


def test_a_safe_room_that_no_way_leads_to_is_told():
    document = hall()
    document["features"] += [
        feature("car", "vehicle", "Point", [46, 6]),
        feature("far", "safe_room", "Point", [60, 12], name="Annexe"),
    ]
    made = work(read_venue(text(document)).venue, Wish(people=50, runs=1), lambda *_: None)
    assert "No way leads to the safe room far (Annexe)" in made.result["after"]["notes"]
