"""Real files, where they are at hand: every item read, no problem, half a file salvaged."""

import os
from pathlib import Path

import pytest

from varangian.intelligence.feeds import parse

SHARED = os.environ.get("VARANGIAN_SHARED_DATA", "")
FILES = {
    "travel/gdacs_gdacs-1.xml": ("gdacs", 4),
    "travel/usgs_earthquakes-1.json": ("usgs", 3),
    "text/samples/gdacs-rss.xml": ("gdacs", 16),
    "text/samples/cap_australia.cap": ("cap", 1),
    "text/samples/cap_canada_signed.cap": ("cap", 1),
    "text/samples/cap_earthquake.cap": ("cap", 1),
}


@pytest.mark.skipif(not SHARED, reason="VARANGIAN_SHARED_DATA is not set")
@pytest.mark.parametrize("name", FILES)
def test_real_files(name):
    result = parse((Path(SHARED) / name).read_bytes())
    assert (result.kind, len(result.items)) == FILES[name]
    assert result.problems == []
    assert all(not item.geometry.is_empty and item.updated_at for item in result.items)
