"""Impostor study: at which similarity strangers are told apart, on pictures of known people.

Every pair of pictures is compared once: of one person (genuine), of two (impostor). A threshold at
a false accept rate of 1/n is told only from ten times n impostor pairs on: below, it is chance.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from varangian.engines.vision.faces.model import Embedder, FaceFinder, Quality, Vector
from varangian.engines.vision.faces.pictures import only_face
from varangian.engines.vision.faces.quality import quality
from varangian.engines.vision.libraries import library
from varangian.kernel.results import Refused

RATES = (1e-2, 1e-3, 1e-4)
WIDTHS = (96, 64, 48, 32, 24)
BLURS = (0, 3, 5)
DRAWS = 200


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture of one person."""

    person: str
    vector: Vector
    quality: Quality


Pictures = Mapping[str, Sequence[tuple[str, np.ndarray]]]


@dataclass(slots=True)
class Studied:
    """Samples that could be made, and why the others could not."""

    samples: list[Sample]
    skipped: list[dict[str, str]]


def samples(
    pictures: Pictures,
    finder: FaceFinder,
    embedder: Embedder,
    tell: Callable[[], None] = lambda: None,
) -> Studied:
    """``pictures``: per person, (name, H x W x 3 BGR)."""
    made, skipped = [], []
    for person, photos in pictures.items():
        for name, image in photos:
            tell()
            try:
                face = only_face(image, finder, name)
            except Refused as refused:
                skipped.append({"picture": name, "reason": refused.what})
                continue
            judged = quality(image, face)
            made.append(Sample(person, embedder.embed(image, face), judged))
    return Studied(made, skipped)


def pairs(
    first: Sequence[Sample], second: Sequence[Sample], metric: str
) -> tuple[np.ndarray, np.ndarray]:
    """Similarities of genuine and of impostor pairs, each pair once when both are one list."""
    a = np.stack([s.vector.values for s in first])
    b = np.stack([s.vector.values for s in second])
    inner = a @ b.T
    if metric == "distance":
        squares = (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * inner
        alike = 1 - np.sqrt(np.maximum(squares, 0))
    else:
        alike = inner
    same = np.array([[s.person == t.person for t in second] for s in first])
    if first is second:
        upper = np.triu(np.ones_like(same), 1)
        return alike[same & upper], alike[~same & upper]
    # The same picture made worse is no second picture of the person.
    other = ~np.eye(len(first), dtype=bool) if len(first) == len(second) else np.ones_like(same)
    return alike[same & other], alike[~same]


def threshold_at(impostor: np.ndarray, rate: float) -> float | None:
    """Least similarity that at most ``rate`` of the impostor pairs reach; None: too few pairs."""
    if len(impostor) * rate < 10:
        return None
    ordered = np.sort(impostor)[::-1]
    return float(np.nextafter(ordered[int(len(ordered) * rate)], np.inf))


def report(found: Studied, metric: str, seed: int = 1) -> dict[str, Any]:
    """Thresholds, what they cost, and in which bounds: persons are drawn again, not pairs."""
    known = found.samples
    people = sorted({s.person for s in known})
    if len(people) < 2:
        raise Refused(
            f"Faces of {len(people)} people can be used",
            where="study",
            mend="At least two folders with photos that show one face each.",
        )
    genuine, impostor = pairs(known, known, metric)
    rows = []
    for rate in RATES:
        at = threshold_at(impostor, rate)
        row: dict[str, Any] = {"false_accept_rate": rate, "threshold": at and round(at, 4)}
        if at is None:
            row["why"] = f"{len(impostor)} impostor pairs; {round(10 / rate)} are needed"
        elif len(genuine):
            row["true_accept_rate"] = round(float((genuine >= at).mean()), 4)
            row["band_95"] = _band(known, people, at, metric, seed)
        rows.append(row)
    return {
        "people": len(people),
        "pictures": len(known),
        "skipped": found.skipped,
        "genuine_pairs": len(genuine),
        "impostor_pairs": len(impostor),
        "impostor_highest": round(float(impostor.max()), 4),
        "thresholds": rows,
        "model": known[0].vector.model,
        "model_sha256": known[0].vector.sha256,
    }


def _band(
    known: Sequence[Sample], people: list[str], at: float, metric: str, seed: int
) -> list[float]:
    """2.5 and 97.5 % of the true accept rate when the people are drawn again."""
    hits = {}
    for person in people:
        own = [s for s in known if s.person == person]
        genuine, _ = pairs(own, own, metric)
        hits[person] = (int((genuine >= at).sum()), len(genuine))
    table = np.array(list(hits.values()))
    drawn = np.random.default_rng(seed).integers(0, len(table), (DRAWS, len(table)))
    sums = table[drawn].sum(axis=1)
    rates = sums[:, 0] / np.maximum(sums[:, 1], 1)
    return [round(float(r), 4) for r in np.percentile(rates, (2.5, 97.5))]


def worse(image: np.ndarray, face_width: float, width: int, blur: int, rng: np.random.Generator):
    """The picture as a distant camera sees it: smaller, noisy, saved as JPEG, moved by ``blur``."""
    cv2 = library("cv2")
    scale = min(1.0, width / face_width)
    size = max(8, round(image.shape[1] * scale)), max(8, round(image.shape[0] * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    if blur:
        small = cv2.blur(small, (blur, 1))
    noisy = np.clip(small + rng.normal(0, 4, small.shape), 0, 255).astype(np.uint8)
    _, saved = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 70])
    return cv2.imdecode(saved, cv2.IMREAD_COLOR)


def by_size(
    pictures: Pictures,
    found: Studied,
    finder: FaceFinder,
    embedder: Embedder,
    threshold: float,
    seed: int = 1,
    tell: Callable[[], None] = lambda: None,
) -> list[dict[str, Any]]:
    """Error of worsened pictures against the others as they are, by face width and blur."""
    rng = np.random.default_rng(seed)
    wide = float(np.median([s.quality.width for s in found.samples]))
    rows = []
    for width in [w for w in WIDTHS if w <= wide * 1.05]:
        for blur in BLURS:
            poor = {
                person: [(name, worse(image, wide, width, blur, rng)) for name, image in photos]
                for person, photos in pictures.items()
            }
            made = samples(poor, finder, embedder, tell)
            rows.append(_row(made, found, embedder.limits.metric, threshold, width, blur))
    return rows


def _row(
    made: Studied, found: Studied, metric: str, threshold: float, width: int, blur: int
) -> dict[str, Any]:
    tried = len(made.samples) + len(made.skipped)
    row: dict[str, Any] = {"face_width": width, "blur": blur}
    row["faces_found"] = round(len(made.samples) / max(tried, 1), 3)
    if not made.samples:
        return row
    genuine, impostor = pairs(made.samples, found.samples, metric)
    row["sharpness"] = round(float(np.median([s.quality.sharpness for s in made.samples])), 1)
    row["true_accept_rate"] = round(float((genuine >= threshold).mean()), 4)
    row["false_accept_rate"] = round(float((impostor >= threshold).mean()), 6)
    return row
