"""The path language of SVG: straight parts as they are, curves as short lines."""

import re
from itertools import pairwise

TOKEN = re.compile(r"([MmLlHhVvCcSsQqTtAaZz])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7}
PARTS = 8
Point = tuple[float, float]


def subpaths(text: str) -> list[tuple[list[Point], bool]]:
    """Each with its points and whether it is closed. An arc becomes its chord, S and T their
    own control only."""
    found: list[tuple[list[Point], bool]] = []
    line: list[Point] = []
    at: Point = (0.0, 0.0)
    for letter, numbers in _commands(text):
        upper, relative = letter.upper(), letter.islower()
        if upper == "Z":
            if line:
                found.append((line, True))
                at, line = line[0], []
            continue
        if upper == "M":
            if len(line) > 1:
                found.append((line, False))
            line = []
        elif not line:
            line = [at]
        new = _points(upper, relative, numbers, at)
        line += new
        at = line[-1]
    if len(line) > 1:
        found.append((line, False))
    return found


def _commands(text: str) -> list[tuple[str, list[float]]]:
    found: list[tuple[str, list[float]]] = []
    letter, waiting = "", []
    for new, number in TOKEN.findall(text):
        if new:
            letter, waiting = new, []
            if new in "Zz":
                found.append((new, []))
            continue
        waiting.append(float(number))
        if letter and len(waiting) == TAKES.get(letter.upper(), 0):
            found.append((letter, waiting))
            waiting = []
            letter = {"M": "L", "m": "l"}.get(letter, letter)
    return found


def _points(upper: str, relative: bool, v: list[float], at: Point) -> list[Point]:
    x, y = at if relative else (0.0, 0.0)
    if upper == "H":
        return [(x + v[0], at[1])]
    if upper == "V":
        return [(at[0], y + v[0])]
    if upper == "A":
        return [(x + v[5], y + v[6])]
    nodes = [(x + a, y + b) for a, b in zip(v[::2], v[1::2], strict=True)]
    if upper in ("C", "S", "Q"):
        return _curve([at, *nodes])
    return nodes


def _curve(nodes: list[Point]) -> list[Point]:
    """De Casteljau, for any degree."""
    found = []
    for k in range(1, PARTS + 1):
        t, row = k / PARTS, nodes
        while len(row) > 1:
            row = [(a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])) for a, b in pairwise(row)]
        found.append(row[0])
    return found
