"""Colour of the upper and the lower body of a person's crop, by name.

Light is taken out first: its colour by shades of grey over the whole frame (Finlayson and Trezzi
2004, p = 6), its strength by the bright part of the frame. Pixels are named in CIELAB (D65) and
vote; the share of the first name is the confidence.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Picture = NDArray[np.uint8]
type Floats = NDArray[np.float64]

PARTS = {"coat": (0.20, 0.46, 0.27, 0.73), "trousers": (0.56, 0.86, 0.30, 0.70)}
"""Rows from, to and columns from, to, as shares of the crop."""
MIDDLE = (0.35, 0.72, 0.2, 0.8)
LEAST_WIDE, LEAST_HIGH, LEAST_THING = 14, 40, 12
DARK = 22.0
"""Median luma of a part below which no colour can be told."""
SURE = 0.5
MINKOWSKI = 6
MOST_TINT, MOST_GAIN = 2.0, 3.0
NAMES = (
    "black", "grey", "white", "red", "orange", "brown", "yellow", "green", "blue", "purple", "pink",
)  # fmt: skip
UNKNOWN = "unknown"
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])


@dataclass(frozen=True)
class Colour:
    """``name`` from the lexicon or unknown; ``confidence``: share of pixels that say so."""

    name: str
    confidence: float
    why: str = ""


def appearance(crop: Picture, frame: Picture | None = None) -> dict[str, Colour]:
    """``crop``: H x W x 3, BGR, the box of a standing person. ``frame``: the picture it was cut
    from; without it the light is not taken out, and names are less sure."""
    high, wide = crop.shape[:2]
    if crop.ndim != 3 or high < LEAST_HIGH or wide < LEAST_WIDE:
        return {part: Colour(UNKNOWN, 0.0, "too small") for part in PARTS}
    gains = np.ones(3) if frame is None else _light(frame)
    return {part: _colour(_cut(crop, *shares), gains) for part, shares in PARTS.items()}


def colour_within(crop: Picture, frame: Picture | None = None) -> Colour:
    """Of the middle of a thing: a vehicle's body without roof and wheels, a bag without straps."""
    high, wide = crop.shape[:2]
    if crop.ndim != 3 or high < LEAST_THING or wide < LEAST_THING:
        return Colour(UNKNOWN, 0.0, "too small")
    gains = np.ones(3) if frame is None else _light(frame)
    return _colour(_cut(crop, *MIDDLE), gains)


def looks_of(found: Mapping[str, Colour]) -> dict[str, str]:
    """For `engines.sightings`: only what is known."""
    return {part: one.name for part, one in found.items() if one.name != UNKNOWN}


def _cut(crop: Picture, top: float, bottom: float, left: float, right: float) -> Picture:
    high, wide = crop.shape[:2]
    return crop[int(top * high) : int(bottom * high), int(left * wide) : int(right * wide)]


def _colour(part: Picture, gains: Floats) -> Colour:
    pixels = part.reshape(-1, 3)[:, ::-1]
    if np.median(pixels @ np.array([0.299, 0.587, 0.114])) < DARK / gains.max():
        return Colour(UNKNOWN, 0.0, "too dark")
    votes = np.bincount(_named(_lab(_linear(pixels) * gains)), minlength=len(NAMES))
    first = int(votes.argmax())
    share = float(votes[first] / votes.sum())
    if share < SURE:
        return Colour(UNKNOWN, round(share, 2), "no one colour")
    return Colour(NAMES[first], round(share, 2))


def _linear(rgb: NDArray[np.uint8]) -> Floats:
    value = rgb / 255.0
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def _light(frame: Picture) -> Floats:
    """Gains of red, green and blue that make the light white and the scene bright enough."""
    step = max(1, int(np.sqrt(frame.shape[0] * frame.shape[1] / 20_000)))
    pixels = frame[::step, ::step].reshape(-1, 3)[:, ::-1]
    pixels = _linear(pixels[(pixels < 250).all(axis=1)])
    if len(pixels) < 100:
        return np.ones(3)
    light = (pixels**MINKOWSKI).mean(axis=0) ** (1 / MINKOWSKI)
    light = np.maximum(light, 1e-6)
    tint = np.clip(light.mean() / light, 1 / MOST_TINT, MOST_TINT)
    bright = np.percentile(pixels @ TO_XYZ[1], 95)
    return tint * np.clip(0.6 / max(bright, 1e-6), 0.7, MOST_GAIN)


def _lab(linear: Floats) -> Floats:
    ratio = np.clip(linear, 0, 1) @ TO_XYZ.T / WHITE
    root = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.stack(
        [116 * root[:, 1] - 16, 500 * (root[:, 0] - root[:, 1]), 200 * (root[:, 1] - root[:, 2])],
        axis=1,
    )


def _named(lab: Floats) -> NDArray[np.int64]:
    """Index into NAMES. Hues in degrees of CIELAB, found on swatches of garments."""
    light, chroma = lab[:, 0], np.hypot(lab[:, 1], lab[:, 2])
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1])) % 360
    plain = (chroma < 9) | ((light < 24) & (chroma < 11)) | ((light > 80) & (chroma < 14))
    warm = (hue >= 40) & (hue < 100)
    cases = [
        (plain & (light < 27), "black"),
        (plain & (light < 77), "grey"),
        (plain, "white"),
        (warm & (light < 46) & (chroma < 50), "brown"),
        (warm & (chroma < 32), "brown"),
        ((hue < 46) & (light > 62) & (chroma < 55), "pink"),
        (hue < 46, "red"),
        (hue < 74, "orange"),
        (hue < 106, "yellow"),
        (hue < 190, "green"),
        (hue < 303, "blue"),
        (hue < 335, "purple"),
        (light > 48, "pink"),
    ]
    conditions = [condition for condition, _ in cases]
    return np.select(conditions, [NAMES.index(name) for _, name in cases], NAMES.index("red"))
