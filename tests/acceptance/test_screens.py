"""Every main screen of the worked operation: clean console, our own host only, nothing that axe
calls serious, no sideways scroll. VARANGIAN_SCREENS=1 keeps pictures in docs/screens/."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from tests.acceptance.browser import DESK, PHONE, Seat, sit_down, visitor

LEADER, DRIVER = "leader@varangian.invalid", "driver@varangian.invalid"
PAGES = {
    "board": "/",
    "operations": "/operations/",
    "operation": "/operations/{slug}/",
    "itinerary": "/travel/operations/{slug}/",
    "threats": "/threats/",
    "register": "/threats/{slug}/",
    "measures": "/planning/{slug}/measures/",
    "order": "/planning/{slug}/order/",
    "change": "/planning/{slug}/change/",
    "orders-in-hand": "/m/orders/",
    "order-driver": "/planning/{slug}/order/",
    "readiness": "/planning/{slug}/readiness/",
    "cards": "/planning/{slug}/cards/",
    "cards-in-hand": "/m/cards/{slug}/",
    "comms": "/planning/{slug}/comms/",
    "thread": "/planning/{slug}/thread/",
    "posts": "/operations/{slug}/posts/",
    "principals": "/principals/",
    "principal": "/principals/heron/",
    "places": "/places/",
    "place": "/places/{hotel}/",
    "survey": "/places/{hotel}/survey/?open=room",
    "survey-version": "/places/{hotel}/survey/versions/1/",
    "advance": "/planning/{slug}/advance/",
    "roster": "/planning/{slug}/roster/",
    "duties": "/m/duties/",
    "intelligence": "/intelligence/",
    "feeds": "/intelligence/feeds/",
    "travel": "/travel/",
    "log": "/log/of/{slug}/",
    "alerts": "/alerts/",
    "security": "/security/",
    "sign-in": "/account/login/",
}
BY_OTHERS = {
    "order-driver": DRIVER,
    "orders-in-hand": DRIVER,
    "cards-in-hand": DRIVER,
    "duties": DRIVER,
    "sign-in": "",
}
SIZES = {"1440": DESK, "390": PHONE}
MAPS = {"board", "operation", "intelligence"}
PICTURES = Path(__file__).parents[2] / "docs" / "screens"
KEPT = {
    *("board-dark-1440", "board-light-1440", "board-night-1440", "board-dark-390"),
    *("operation-dark-1440", "register-dark-1440", "itinerary-light-1440", "readiness-light-1440"),
    *("order-dark-1440", "order-driver-dark-390", "log-dark-1440", "principal-dark-1440"),
    *("intelligence-dark-1440", "alerts-dark-390"),
    *("roster-dark-1440", "duties-dark-390"),
    *("survey-dark-1440", "survey-dark-390", "advance-dark-1440"),
    *("incident-dark-1440", "incident-light-390", "centre-dark-1440", "centre-dark-390"),
    *("muster-dark-1440", "muster-own-dark-390", "muster-link-dark-390", "casualty-light-1440"),
    *("queued-dark-1440", "handover-light-1440"),
}
SET_THEME = """name => {
  const root = document.documentElement;
  root.dataset.theme = name;
  root.dataset.bsTheme = name === "light" ? "light" : "dark";
  document.dispatchEvent(new CustomEvent("varangian:theme", {detail: name}));
}"""
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def hotel(worked_house) -> str:
    rows = worked_house.cli("place", "list")
    return next(row["id"] for row in rows if row["name"] == "Hotel Aurora")


@pytest.fixture(scope="module", params=SIZES)
def seats(request, worked_house, browser) -> Iterator[tuple[str, dict[str, Seat]]]:
    """The screens of the leader, of a driver, and of somebody who has not signed in."""
    size = SIZES[request.param]
    with ExitStack() as stack:
        found = {who: sit_down(browser, worked_house, who, size=size) for who in (LEADER, DRIVER)}
        found[""] = visitor(browser, worked_house, size=size)
        for seat in found.values():
            stack.callback(seat.context.close)
        yield request.param, found


@pytest.mark.parametrize("name", PAGES)
def test_screen(name: str, seats, slug: str, hotel: str) -> None:
    width, by_person = seats
    seat = by_person[BY_OTHERS.get(name, LEADER)]
    page = seat.go(PAGES[name].format(slug=slug, hotel=hotel))
    page.get_by_role("heading", level=1).wait_for()
    if name in MAPS:
        page.locator(".maplibregl-canvas").first.wait_for()
        page.wait_for_timeout(1200)
    for theme in ("dark", "light", *(["night"] if name == "board" else [])):
        page.evaluate(SET_THEME, theme)
        page.wait_for_timeout(600 if name in MAPS else 150)
        keep(page, f"{name}-{theme}-{width}")
        assert not serious(page, all_rules=theme == "dark"), f"{name} {theme} {width}"
    assert page.evaluate(SIDEWAYS) <= 0, "the page scrolls sideways"
    seat.assert_clean()


def serious(page: Page, *, all_rules: bool) -> list[str]:
    """Only colours differ between the themes; the other rules are asked once a page."""
    options: dict[str, list[str]] = {"resultTypes": ["violations"]}
    if not all_rules:
        options["runOnly"] = ["color-contrast"]
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{row['id']}: {row['help']}: {[node['html'][:160] for node in row['nodes'][:4]]}"
        for row in found
        if row["impact"] in ("serious", "critical")
    ]


def keep(page: Page, name: str) -> None:
    """A palette of 192 colours: a console has few, and the repository stays small."""
    if os.environ.get("VARANGIAN_SCREENS") != "1" or name not in KEPT:
        return
    from PIL import Image

    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path)
    adaptive = Image.Palette.ADAPTIVE
    Image.open(path).convert("P", palette=adaptive, colors=192).save(path, optimize=True)
