"""A film of densities, or a map of seconds, for the browser's canvas."""

import base64
from typing import Any

import numpy as np

from varangian.engines.crowdflow.flow import Film
from varangian.engines.crowdflow.principal import WayMaps

STEP = 0.04
"""People a square metre of one step of a byte."""
SECONDS_STEP = 2.0
NOWHERE = 255


def film_shape(film: Film) -> dict[str, Any]:
    """Bytes by level and moment, rows from south to north; 255 is no floor."""
    grid = film.grid
    levels = []
    for level, (_, count) in grid.rows.items():
        floor = grid.level_array(grid.area, level) > 0
        frames = []
        for frame in film.frames:
            values = np.clip(np.round(grid.level_array(frame, level) / STEP), 0, NOWHERE - 1)
            frames.append(_coded(np.where(floor, values, NOWHERE)))
        levels.append({"level": level, "rows": count, "columns": grid.nx - 2, "frames": frames})
    return {
        "cell": round(grid.h, 4), "west": round(grid.west, 3), "south": round(grid.south, 3),
        "every": round(film.every, 2), "step": STEP, "levels": levels,
    }  # fmt: skip


def seconds_shape(maps: WayMaps) -> dict[str, Any]:
    """The least over all vehicles and safe rooms, to two seconds; 255 where no way leads."""
    best = maps.seconds.min(axis=0)
    shape = film_shape(Film(maps.film.grid, maps.every, np.zeros_like(best)))
    for level in shape["levels"]:
        floor = maps.film.grid.level_array(maps.film.grid.area, level["level"]) > 0
        level["frames"] = [
            _coded(
                np.where(
                    floor,
                    np.clip(
                        np.round(maps.film.grid.level_array(frame, level["level"]) / SECONDS_STEP),
                        0, NOWHERE - 1,
                    ),
                    NOWHERE,
                )
            )
            for frame in best
        ]  # fmt: skip
    shape["step"] = SECONDS_STEP
    return shape


def _coded(values: np.ndarray) -> str:
    return base64.b64encode(values.astype(np.uint8).tobytes()).decode()
