"""The shipped base map: small, clean, and served in ranges."""

from pathlib import Path

import pytest
from whitenoise import WhiteNoise

import varangian

MAP = Path(varangian.__file__).parent / "platform/ui/static/map"
WORLD = MAP / "world.pmtiles"
Answer = tuple[str, dict[str, str], bytes]


def get(**headers: str) -> Answer:
    told: list[tuple[str, dict[str, str]]] = []

    def start(status: str, pairs: list[tuple[str, str]]) -> None:
        told.append((status, dict(pairs)))

    server = WhiteNoise(lambda environ, start: [], root=str(MAP), prefix="map")
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/map/world.pmtiles", **headers}
    body = b"".join(server(environ, start))
    ((status, received),) = told
    return status, received, body


@pytest.mark.parametrize("encoding", ["identity", "gzip, br"])
def test_a_range_is_answered_with_exactly_that_part(encoding: str) -> None:
    status, headers, body = get(HTTP_RANGE="bytes=100-226", HTTP_ACCEPT_ENCODING=encoding)
    assert status.startswith("206")
    assert headers["Content-Range"] == f"bytes 100-226/{WORLD.stat().st_size}"
    assert "Content-Encoding" not in headers
    assert body == WORLD.read_bytes()[100:227]


def test_the_map_is_a_small_archive_of_version_3() -> None:
    content = WORLD.read_bytes()
    assert content[:8] == b"PMTiles\x03"
    assert len(content) <= 1_600_000
