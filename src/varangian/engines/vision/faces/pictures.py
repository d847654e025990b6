"""Photos of faces from files: limits before decoding, and one face or words."""

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from varangian.engines.vision.faces.model import Face, FaceFinder
from varangian.kernel.results import Refused

MOST_BYTES = 30_000_000
MOST_PIXELS = 40_000_000
LEAST_SIDE = 32
FORMATS = ("JPEG", "PNG", "WEBP")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")


def read(source: Path | bytes, name: str = "") -> np.ndarray:
    """A photo as H x W x 3 uint8, BGR, upright. Raises Refused for what is none, or too large.

    Sizes are read from the header, so that a bomb is refused before its pixels exist.
    """
    where = name or (str(source) if isinstance(source, Path) else "")
    content = _bytes(source, where)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as photo:
            _sized(photo.size, where)
            upright = ImageOps.exif_transpose(photo).convert("RGB")
            return np.ascontiguousarray(np.asarray(upright)[:, :, ::-1])
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Refused(
            "This is no whole picture", where=where, mend="Save it anew as JPEG, PNG or WebP."
        ) from error
    except Image.DecompressionBombError as error:
        raise Refused("The picture is too large", where=where, mend="Make it smaller.") from error


def _bytes(source: Path | bytes, where: str) -> bytes:
    if isinstance(source, Path):
        if not source.is_file():
            raise Refused("There is no such file", where=where, mend="Check the path.")
        size = source.stat().st_size
    else:
        size = len(source)
    if size > MOST_BYTES:
        raise Refused(
            f"The file has {size / 1e6:.0f} MB",
            where=where,
            mend=f"At most {MOST_BYTES / 1e6:.0f} MB.",
        )
    return source.read_bytes() if isinstance(source, Path) else source


def _sized(size: tuple[int, int], where: str) -> None:
    width, height = size
    if width * height > MOST_PIXELS:
        raise Refused(
            f"The picture has {width} x {height} pixels",
            where=where,
            mend=f"At most {MOST_PIXELS // 1_000_000} million: make it smaller.",
        )
    if min(size) < LEAST_SIDE:
        raise Refused(
            f"The picture has {width} x {height} pixels",
            where=where,
            mend=f"At least {LEAST_SIDE} each way are needed.",
        )


def only_face(image: np.ndarray, finder: FaceFinder, where: str = "") -> Face:
    """The one face of a watchlist photo. Raises Refused for none and for several.

    Faces much smaller than the largest are passers-by and do not count.
    """
    found = finder.find(image)
    if not found:
        raise Refused(
            "No face was found in this photo",
            where=where,
            mend="Use one that shows the face from the front, large and in light.",
        )
    widest = max(face.box[2] - face.box[0] for face in found)
    large = [face for face in found if face.box[2] - face.box[0] > widest / 3]
    if len(large) > 1:
        raise Refused(
            f"There are {len(large)} faces in this photo",
            where=where,
            mend="Cut it down to the one person.",
        )
    return large[0]
