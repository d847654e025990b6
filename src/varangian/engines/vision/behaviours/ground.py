"""From points of the picture to metres on the ground, by a plane homography.

Normalised direct linear transformation (Hartley 1997); with more than four points least squares.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from varangian.kernel.results import Refused

type Floats = NDArray[np.float64]
type Point = tuple[float, float]

LEAST_POINTS = 4
WORST_ERROR_M = 1.0
FLAT = 1e-4
MEND = "Give at least four points on the ground, no three on one line, spread over the picture."


@dataclass(frozen=True)
class Ground:
    """``matrix`` takes (x, y, 1) of the picture, in pixels, to metres times a weight, (3, 3);
    the weight is above nothing on the near side of the horizon. ``error_m``: root mean square of
    what the given points miss, metres."""

    matrix: Floats
    error_m: float

    def metres(self, points: Floats) -> Floats:
        """(N, 2) pixels to (N, 2) metres; NaN at and beyond the horizon."""
        flat = np.c_[points, np.ones(len(points))] @ self.matrix.T
        weight = np.where(flat[:, 2] > FLAT, flat[:, 2], np.nan)
        return flat[:, :2] / weight[:, None]

    def picture(self, metres: Floats) -> Floats:
        """(N, 2) metres to (N, 2) pixels; NaN for what is behind the camera."""
        back = np.linalg.inv(self.matrix)
        flat = np.c_[metres, np.ones(len(metres))] @ back.T
        weight = np.where(flat[:, 2] > 0, flat[:, 2], np.nan)
        return flat[:, :2] / weight[:, None]

    def metres_a_pixel(self, points: Floats) -> Floats:
        """(N,): the longer way on the ground of one pixel to the right or downwards."""
        here = self.metres(points)
        right = np.linalg.norm(self.metres(points + np.array([1.0, 0.0])) - here, axis=1)
        down = np.linalg.norm(self.metres(points + np.array([0.0, 1.0])) - here, axis=1)
        return np.maximum(right, down)


def ground_of(picture: Sequence[Point], metres: Sequence[Point]) -> Ground:
    """Raises Refused when the points do not fix a plane."""
    from_, to = np.array(picture, float), np.array(metres, float)
    if len(from_) < LEAST_POINTS or len(from_) != len(to):
        raise Refused(f"The ground has {len(from_)} points; four fix a plane", "ground", MEND)
    if _on_lines(from_) or _on_lines(to):
        raise Refused("The points of the ground lie on one line", "ground", MEND)
    matrix = _homography(from_, to)
    weights = np.c_[from_, np.ones(len(from_))] @ matrix.T[:, 2]
    if not np.isfinite(matrix).all() or (weights > 0).all() == (weights < 0).all():
        raise Refused("The points of the ground lie on both sides of a horizon", "ground", MEND)
    matrix = matrix * np.sign(weights[0]) / np.abs(weights).mean()
    found = Ground(matrix, 0.0)
    error = float(np.sqrt(((found.metres(from_) - to) ** 2).sum(axis=1).mean()))
    if not error <= WORST_ERROR_M:
        mend = "One point is probably wrong: measure again, or leave the worst out."
        raise Refused(f"The points of the ground miss each other by {error:.1f} m", "ground", mend)
    return Ground(matrix, error)


def _on_lines(points: Floats) -> bool:
    """All but one on a line, or all of them, fix no plane."""
    for left_out in range(len(points)):
        rest = np.delete(points, left_out, axis=0)
        values = np.linalg.svd(rest - rest.mean(axis=0), compute_uv=False)
        if values[1] < 1e-3 * max(values[0], 1e-9):
            return True
    return False


def _homography(from_: Floats, to: Floats) -> Floats:
    (a, left), (b, right) = _normal(from_), _normal(to)
    x, y, u, v = a[:, 0], a[:, 1], b[:, 0], b[:, 1]
    nil, one = np.zeros(len(a)), np.ones(len(a))
    rows = np.concatenate(
        [
            np.stack([x, y, one, nil, nil, nil, -u * x, -u * y, -u], axis=1),
            np.stack([nil, nil, nil, x, y, one, -v * x, -v * y, -v], axis=1),
        ]
    )
    inner = np.linalg.svd(rows)[2][-1].reshape(3, 3)
    return np.linalg.inv(right) @ inner @ left


def _normal(points: Floats) -> tuple[Floats, Floats]:
    middle = points.mean(axis=0)
    scale = np.sqrt(2) / np.linalg.norm(points - middle, axis=1).mean()
    matrix = np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])
    return (points - middle) * scale, matrix
