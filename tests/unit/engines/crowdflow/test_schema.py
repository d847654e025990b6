"""The schema and the reader say the same; docs/reference holds the schema."""

import json
from pathlib import Path

from tests.unit.engines.crowdflow.plans import hall

from varangian.engines.crowdflow.venue import schema
from varangian.engines.crowdflow.venue.profile import KINDS

REFERENCE = Path(__file__).parents[4] / "docs" / "reference" / "venue.schema.json"


def test_the_reference_holds_the_schema():
    assert json.loads(REFERENCE.read_text()) == schema()


def test_each_kind_is_there_with_its_properties():
    ways = schema()["properties"]["features"]["items"]["oneOf"]
    assert [way["title"] for way in ways] == list(KINDS)
    door = next(way for way in ways if way["title"] == "door")["properties"]["properties"]
    assert door["properties"]["kind"] == {"const": "door"} and not door["additionalProperties"]


def test_a_plan_of_the_tests_uses_only_what_the_schema_knows():
    ways = {w["title"]: w for w in schema()["properties"]["features"]["items"]["oneOf"]}
    for one in hall()["features"]:
        way = ways[one["properties"]["kind"]]["properties"]
        assert set(one["properties"]) <= set(way["properties"]["properties"])
        shapes = [g["properties"]["type"]["const"] for g in way["geometry"]["oneOf"]]
        assert one["geometry"]["type"] in shapes
