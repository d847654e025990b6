"""Exposure of several routes as one picture: one above the other, on the same scales.

Plain SVG of classes and ``currentColor``, so a page themes it and it prints in black; every mark
has a row with its name, so nothing rests on colour. ``told`` says the same in words.
"""

from collections.abc import Callable, Sequence
from html import escape

from . import words
from .exposure import Exposure, Stretch

WIDE, LEFT, RIGHT = 390, 66, 10
HEAD, SPEED, HAVEN, ROW, FOOT, GAP = 34, 44, 44, 13, 36, 8
"""Pixels: title of a route, the two graphs, a row of marks, the axis, between them."""
LIMIT_S = 300.0
Named = tuple[str, Exposure]

MARKS: tuple[tuple[str, str, Callable[[Stretch], bool]], ...] = (
    ("no exit", "exit", lambda part: part.single_exit),
    ("tunnel", "tunnel", lambda part: "tunnel" in part.flags),
    ("bridge", "bridge", lambda part: "bridge" in part.flags),
    ("overlook", "overlook", lambda part: "overlook" in part.flags),
    ("one lane", "narrow", lambda part: "narrow" in part.flags),
    ("lights", "lights", lambda part: "lights" in part.flags),
)


class _Scale:
    """What all routes of a picture share."""

    def __init__(self, routes: Sequence[Named]) -> None:
        parts = [part for _, route in routes for part in route.along]
        known = [s for part in parts if (s := nearest(part)) is not None]
        self.metres = max((route.metres for _, route in routes), default=0.0) or 1.0
        self.kmh = _round_up(max((part.speed_kmh for part in parts), default=50.0), 10)
        self.seconds = _round_up(max(known, default=LIMIT_S), 60)
        self.marks = [mark for mark in MARKS if any(mark[2](part) for part in parts)]
        self.panel = HEAD + SPEED + GAP + HAVEN + GAP + ROW * len(self.marks) + FOOT

    def x(self, metres: float) -> float:
        return LEFT + (WIDE - LEFT - RIGHT) * metres / self.metres


def nearest(part: Stretch) -> float | None:
    """Seconds to the nearest haven of any kind; None when none is known or can be reached."""
    return min((s for s in part.havens.values() if s is not None), default=None)


def draw(
    routes: Sequence[Named],
    title: str = "Exposure along the routes",
    ident: str = "e",
    like: Sequence[Named] = (),
) -> str:
    """SVG, 390 wide and scaled by the page.

    Classes: ``vx-speed vx-haven vx-limit vx-unknown vx-mark vx-<mark> vx-turn vx-gap vx-text``.
    :param ident: told apart from other pictures of the same page.
    :param like: all routes that are looked at together: pictures of some of them share scales.
    """
    scale = _Scale(like or routes)
    high = max(len(routes), 1) * scale.panel
    body = "".join(
        _panel(scale, name, route, i * scale.panel) for i, (name, route) in enumerate(routes)
    )
    names = f'aria-labelledby="{ident}-title {ident}-desc"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="vx" role="img" '
        f'shape-rendering="crispEdges" viewBox="0 0 {WIDE} {high}" '
        f'{names} font-size="11" font-family="inherit, sans-serif" fill="currentColor">'
        f'<title id="{ident}-title">{escape(title)}</title>'
        f'<desc id="{ident}-desc">{escape(" ".join(told(routes)))}</desc>{body}</svg>'
    )


def told(routes: Sequence[Named]) -> list[str]:
    """The picture in sentences, one a route."""
    return [f"{name}: {_sentence(route)}." for name, route in routes]


def _sentence(route: Exposure) -> str:
    says = [f"{words.metres(route.metres)}, {words.seconds(route.seconds)}"]
    says.append(route.gap.words if route.gap else "no haven is known")
    says += [driver.words for driver in route.drivers[:4] if driver.share > 0]
    if route.turn:
        says.append(route.turn.words)
    return "; ".join(says)


def _panel(scale: _Scale, name: str, route: Exposure, top: float) -> str:
    speed, haven = top + HEAD + SPEED, top + HEAD + SPEED + GAP + HAVEN
    rows = haven + GAP
    foot = rows + ROW * len(scale.marks)
    facts = f"{words.metres(route.metres)} · {words.seconds(route.seconds)}"
    if route.gap:
        far = words.seconds(route.gap.seconds) if route.gap.seconds is not None else "unreachable"
        facts += f" · worst haven {far}"
    return "".join(
        [
            f'<g class="vx-route">{_text(2, top + 14, name, weight="bold")}',
            _text(2, top + 28, facts),
            _axis(speed, SPEED, f"{scale.kmh:.0f} km/h", "speed"),
            _speed(scale, route, speed),
            _axis(haven, HAVEN, words.seconds(scale.seconds), "haven"),
            _haven(scale, route, haven),
            _gap(scale, route, haven),
            *(_marks(scale, route, mark, rows + ROW * i) for i, mark in enumerate(scale.marks)),
            _turn(scale, route, top + HEAD, foot),
            _feet(scale, foot),
            "</g>",
        ]
    )


def _text(x: float, y: float, what: str, anchor: str = "start", weight: str = "normal") -> str:
    style = f'text-anchor="{anchor}" font-weight="{weight}"'
    return f'<text class="vx-text" x="{x:.1f}" y="{y:.1f}" {style}>{escape(what)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line class="{kind}" {ends} stroke="currentColor"{dashed}/>'


def _box(x: float, y: float, wide: float, high: float, kind: str, opacity: float = 1.0) -> str:
    size = f'x="{x:.1f}" y="{y:.1f}" width="{max(wide, 1.5):.1f}" height="{high:.1f}"'
    return f'<rect class="{kind}" {size} fill-opacity="{opacity}"/>'


def _axis(base: float, high: float, most: str, what: str) -> str:
    return (
        _text(LEFT - 6, base - high + 9, most, "end")
        + _text(LEFT - 6, base, what, "end")
        + _line(LEFT, base, WIDE - RIGHT, base, "vx-axis")
    )


def _speed(scale: _Scale, route: Exposure, base: float) -> str:
    path = f"M{LEFT} {base:.1f}"
    for part in route.along:
        y = base - SPEED * min(part.speed_kmh / scale.kmh, 1)
        path += f"V{y:.1f}H{scale.x(part.to_m):.1f}"
    shut = f'{path}V{base:.1f}Z" fill-opacity=".22" stroke="currentColor" stroke-width="1"/>'
    return f'<path class="vx-speed" d="{shut}'


def _haven(scale: _Scale, route: Exposure, base: float) -> str:
    drawn, path, pen = "", "", False
    for part in route.along:
        far, x1, x2 = nearest(part), scale.x(part.from_m), scale.x(part.to_m)
        if far is None:
            drawn += _box(x1, base - HAVEN, x2 - x1, HAVEN, "vx-unknown", 0.12)
            pen = False
            continue
        y = base - HAVEN * min(far / scale.seconds, 1)
        path += f"V{y:.1f}H{x2:.1f}" if pen else f"M{x1:.1f} {y:.1f}H{x2:.1f}"
        pen = True
    if not any(part.havens for part in route.along):
        drawn += _text(LEFT + 6, base - HAVEN / 2, "no haven is known")
    if scale.seconds >= LIMIT_S:
        y = base - HAVEN * LIMIT_S / scale.seconds
        drawn += _line(LEFT, y, WIDE - RIGHT, y, "vx-limit", "2 3")
        if 0.3 < LIMIT_S / scale.seconds < 0.72:
            drawn += _text(LEFT - 6, y + 4, "5 min", "end")
    line = 'fill="none" stroke="currentColor" stroke-width="2"'
    return drawn + (f'<path class="vx-haven" d="{path}" {line}/>' if path else "")


def _gap(scale: _Scale, route: Exposure, base: float) -> str:
    if route.gap is None or route.gap.seconds is None:
        return ""
    y = base - HAVEN * min(route.gap.seconds / scale.seconds, 1)
    ring = f'cx="{scale.x(route.gap.at_m):.1f}" cy="{y:.1f}" r="4"'
    return f'<circle class="vx-gap" {ring} fill="none" stroke="currentColor" stroke-width="1.5"/>'


def _marks(
    scale: _Scale, route: Exposure, mark: tuple[str, str, Callable[[Stretch], bool]], top: float
) -> str:
    name, kind, here = mark
    drawn = _text(LEFT - 6, top + 9, name, "end")
    drawn += _line(LEFT, top + 5.5, WIDE - RIGHT, top + 5.5, "vx-rail", "1 4")
    for part in filter(here, route.along):
        if kind == "lights":
            drawn += _box(scale.x(part.to_m) - 1, top + 1, 2, 9, "vx-mark vx-lights")
        else:
            long = scale.x(part.to_m) - scale.x(part.from_m)
            drawn += _box(scale.x(part.from_m), top + 2, long, 7, f"vx-mark vx-{kind}")
    return drawn


def _turn(scale: _Scale, route: Exposure, top: float, foot: float) -> str:
    if route.turn is None:
        return ""
    x = scale.x(route.turn.at_m)
    side = "end" if x > WIDE * 0.6 else "start"
    label = "go on from here ↑" if side == "end" else "↑ go on from here"
    at = x + 4 if side == "end" else x - 4
    return _line(x, top, x, foot, "vx-turn", "4 3") + _text(at, foot + 29, label, side)


def _feet(scale: _Scale, foot: float) -> str:
    step = next(s for s in _STEPS if scale.metres / s <= 6)
    ticks, at = "", 0.0
    while at <= scale.metres:
        x = scale.x(at)
        ticks += _line(x, foot, x, foot + 3, "vx-axis")
        side = "end" if x > WIDE - 24 else "middle"
        ticks += _text(x, foot + 15, words.metres(at) if at else "0", side)
        at += step
    return ticks


_STEPS = [digit * 10**power for power in range(1, 8) for digit in (1, 2, 5)]


def _round_up(value: float, step: float) -> float:
    return max(-(-value // step), 1) * step
