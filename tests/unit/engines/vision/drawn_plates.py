"""Vehicles from behind with a plate, drawn: size, font, blur, tilt, noise and JPEG as asked for.

Invented numbers on invented bodies. They tell whether the reading works, not how well it does
outside.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

OVER = 3
"""Drawn so much larger, then made smaller: edges get the grey that a lens gives them."""
DEJAVU = Path("/usr/share/fonts/truetype/dejavu")
FONTS = ("built-in", "DejaVuSansCondensed-Bold", "DejaVuSans-Bold", "DejaVuSansMono-Bold")
PLATES = {
    "GB": ("AB12 CDE", "KV63 WXN", "LR08 HSM", "YT71 EGU", "FN55 OZP", "BD20 RVK"),
    "DE": ("B MW 4471", "HH XK 208", "M RS 9035", "KA T 563", "LEV EH 72", "S JU 6180"),
    "FI": ("ZPH-771", "MKR-405", "ABX-128", "JUV-963", "TRE-250", "OLS-386"),
    "SE": ("MLB 84A", "XKR 219", "DUH 507", "JFP 63R", "SZE 148", "OWT 936"),
    "FR": ("AB-123-CD", "GH-508-KZ", "EX-947-RN", "DT-260-PW", "FV-631-BM", "CS-785-YL"),
    "ES": ("4482 KLM", "9035 BDR", "1726 HZX", "6618 JNT", "5071 FPW", "2390 LCG"),
}
ADVERTISING = (
    "SALE 50%", "TAXI 24", "24H SERVICE", "TEL 040 5511", "0800 7261", "MAN TGX 18", "FH16 750",
    "A4 2.0 TDI", "4x4 QUATTRO", "EST 1987", "WWW.ROHR24.DE", "BUS 42", "FIRE 112", "HOTEL AM SEE",
    "CATERING", "PARCELS", "EURO 6", "NO. 7 BAKERY", "MAX 3500 KG", "V8 BITURBO", "GLAS & BAU",
    "LINE 17", "XDRIVE 30d", "POST", "DIESEL", "HIRE ME 247", "T6 MULTIVAN", "AIR 2000", "CAB 12",
    "HYBRID",
)  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """``letter``: height of the plate's letters in pixels; ``sigma``: of a blur, ``motion``: pixels
    that the vehicle moves across while the picture is taken; ``noise``: grey levels."""

    text: str
    letter: float = 20
    font: str = "built-in"
    sigma: float = 0.0
    motion: int = 0
    tilt: float = 0.0
    noise: float = 2.0
    night: bool = False
    quality: int = 85
    yellow: bool = False
    band: bool = False
    rows: int = 1
    advertising: str = ""
    ad_letter: float = 2.5
    """Height of the advertising on the door, in letters of the plate."""
    van: bool = False
    seed: int = 0


def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    path = DEJAVU / f"{name}.ttf"
    if path.is_file():
        return ImageFont.truetype(str(path), size)
    return ImageFont.load_default(size)  # pyright: ignore


def usable_fonts() -> list[str]:
    return [one for one in FONTS if one == "built-in" or (DEJAVU / f"{one}.ttf").is_file()]


def plate(scene: Scene) -> Image.Image:
    """The plate alone, at ``OVER`` times its size."""
    letter = scene.letter * OVER
    size = round(letter * 1.38)  # an em is so much more than a capital
    drawn = font(scene.font, size)
    stroke = max(0, round(letter * 0.03)) if scene.font == "built-in" else 0
    words = scene.text.split() if scene.rows == 2 else [scene.text]
    if scene.rows == 2 and len(words) > 2:
        words = [words[0], " ".join(words[1:])]
    width = max(drawn.getlength(one) for one in words)
    edge, lead = letter * 0.28, letter * (0.55 if scene.band else 0.0)
    high = round(letter * 1.45 * len(words))
    wide = round(width + 4 * edge + lead)
    sheet = Image.new("RGB", (wide, high), (246, 200, 40) if scene.yellow else (238, 238, 234))
    brush = ImageDraw.Draw(sheet)
    for row, one in enumerate(words):
        middle = (2 * edge + lead + width / 2, letter * 1.45 * (row + 0.5))
        brush.text(middle, one, (16, 16, 18), drawn, anchor="mm", stroke_width=stroke)
    if scene.band:
        brush.rectangle((0, 0, lead, high), (16, 48, 160))
        small = font(scene.font, round(letter * 0.4))
        brush.text((lead / 2, high * 0.75), "D", (250, 250, 250), small, anchor="mm")
    brush.rectangle((0, 0, wide - 1, high - 1), outline=(30, 30, 30), width=max(1, OVER))
    return sheet


def vehicle(scene: Scene) -> tuple[np.ndarray, tuple[float, float, float, float]]:
    """The picture (H x W x 3 uint8, BGR) and the box of the vehicle in it."""
    rng = np.random.default_rng(scene.seed)
    wide = round(scene.letter * 24 * OVER)
    high = round(wide * (1.15 if scene.van else 0.8))
    rim = round(wide * 0.12)
    canvas = Image.new("RGB", (wide + 2 * rim, high + 2 * rim), (104, 106, 104))
    brush = ImageDraw.Draw(canvas)
    body = tuple(int(one) for one in rng.integers(40, 215, 3))
    if scene.van:
        body = (226, 226, 222)
    x0, y0, x1, y1 = rim, rim, rim + wide, rim + high
    brush.rounded_rectangle((x0, y0, x1, y1 - high * 0.08), radius=wide * 0.06, fill=body)
    glass = (x0 + wide * 0.1, y0 + high * 0.06, x1 - wide * 0.1, y0 + high * 0.32)
    if not scene.van:
        brush.rounded_rectangle(glass, radius=wide * 0.04, fill=(34, 40, 46))
    dark = tuple(int(one * 0.75) for one in body)
    brush.rectangle((x0, y0 + high * 0.74, x1, y0 + high * 0.9), fill=dark)
    for side in (x0 + wide * 0.02, x1 - wide * 0.14):
        brush.rectangle(
            (side, y0 + high * 0.42, side + wide * 0.12, y0 + high * 0.56), (170, 24, 22)
        )
        brush.rectangle((side, y0 + high * 0.86, side + wide * 0.1, y1), fill=(18, 18, 18))
    if scene.advertising:
        size = round(scene.letter * scene.ad_letter * 1.38 * OVER)
        drawn = font(scene.font, size)
        y = y0 + high * (0.4 if scene.ad_letter > 1.5 else 0.66)
        brush.text(((x0 + x1) / 2, y), scene.advertising, (20, 40, 120), drawn, anchor="mm")
    if scene.text:
        made = plate(scene)
        spot = (round((x0 + x1 - made.width) / 2), round(y0 + high * 0.82 - made.height / 2))
        canvas.paste(made, spot)
    image = np.asarray(canvas)[:, :, ::-1]
    box = tuple(float(side) / OVER for side in (x0, y0, x1, y1))
    return seen(scene, image, rng), box  # pyright: ignore


def seen(scene: Scene, image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What lens, sensor and encoder leave of it."""
    high, wide = image.shape[:2]
    middle = (wide / 2 + rng.uniform(-1, 1) * OVER, high / 2 + rng.uniform(-1, 1) * OVER)
    turn = cv2.getRotationMatrix2D(middle, scene.tilt, 1.0)
    turned = cv2.warpAffine(image, turn, (wide, high), borderMode=cv2.BORDER_REPLICATE)
    small = cv2.resize(turned, (wide // OVER, high // OVER), interpolation=cv2.INTER_AREA)
    made = small.astype(np.float32)
    if scene.night:
        rows = np.linspace(0.14, 0.3, made.shape[0])[:, None, None]
        grey = made.mean(axis=2, keepdims=True)
        made = (0.3 * made + 0.7 * grey) * rows + 8
    if scene.sigma:
        made = cv2.GaussianBlur(made, (0, 0), scene.sigma)
    if scene.motion > 1:
        made = cv2.blur(made, (scene.motion, 1))
    made = made + rng.normal(0, scene.noise, made.shape)
    made = np.clip(made, 0, 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", made, [cv2.IMWRITE_JPEG_QUALITY, scene.quality])
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def shots(scene: Scene, count: int = 4) -> list[Scene]:
    """The same vehicle a moment later each time: nearer by a little, with other noise."""
    return [
        replace(scene, letter=scene.letter * (1 + 0.02 * k), seed=scene.seed * 100 + k)
        for k in range(count)
    ]
