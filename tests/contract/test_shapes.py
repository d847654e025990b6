"""The schema of the API has one table of shapes: two of one name would describe each other."""

from collections import Counter

from ninja import Schema

from varangian.config.api import api


def own(kind: type[Schema]) -> list[type[Schema]]:
    return [one for sub in kind.__subclasses__() for one in (sub, *own(sub))]


def test_no_two_shapes_share_a_name():
    assert api.urls, "all routers are loaded"
    names = Counter(one.__name__ for one in set(own(Schema)) if one.__module__.startswith("varang"))
    assert len(names) > 50
    assert [name for name, count in names.items() if count > 1] == []
