"""The picture of several exposures: well-formed, on one scale, and said in words as well."""

import re

import numpy as np
import pytest
from defusedxml import ElementTree

pytest.importorskip("scipy")

from tests.unit.engines.routing.small import line, net

from varangian.engines.routing import city, diverse, exposure, havens, picture

TOWN = city.build()
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def routes():
    core = np.flatnonzero(TOWN.core)
    kinds = havens.by_kind(TOWN, [s for s in TOWN.sites if s.kind == "police"])
    found = diverse.routes(TOWN, int(core[3]), int(core[-4]), k=3)
    names = ("Primary <1>", "Alternate", "Emergency")
    return [
        (name, exposure.profile(TOWN, way, kinds)) for name, way in zip(names, found, strict=True)
    ]


def test_it_is_one_drawing_with_a_panel_for_each_route(routes):
    drawn = ElementTree.fromstring(picture.draw(routes))
    panels = drawn.findall(f"{SVG}g")
    assert len(panels) == 3 and panels[0].find(f"{SVG}text").text == "Primary <1>"
    assert drawn.get("viewBox").split()[2] == "390"
    assert all(f"e-{part}" in drawn.get("aria-labelledby") for part in ("title", "desc"))


def test_nothing_lies_outside_of_it(routes):
    text = picture.draw(routes)
    high = float(re.search(r'viewBox="0 0 390 ([\d.]+)"', text).group(1))
    for name, most in (("x", 390), ("x1", 390), ("x2", 390), ("cx", 390), ("y", high)):
        values = [float(v) for v in re.findall(rf' {name}="([-\d.]+)"', text)]
        assert values and min(values) >= 0 and max(values) <= most


def test_a_shorter_route_is_drawn_shorter(routes):
    ends = [
        float(x)
        for x in re.findall(r'class="vx-speed"[^>]*H([\d.]+)V[\d.]+Z', picture.draw(routes))
    ]
    longest = max(route.metres for _, route in routes)
    for end, (_, route) in zip(ends, routes, strict=True):
        share = (end - picture.LEFT) / (picture.WIDE - picture.LEFT - picture.RIGHT)
        assert share == pytest.approx(route.metres / longest, abs=0.01)


def test_pictures_of_one_route_each_share_their_scales(routes):
    whole = picture.draw(routes)
    for one in routes:
        alone = picture.draw([one], like=routes)
        (course,) = re.findall(r'class="vx-speed" d="[^"]*?H([\d.]+)V[\d.]+Z', alone)
        assert f"H{course}V" in whole


def test_the_same_is_said_in_words(routes):
    told = picture.told(routes)
    assert len(told) == 3 and told[1].startswith("Alternate: ")
    assert all("nearest haven" in sentence for sentence in told)
    assert "Primary &lt;1&gt;" in picture.draw(routes)


def test_it_needs_no_style_and_no_script(routes):
    assert not re.search(r"<style|<script|style=|url\(", picture.draw(routes))


def test_no_haven_is_said_and_none_in_reach_is_hatched():
    graph = net(line(3), [(0, 1, 9.0), (1, 2, 9.0)])
    bare = [("Only", exposure.profile(graph, [0, 1], {}))]
    assert (
        "no haven is known" in picture.draw(bare) and "no haven is known" in picture.told(bare)[0]
    )
    away, _ = havens.seconds_to_nodes(graph, [0])
    lost = [("Only", exposure.profile(graph, [0, 1], {"police": away}))]
    assert "vx-unknown" in picture.draw(lost) and "unreachable" in picture.draw(lost)


def test_an_empty_comparison_and_an_empty_route_are_drawn():
    ElementTree.fromstring(picture.draw([]))
    ElementTree.fromstring(picture.draw([("Here", exposure.profile(TOWN, [], {}))]))
