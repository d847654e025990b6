"""Pictures as people send them: proved to be pictures, and a preview without what a camera adds."""

import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from varangian.kernel.results import Refused

MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 60_000_000
PREVIEW_SIDE = 1280
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


@dataclass(frozen=True)
class Picture:
    """``preview`` is a JPEG of at most 1280 px a side, upright, with no metadata."""

    media_type: str
    width: int
    height: int
    preview: bytes


def read_picture(data: bytes, name: str = "") -> Picture:
    """Decode what claims to be a picture; its name and its declared type are not believed.

    Raises Refused for an empty, too large, damaged or foreign file.
    """
    if not data:
        raise Refused("The file is empty", where=name)
    if len(data) > MOST_BYTES:
        size, limit = len(data) // 1024 // 1024, MOST_BYTES // 1024 // 1024
        raise Refused(f"The picture has {size} MB; the limit is {limit} MB", name)
    image = _opened(data, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            upright: Any = ImageOps.exif_transpose(image)
            upright.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    except (OSError, ValueError, SyntaxError) as error:
        raise Refused("The picture is damaged", where=name, mend="Take it again.") from error
    return Picture(FORMATS[str(image.format)], image.width, image.height, _jpeg(upright))


def _opened(data: bytes, name: str) -> Image.Image:
    """Opens the header only; the size is known before a single pixel is unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(BytesIO(data), formats=tuple(FORMATS))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        mend = "Send a JPEG, PNG or WebP picture."
        raise Refused("This is not a picture that can be shown", where=name, mend=mend) from error
    if image.width * image.height > MOST_PIXELS:
        limit = MOST_PIXELS // 1_000_000
        raise Refused(f"The picture has more than {limit} million pixels", where=name)
    return image


def _jpeg(image: Image.Image) -> bytes:
    """On white where it was transparent, as a sketch often is."""
    flat = Image.new("RGB", image.size, "white")
    layered = image.convert("RGBA")
    flat.paste(layered, mask=layered.getchannel("A"))
    out = BytesIO()
    flat.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def smaller(preview: bytes, side: int) -> bytes:
    """A preview for paper, made from the one that is kept."""
    image = Image.open(BytesIO(preview))
    image.thumbnail((side, side))
    return _jpeg(image)
