"""The mark of the house as PNG files for home screens: `python tools/icons.py`.

iOS takes no SVG for an icon, and puts black behind what is transparent. The shapes are read from
the mark itself, so a new mark needs this once more.
"""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parent.parent
MARK = ROOT / "src/varangian/platform/ui/static/img/mark.svg"
OUT = ROOT / "src/varangian/protection/static/phone"
GROUND = "#0b1118"
SIDE, FINE, STEPS = 48, 4, 24
"""Units of the mark; how much larger it is drawn than kept; lines a curve is made of."""
TOKEN = re.compile(r"[MmLlHhVvCcZz]|-?(?:\d+\.?\d*|\.\d+)")
COUNT = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6}
Point = tuple[float, float]
ICONS = {
    "apple-touch-icon.png": (180, 0.82, GROUND),
    "icon-192.png": (192, 0.9, GROUND),
    "icon-512.png": (512, 0.9, GROUND),
    "icon-maskable-512.png": (512, 0.66, GROUND),
    "badge-96.png": (96, 0.96, ""),
}
"""Name to side in pixels, how much of it the mark takes, and the ground; without one it is the
white outline on nothing that Android wants for its status bar."""


def points(path: str) -> list[list[Point]]:
    """The outlines of a path with lines and cubic curves."""
    words, at, here, command = TOKEN.findall(path), 0, (0.0, 0.0), ""
    outlines: list[list[Point]] = []
    while at < len(words):
        if words[at].isalpha():
            command, at = words[at], at + 1
            if command in "Zz":
                outlines[-1].append(outlines[-1][0])
                here = outlines[-1][0]
                continue
        count = COUNT[command.upper()]
        numbers = [float(word) for word in words[at : at + count]]
        at += count
        found = _reached(command, numbers, here)
        if command in "Mm":
            outlines.append([found[0]])
            command = "L" if command == "M" else "l"
        else:
            outlines[-1] += found
        here = found[-1]
    return outlines


def _reached(command: str, numbers: list[float], here: Point) -> list[Point]:
    x, y = here if command.islower() else (0.0, 0.0)
    kind = command.upper()
    if kind == "H":
        return [(x + numbers[0], here[1])]
    if kind == "V":
        return [(here[0], y + numbers[0])]
    given = [(x + numbers[i], y + numbers[i + 1]) for i in range(0, len(numbers), 2)]
    return _curve(here, *given) if kind == "C" else given


def _curve(a: Point, b: Point, c: Point, d: Point) -> list[Point]:
    def on(t: float, axis: int) -> float:
        u = 1 - t
        first, last = u**3 * a[axis] + 3 * u * u * t * b[axis], t**3 * d[axis]
        return first + 3 * u * t * t * c[axis] + last

    return [(on(i / STEPS, 0), on(i / STEPS, 1)) for i in range(1, STEPS + 1)]


def drawn(side: int, share: float, ground: str) -> Image.Image:
    size = side * FINE
    image = Image.new("RGBA", (size, size), ground or (0, 0, 0, 0))
    pen, scale = ImageDraw.Draw(image), size * share / SIDE
    shift = (size - SIDE * scale) / 2
    for shape in ElementTree.parse(MARK).getroot():
        _draw(pen, shape.attrib, scale, shift, plain=not ground)
    small = image.resize((side, side), Image.Resampling.LANCZOS)
    return small.convert("RGB") if ground else small


def _draw(
    pen: ImageDraw.ImageDraw, shape: dict[str, str], scale: float, shift: float, *, plain: bool
) -> None:
    fill, stroke = shape.get("fill", ""), shape.get("stroke", "")
    width = round(float(shape.get("stroke-width", "0")) * scale)
    for outline in points(shape["d"]):
        place = [(x * scale + shift, y * scale + shift) for x, y in outline]
        if fill and len(place) > 2 and not (plain and stroke):
            pen.polygon(place, fill="white" if plain else fill)
        if stroke:
            colour = "white" if plain else stroke
            pen.line(place, fill=colour, width=width, joint="curve")
            for x, y in (place[0], place[-1]):
                half = width / 2
                pen.ellipse((x - half, y - half, x + half, y + half), fill=colour)


def main() -> int:
    for name, (side, share, ground) in ICONS.items():
        drawn(side, share, ground).save(OUT / name, optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
