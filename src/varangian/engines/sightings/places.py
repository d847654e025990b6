"""Cells of the globe that count as one place, and how far they lie apart."""

from dataclasses import dataclass

import numpy as np

from varangian.kernel.geometry import EARTH_RADIUS_KM

from .model import Floats, Ints, Limits, Sightings

RINGS = 10
"""Distances from a place are counted in rings, each twice as wide as the one inside it."""
MOST_PLACES = 4000
CHUNK = 512
KM_A_DEGREE = EARTH_RADIUS_KM * np.pi / 180


@dataclass(frozen=True)
class Places:
    """``of``: the place of each sighting. ``xyz``: middles on the unit sphere, shape (P, 3)."""

    of: Ints
    xyz: Floats
    apart_km: float

    def __len__(self) -> int:
        return len(self.xyz)

    def km(self, some: Ints, others: Ints) -> Floats:
        """Pair by pair."""
        chord = np.linalg.norm(self.xyz[some] - self.xyz[others], axis=-1)
        return 2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2, 0, 1))

    def ring(self, km: Floats) -> Ints:
        """0 for ``apart_km`` and more, 1 for twice that and more; -1 for the same environment."""
        far = np.maximum(km, self.apart_km / 4) / self.apart_km
        return np.clip(np.floor(np.log2(far)), -1, RINGS - 1).astype(np.int64)

    def mass(self, weight: Floats) -> Floats:
        """Sum of each column of ``weight`` (P, W) in each ring around each place: (P, RINGS, W)."""
        found = np.zeros((len(self), RINGS, weight.shape[1]))
        columns = weight.astype(np.float32)
        for start in range(0, len(self), CHUNK):
            rows = self.xyz[start : start + CHUNK]
            chord = np.sqrt(np.maximum(0, 2 - 2 * (rows @ self.xyz.T)))
            rings = self.ring(2 * EARTH_RADIUS_KM * np.arcsin(np.clip(chord / 2, 0, 1)))
            for ring in range(RINGS):
                found[start : start + CHUNK, ring] = (rings == ring).astype(np.float32) @ columns
        return found


def places_of(seen: Sightings, limits: Limits) -> Places:
    """Cells of ``cell_km``, wider where there would be more than MOST_PLACES of them."""
    size = limits.cell_km
    while True:
        of = _cells(seen, size)
        count = int(of.max()) + 1 if len(of) else 0
        if count <= MOST_PLACES:
            break
        size *= 2
    lat, lon = np.radians(seen.lat), np.radians(seen.lon)
    points = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    middles = np.stack([np.bincount(of, points[:, k], minlength=count) for k in range(3)], axis=1)
    middles /= np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), 1e-12)
    return Places(of, middles, max(limits.apart_km, size))


def _cells(seen: Sightings, size_km: float) -> Ints:
    row = np.floor(seen.lat * KM_A_DEGREE / size_km)
    wide = np.cos(np.radians((row + 0.5) * size_km / KM_A_DEGREE))
    column = np.floor(seen.lon * KM_A_DEGREE * np.maximum(wide, 1e-6) / size_km)
    code = row.astype(np.int64) * 1_000_003 + column.astype(np.int64)
    return np.unique(code, return_inverse=True)[1].astype(np.int64)
