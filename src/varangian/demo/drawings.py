"""Pictures of the worked operation, drawn here: no photograph of any real place."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

SIZE = (960, 600)
NIGHT, WALL, STONE, LIGHT = "#1d2733", "#39485a", "#6b7787", "#e9c77b"
PAPER, INK, RED, BLUE = "#f4f1e8", "#2b3440", "#b3402f", "#2f6db3"
Draw = ImageDraw.ImageDraw


def drawing(name: str) -> bytes:
    """PNG of one of ``DRAWINGS``."""
    scene, ground = DRAWINGS[name]
    image = Image.new("RGB", SIZE, ground)
    scene(ImageDraw.Draw(image))
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _words(draw: Draw, at: tuple[int, int], text: str, fill: str = INK, size: int = 22) -> None:
    draw.text(at, text, fill=fill, font=ImageFont.load_default(size))


def _front(draw: Draw) -> None:
    """A house front at night, a lit door, a car at the kerb."""
    draw.rectangle((0, 470, 960, 600), fill="#262f3a")
    draw.rectangle((90, 70, 870, 470), fill=WALL)
    for row in range(3):
        for column in range(8):
            lit = (row * 5 + column * 3) % 7 == 0
            left, top = 120 + column * 94, 100 + row * 92
            draw.rectangle((left, top, left + 54, top + 62), fill=LIGHT if lit else "#2a3644")
    draw.rectangle((420, 372, 540, 470), fill=LIGHT)
    draw.line((480, 372, 480, 470), fill=WALL, width=6)
    draw.polygon([(392, 372), (568, 372), (548, 346), (412, 346)], fill=STONE)
    draw.rounded_rectangle((560, 446, 800, 512), 18, fill="#10161d")
    draw.polygon([(604, 448), (650, 410), (730, 410), (772, 448)], fill="#10161d")
    for left in (592, 722):
        draw.ellipse((left, 488, left + 46, 534), fill="#05080b", outline=STONE, width=4)


def _door(draw: Draw) -> None:
    """A plain side door under a lamp."""
    draw.rectangle((0, 500, 960, 600), fill="#2b333d")
    draw.rectangle((0, 0, 960, 500), fill="#4a4f55")
    for row in range(0, 500, 40):
        draw.line((0, row, 960, row), fill="#41464c", width=3)
    draw.polygon([(480, 90), (250, 500), (710, 500)], fill="#63605a")
    draw.rectangle((390, 190, 570, 500), fill="#2f4a3d")
    draw.rectangle((410, 220, 550, 340), outline="#264034", width=5)
    draw.ellipse((536, 352, 556, 372), fill=LIGHT)
    draw.rectangle((455, 80, 505, 104), fill=LIGHT)
    draw.rectangle((620, 280, 660, 350), fill="#20262d", outline=STONE, width=3)


def _corridor(draw: Draw) -> None:
    """A corridor in perspective: doors left and right, lift at its end."""
    draw.polygon([(0, 600), (960, 600), (600, 340), (360, 340)], fill="#6d3f3a")
    draw.polygon([(0, 0), (960, 0), (600, 200), (360, 200)], fill="#8a8478")
    draw.polygon([(0, 0), (360, 200), (360, 340), (0, 600)], fill="#b1a48c")
    draw.polygon([(960, 0), (600, 200), (600, 340), (960, 600)], fill="#a3967f")
    draw.rectangle((360, 200, 600, 340), fill="#c7bca5")
    draw.rectangle((440, 230, 520, 340), fill=STONE)
    draw.line((480, 230, 480, 340), fill=INK, width=3)
    for near, far in ((60, 150), (210, 280)):
        heights = (130 + near // 2, 170 + far // 3, 520 - far // 2, 590 - near // 2)
        for side, fill in ((0, "#5d4630"), (960, "#54402c")):
            columns = [abs(side - x) for x in (near, far, far, near)]
            draw.polygon(list(zip(columns, heights, strict=True)), fill=fill)


def _hall(draw: Draw) -> None:
    """A stage from the last row."""
    draw.rectangle((120, 120, 840, 330), fill="#5b1f24")
    draw.rectangle((120, 330, 840, 372), fill="#8d6a44")
    draw.polygon([(430, 120), (530, 120), (620, 330), (340, 330)], fill="#7c4a3c")
    draw.rectangle((462, 262, 498, 332), fill="#d9d2c4")
    for left in (36, 852):
        draw.rectangle((left, 236, left + 72, 372), fill="#22303c")
        draw.rectangle((left + 8, 210, left + 64, 230), fill="#2f8a57")
    for row in range(5):
        for column in range(12 + row):
            left = 480 - (12 + row) * 34 + column * 68
            draw.rounded_rectangle(
                (left, 398 + row * 44, left + 50, 440 + row * 44), 8, fill="#3a2b30"
            )


def _gate(draw: Draw) -> None:
    """A garden wall with a gate, a house behind trees."""
    draw.rectangle((0, 0, 960, 330), fill="#87a0ad")
    draw.rectangle((330, 150, 640, 400), fill="#e2d9c6")
    draw.polygon([(310, 150), (660, 150), (485, 60)], fill="#8c4b3a")
    for left in (370, 470, 570):
        draw.rectangle((left, 200, left + 40, 260), fill="#41566a")
    for left in (120, 220, 700, 800):
        draw.ellipse((left - 60, 130, left + 80, 360), fill="#3f5b3f")
    draw.rectangle((0, 350, 960, 480), fill="#9a9184")
    draw.rectangle((400, 320, 570, 480), fill="#2c3033")
    for left in range(412, 570, 22):
        draw.line((left, 326, left, 474), fill="#5a6066", width=4)
    draw.rectangle((0, 480, 960, 600), fill="#5b5f63")


def _plan(draw: Draw, rooms: list[tuple[int, int, int, int, str]]) -> None:
    for left, top, right, bottom, words in rooms:
        draw.rectangle((left, top, right, bottom), outline=INK, width=4)
        _words(draw, (left + 10, top + 8), words)


def _arrow(draw: Draw, points: list[tuple[int, int]], fill: str) -> None:
    draw.line(points, fill=fill, width=6, joint="curve")
    x, y = points[-1]
    draw.ellipse((x - 9, y - 9, x + 9, y + 9), fill=fill)


def _floor(draw: Draw) -> None:
    _plan(
        draw,
        [
            *((60, 60, 260, 230, "510 team"), (260, 60, 500, 230, "512 HERON")),
            *((500, 60, 700, 230, "514 empty"), (700, 60, 900, 230, "516 guests")),
            *((60, 330, 220, 500, "stairs A"), (400, 330, 560, 500, "lifts")),
            *((560, 330, 720, 500, "service"), (740, 330, 900, 500, "stairs B")),
        ],
    )
    _arrow(draw, [(380, 230), (380, 280), (140, 280), (140, 330)], RED)
    _arrow(draw, [(420, 230), (420, 300), (640, 300), (640, 330)], BLUE)
    _words(draw, (60, 530), "red: fire, by stairs A    blue: to the car, by the service lift")


def _route(draw: Draw) -> None:
    _plan(
        draw,
        [
            *((60, 330, 300, 520, "court, car"), (300, 330, 460, 520, "north door")),
            *((460, 60, 700, 330, "green room"), (700, 60, 900, 520, "stage")),
            *((460, 330, 700, 520, "passage"), (60, 60, 460, 330, "hall, 420 seats")),
        ],
    )
    _arrow(draw, [(180, 450), (380, 450), (580, 450), (580, 200)], BLUE)
    _arrow(draw, [(780, 260), (620, 400), (180, 480)], RED)
    _words(draw, (60, 545), "blue: arrival    red: emergency departure")


def _plot(draw: Draw) -> None:
    _plan(
        draw,
        [
            *((60, 60, 900, 520, "plot"), (360, 180, 620, 380, "house")),
            *((60, 240, 120, 340, "gate"), (720, 400, 880, 500, "boat house")),
        ],
    )
    for at in ((340, 160), (640, 160), (340, 400)):
        draw.ellipse((at[0] - 10, at[1] - 10, at[0] + 10, at[1] + 10), fill=LIGHT, outline=INK)
    _arrow(draw, [(490, 380), (490, 450), (90, 450), (90, 340)], BLUE)
    _arrow(draw, [(620, 300), (800, 300), (800, 400)], RED)
    _words(draw, (60, 545), "yellow: lamps    blue: to the car    red: by water")


def _way_in(draw: Draw) -> None:
    _plan(
        draw,
        [
            *((60, 60, 420, 240, "ambulance bay B"), (420, 60, 640, 240, "treatment")),
            *((640, 60, 900, 240, "intensive care"), (420, 330, 640, 520, "waiting room")),
            *((640, 330, 900, 520, "staff door, discreet"),),
        ],
    )
    _arrow(draw, [(240, 300), (240, 150), (520, 150)], RED)
    _arrow(draw, [(770, 540), (770, 290), (560, 290), (560, 240)], BLUE)


def _figure(draw: Draw) -> None:
    """A man in a long parka with an envelope, as words describe him: nobody's face."""
    draw.rectangle((0, 520, 960, 600), fill="#d8d2c2")
    draw.ellipse((430, 70, 530, 190), fill="#e3d9c6", outline=INK, width=4)
    draw.arc((424, 56, 536, 150), 180, 360, fill=STONE, width=16)
    draw.polygon([(400, 205), (560, 205), (600, 430), (360, 430)], fill="#8b929c", outline=INK)
    draw.line((480, 205, 480, 430), fill=INK, width=3)
    for left in (418, 502):
        draw.rectangle((left, 430, left + 42, 540), fill="#3c444f")
        draw.ellipse((left - 10, 525, left + 52, 556), fill="#23282f")
    draw.polygon([(400, 215), (340, 350), (372, 366), (420, 290)], fill="#7d848e", outline=INK)
    draw.polygon([(560, 215), (620, 350), (588, 366), (540, 290)], fill="#7d848e", outline=INK)
    draw.rectangle((585, 340, 690, 405), fill="#a9814f", outline=INK, width=3)
    draw.line((585, 340, 638, 375, 690, 340), fill=INK, width=3)
    for y, text in ((80, "tall, 60 to 70"), (230, "long grey parka"), (380, "brown envelope")):
        _words(draw, (60, y), text, size=26)
        draw.line((280, y + 18, 356, y + 18), fill=RED, width=3)
    _words(draw, (690, 540), "drawn from words", STONE)


def _car(draw: Draw) -> None:
    """A grey saloon in a garage, from the side."""
    draw.rectangle((0, 430, 960, 600), fill="#3a424c")
    for left in range(0, 960, 240):
        draw.rectangle((left, 0, left + 16, 430), fill="#4a535e")
    draw.rounded_rectangle((120, 300, 840, 440), 46, fill="#8b929c")
    draw.polygon([(270, 304), (370, 208), (600, 208), (720, 304)], fill="#79808a")
    draw.polygon([(300, 300), (382, 224), (474, 224), (474, 300)], fill="#20262d")
    draw.polygon([(494, 300), (494, 224), (590, 224), (682, 300)], fill="#20262d")
    for left in (220, 630):
        draw.ellipse((left, 370, left + 124, 494), fill="#11161b", outline=STONE, width=8)
    draw.rounded_rectangle((812, 336, 840, 372), 8, fill=LIGHT)
    _words(draw, (40, 545), "garage, level 1", LIGHT)


DRAWINGS: dict[str, tuple[Callable[[Draw], None], str]] = {
    "front": (_front, NIGHT),
    "door": (_door, NIGHT),
    "corridor": (_corridor, NIGHT),
    "hall": (_hall, "#241a1f"),
    "gate": (_gate, "#87a0ad"),
    "floor": (_floor, PAPER),
    "route": (_route, PAPER),
    "plot": (_plot, PAPER),
    "way_in": (_way_in, PAPER),
    "figure": (_figure, PAPER),
    "car": (_car, "#2c333b"),
}
