"""A network in a file, and back."""

import io
import pickle
from dataclasses import fields

import numpy as np
import pytest

pytest.importorskip("scipy")

from varangian.engines.routing import city, store
from varangian.engines.routing.errors import BadMap
from varangian.engines.routing.graph import Graph


def test_what_was_saved_is_read(tmp_path):
    town = city.build()
    path = tmp_path / "town.npz"
    store.save(town, path)
    again = store.read(path)
    for one in fields(Graph):
        here, there = getattr(town, one.name), getattr(again, one.name)
        same = np.array_equal(here, there) if isinstance(here, np.ndarray) else here == there
        assert same, one.name
    assert store.read(io.BytesIO(store.packed(town))).sites == town.sites


def test_damage_and_pickles_are_refused(tmp_path):
    path = tmp_path / "town.npz"
    for data in (b"", b"nothing", pickle.dumps({"a": 1}), store.packed(city.build())[:900]):
        path.write_bytes(data)
        with pytest.raises(BadMap):
            store.read(path)
    np.savez(path, words=np.array([{"form": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(BadMap):
        store.read(path)
