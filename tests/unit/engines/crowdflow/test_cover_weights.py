"""What places count when posts are chosen: usual values, bounds, an own file."""

import pytest
from tests.unit.engines.crowdflow.plans import feature, hall, text

from varangian.engines.crowdflow.cover import Ask, Weights, cover, known_weights, weights_from
from varangian.engines.crowdflow.cover.weights import CoverWeights
from varangian.engines.crowdflow.venue import read_venue
from varangian.kernel.library import parse_yaml
from varangian.kernel.results import Refused


def test_usual_values_and_bounds():
    assert Weights() == Weights(1, 1, 3, 60, 120, 20) == weights_from(None) == weights_from({})
    assert weights_from({"out": 5, "zone": None}) == Weights(out=5)
    for wrong in (
        {"colour": 1},
        {"out": -1},
        {"out": 21},
        {"zone": "many"},
        {"zone": float("nan")},
    ):
        with pytest.raises(Refused):
            weights_from(wrong)
    with pytest.raises(Refused, match="way out cannot count 50"):
        Ask(posts=1, weights=Weights(out=50)).refuse()


def test_a_weight_draws_the_post():
    """One post, a short reach: to the rope line or to the stay, as it is weighed."""
    document = hall()
    document["features"] = [
        one for one in document["features"]
        if one["properties"]["kind"] not in ("stage", "vehicle", "safe_room", "zone")
    ]  # fmt: skip
    for one in document["features"]:
        one["properties"].pop("entrance", None)
    document["features"] += [
        feature("rope", "way", "LineString", [[5, 4], [12, 4]], name="Rope", rope=True),
        feature("seat", "stay", "Point", [36, 20], name="Seat", minutes=0.4),
    ]
    venue = read_venue(text(document)).venue

    def sees(**weights):
        ask = Ask(posts=1, reach=8.0, weights=Weights(entrance=0, zone=0, **weights))
        found = cover(venue, ask)
        return {row.name for row in found.unseen}

    assert "Seat" in sees(rope=5.0) and "Rope" not in sees(rope=5.0)
    assert "Seat" not in sees(stay=5.0) and "Rope" in sees(stay=5.0)


def test_an_own_file_names_each_once():
    rows = [weight.model_dump() for weight in known_weights().values()]
    head = "format: 1\nversion: own\nreviewed: 2026-12-01\nweights:\n"

    def file(given):
        return head + "".join(
            "  - {" + ", ".join(f"{k}: {v!r}" for k, v in row.items()) + "}\n" for row in given
        )

    assert len(parse_yaml(file(rows), "own.yaml", CoverWeights).weights) == 6
    with pytest.raises(Refused, match="once"):
        parse_yaml(file(rows[:-1]), "own.yaml", CoverWeights)
    with pytest.raises(Refused, match="bounds"):
        parse_yaml(file([rows[0] | {"value": 99}, *rows[1:]]), "own.yaml", CoverWeights)
