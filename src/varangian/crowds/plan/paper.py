"""The drawing of a venue for paper: black on white, one picture a level, without what is hidden."""

from html import escape
from typing import Any

from varangian.engines.crowdflow.venue import Venue

from ..drawing import picture_of
from .secrets import names_one

LINE = "#20262e"
STYLES = {
    "area": 'fill="#f2f4f6" stroke="#7a828c"', "zone": f'fill="none" stroke="{LINE}" {{dash}}',
    "queue": 'fill="#dfe8f2" stroke="#1f3a5f"', "stage": 'fill="#d5d9de" stroke="#7a828c"',
    "wall": f'fill="none" stroke="{LINE}" {{thick}}',
    "barrier": 'fill="none" stroke="#8a5a00" {thick}',
    "stair": 'fill="none" stroke="#5b3a8a" {thick}', "door": 'fill="none" stroke="#1f3a5f" {thick}',
    "gate": 'fill="none" stroke="#1f3a5f" {thick}', "screening": 'fill="#5b3a8a" stroke="#5b3a8a"',
    "seats": 'fill="#9aa1aa"', "post": 'fill="#8a5a00"', "vehicle": 'fill="#1f3a5f"',
    "safe_room": 'fill="#1f6f3f" stroke="#1f6f3f"',
    "way": 'fill="none" stroke="#5b3a8a" {dash}', "stay": 'fill="#5b3a8a" stroke="#5b3a8a"',
    "overlook": 'fill="none" stroke="#a3261c" {thick}',
}  # fmt: skip
OUT = 'fill="none" stroke="#1f6f3f" {thick}'


def svg_of(venue: Venue, hidden: set[str], secret: list[str]) -> list[dict[str, Any]]:
    picture = picture_of(venue, [])
    unit = picture["mark"]
    found = []
    for level in picture["levels"]:
        shapes = [one for one in level["shapes"] if one["id"] not in hidden]
        body = "".join(_shape(one, unit) for one in shapes)
        body += "".join(_name(one, picture["text"], secret) for one in shapes)
        x, y, wide, high = (float(part) for part in picture["box"].split())
        body += _scale(x + unit, y + high - unit, picture["scale"], picture["text"], unit)
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x} {y} {wide} {high}" '
            f'width="{wide * 10:.0f}" height="{high * 10:.0f}">{body}</svg>'
        )
        more = len(picture["levels"]) > 1
        found.append({"title": f"Level {level['level']}" if more else "", "svg": svg})
    return found


def _shape(one: dict[str, Any], unit: float) -> str:
    style = OUT if "vc-out" in one["cls"] else STYLES[one["kind"]]
    style = style.replace("{thick}", f'stroke-width="{unit * 0.6:.2f}"')
    style = style.replace("{dash}", f'stroke-dasharray="{unit:.2f} {unit:.2f}"')
    if "stroke-width" not in style:
        style += f' stroke-width="{unit * 0.15:.2f}"'
    if one["d"]:
        return f'<path d="{one["d"]}" {style}/>'
    return "".join(f'<circle cx="{x}" cy="{y}" r="{unit}" {style}/>' for x, y in one["points"])


def _name(one: dict[str, Any], size: float, secret: list[str]) -> str:
    words = one["name"] or (one["id"] if one["kind"] in ("door", "gate") else "")
    if not words or one["kind"] == "seats" or names_one(words, secret):
        return ""
    return (
        f'<text x="{one["x"]}" y="{one["y"]}" font-size="{size}" text-anchor="middle" '
        f'font-family="Libertinus Serif" fill="{LINE}">{escape(words[:24])}</text>'
    )


def _scale(x: float, y: float, metres: int, size: float, unit: float) -> str:
    return (
        f'<path d="M{x:.2f} {y:.2f} h{metres}" stroke="{LINE}" stroke-width="{unit * 0.25:.2f}"/>'
        f'<text x="{x:.2f}" y="{y - unit * 0.5:.2f}" font-size="{size}" '
        f'font-family="Libertinus Serif" fill="{LINE}">{metres} m</text>'
    )
