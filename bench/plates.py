"""Plates read on drawn vehicles, by size and what spoils them, and what is no plate. Prints JSON.

``bench/plates.py [COUNT]``: plates a cell (12). A cell is right, wrong or silent, after up to four
looks at one vehicle. Beside the time of a look: the same networks over the whole picture, as
somebody would who has no tracks.
"""

import json
import os
import sys
import time
from collections import Counter
from itertools import cycle, islice

import numpy as np
from tests.unit.engines.vision.drawn_plates import (
    ADVERTISING,
    PLATES,
    Scene,
    shots,
    usable_fonts,
    vehicle,
)

from varangian.engines.vision.plates import PlateReader, plain, vote
from varangian.engines.vision.plates.countries import chosen
from varangian.engines.vision.plates.finder import LineFinder
from varangian.engines.vision.plates.letters import LetterReader
from varangian.engines.vision.plates.place import strip
from varangian.engines.vision.plates.voting import Answer

LETTERS = (8, 10, 12, 16, 24, 40)
SPOILT: dict[str, dict[str, float]] = {
    "day": {},
    "soft": {"sigma": 1.5},
    "moved 3 px": {"motion": 3},
    "moved 6 px": {"motion": 6},
    "tilted 12 deg": {"tilt": 12},
    "night": {"night": True, "noise": 9, "quality": 70},
    "hard JPEG": {"quality": 25, "noise": 4},
}
LOOKS = 4
FULL = (1080, 1920)


def read(reader: PlateReader, scene: Scene) -> Answer | None:
    """As the stage does: no further look once there is an answer."""
    told = []
    for shot in shots(scene, LOOKS):
        image, box = vehicle(shot)
        look = reader.look(image, box, "truck" if scene.van else "car")
        told += [look.read] if look else []
        answer = vote(told, reader.among)
        if answer is not None and answer.whole:
            return answer
    return vote(told, reader.among)


def cell(reader: PlateReader, letter: float, count: int, **spoilt: float) -> dict[str, float]:
    fonts, seen = cycle(usable_fonts()), Counter()
    every = [(code, text) for code, row in PLATES.items() for text in row]
    step = max(1, len(every) // count)
    drawn = list(islice(cycle(every[::step]), count))
    for k, (code, text) in enumerate(drawn):
        scene = Scene(
            text, letter, next(fonts), seed=k, band=code in ("DE", "FR", "ES"),
            yellow=code == "GB" and bool(k % 2), van=not k % 4, **spoilt,
        )  # fmt: skip
        answer = read(reader, scene)
        wanted = plain(text)
        if answer is None:
            seen["silent"] += 1
        elif answer.plate == wanted:
            seen["right"] += 1
        elif not answer.whole and answer.plate in wanted:
            seen["part"] += 1
        else:
            seen["wrong"] += 1
    return {name: round(seen[name] / count, 3) for name in ("right", "part", "wrong", "silent")}


def no_plates(reader: PlateReader) -> dict[str, object]:
    """Advertising where advertising is, and small and low where a plate would be."""
    out: dict[str, object] = {}
    for name, size in (("on the door", 2.5), ("small and low", 1.0)):
        told = []
        for k, words in enumerate(ADVERTISING):
            scene = Scene("", 16, advertising=words, ad_letter=size, van=True, seed=k)
            answer = read(reader, scene)
            if answer is not None:
                told.append(f"{words}: {answer.plate}{'' if answer.whole else ' (part)'}")
        out[name] = {"of": len(ADVERTISING), "told": told}
    return out


def beside(reader: PlateReader, rounds: int) -> dict[str, float]:
    """One look at a vehicle of 384 pixels in a picture of 1920 x 1080, and text in all of it."""
    rng = np.random.default_rng(1)
    image = np.clip(rng.normal(110, 4, (*FULL, 3)), 0, 255).astype(np.uint8)
    made, box = vehicle(Scene("AB12 CDE", 16))
    image[400 : 400 + made.shape[0], 700 : 700 + made.shape[1]] = made
    at = (box[0] + 700, box[1] + 400, box[2] + 700, box[3] + 400)
    finder, letters = LineFinder(side=1920, gain=1.0), LetterReader()

    def whole() -> bool:
        cuts = [strip(image, line) for line in finder.find(image)[:20]]
        return any(one.text == "AB12CDE" for one in letters.read(cuts))

    look, frame = [], []
    for _ in range(rounds):
        begun = time.process_time()
        assert reader.look(image, at, "car")
        look.append(time.process_time() - begun)
        begun = time.process_time()
        assert whole()
        frame.append(time.process_time() - begun)
    own, all_of_it = float(np.median(look)), float(np.median(frame))
    return {
        "look_cpu_ms": round(own * 1e3, 1),
        "whole_picture_cpu_ms": round(all_of_it * 1e3, 1),
        "looks_a_second_and_core": round(1 / own, 1),
        "ratio_to_whole_picture": round(all_of_it / own, 1),
    }


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    reader = PlateReader()
    table = {
        name: {letter: cell(reader, letter, count, **spoilt) for letter in LETTERS}
        for name, spoilt in SPOILT.items()
    }
    british = PlateReader(chosen("GB"))
    report = {
        "plates_a_cell": count,
        "fonts": usable_fonts(),
        "by_letter_height": table,
        "no_plates": {"all countries": no_plates(reader), "GB alone": no_plates(british)},
        "speed": beside(reader, 9),
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(report))
    good = table["day"][16]["right"] >= 0.9 and report["speed"]["ratio_to_whole_picture"] > 1
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
