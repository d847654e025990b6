"""Crops of people who do not exist: garments with folds, noise and blur, in lights of all sorts."""

from dataclasses import dataclass

import numpy as np

SWATCHES = {
    "black": (28, 28, 32), "grey": (125, 127, 128), "white": (235, 235, 230), "red": (178, 34, 38),
    "orange": (230, 120, 30), "brown": (101, 67, 40), "yellow": (232, 200, 45),
    "green": (48, 110, 55), "blue": (38, 70, 150), "purple": (98, 50, 128), "pink": (238, 150, 175),
}  # fmt: skip


@dataclass(frozen=True)
class Light:
    gain: float = 1.0
    red: float = 1.0
    blue: float = 1.0


LIGHTS = {
    "daylight": Light(),
    "overcast, bluish": Light(0.75, 0.92, 1.12),
    "lamp, warm": Light(0.8, 1.25, 0.68),
    "dusk": Light(0.35, 0.97, 1.08),
    "bright sun": Light(1.3, 1.04, 0.95),
}


def scene(upper: str, lower: str, light: Light, seed: int, high: int = 120):
    """A person's crop and the frame around it, BGR: grey road, some walls, a sky, lit alike."""
    rng = np.random.default_rng(seed)
    wide = int(high * 0.42)
    crop = np.full((high, wide, 3), 105.0) + rng.normal(0, 12, 3)
    body = slice(int(0.14 * wide), int(0.86 * wide))
    for top, bottom, name in ((0.16, 0.52, upper), (0.52, 0.93, lower)):
        rows = slice(int(top * high), int(bottom * high))
        own = np.array(SWATCHES[name]) * rng.uniform(0.85, 1.12, 1) + rng.normal(0, 5, 3)
        shape = crop[rows, body].shape[:2]
        folds = 1 + 0.16 * np.sin(np.linspace(0, rng.uniform(4, 12), shape[0]))[:, None]
        side = np.linspace(1.1, 0.82, shape[1])[None, :]
        crop[rows, body] = own * (folds * side)[..., None]
    crop[: int(0.16 * high), int(0.35 * wide) : int(0.65 * wide)] = (190, 150, 128)
    frame = np.zeros((200, 320, 3))
    frame[:60] = (205, 212, 220)
    frame[60:] = 118
    for _ in range(10):
        x, y = rng.integers(0, 280), rng.integers(30, 160)
        frame[y : y + 40, x : x + 40] = rng.uniform(40, 225) + rng.normal(0, 22, 3)
    return _lit(crop, light, rng), _lit(frame, light, rng)


def _lit(picture, light: Light, rng):
    linear = (np.clip(picture, 0, 255) / 255) ** 2.2 * light.gain
    linear = linear * np.array([light.red, 1.0, light.blue])
    shown = 255 * np.clip(linear, 0, 1) ** (1 / 2.2) + rng.normal(0, 5, picture.shape)
    blurred = (shown + np.roll(shown, 1, 0) + np.roll(shown, 1, 1)) / 3
    return np.clip(blurred, 0, 255).astype(np.uint8)[..., ::-1]
