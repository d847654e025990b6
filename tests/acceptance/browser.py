"""People at their screens: real Chromium against real processes, watched for every fault."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlparse

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright
from tests.stack import Stack

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
]
PATIENCE = 30_000
"""Milliseconds until a browser on a busy machine is given up; nothing waits that long otherwise."""
OPEN: list[BrowserContext] = []
"""Every browser of a person that was opened and not yet left."""
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@contextmanager
def chromium() -> Iterator:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    expect.set_options(timeout=PATIENCE)
    playwright: Playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@dataclass
class Seat:
    """One person at one screen. ``faults`` collects what a user should never see."""

    context: BrowserContext
    page: Page
    base: str
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page

    def assert_clean(self) -> None:
        assert not self.faults, self.faults


def visitor(browser, stack: Stack, *, size: dict[str, int] = DESK, theme: str = "dark") -> Seat:
    """A browser of its own, with nobody signed in."""
    scheme = "light" if theme == "light" else "dark"
    context = browser.new_context(viewport=size, color_scheme=scheme)
    OPEN.append(context)
    seat = Seat(context, context.new_page(), stack.url)
    watch(seat)
    return seat


def leave() -> None:
    """Everybody gets up; who has left before is no matter."""
    while OPEN:
        OPEN.pop().close()


def sit_down(
    browser, stack: Stack, email: str, *, size: dict[str, int] = DESK, theme: str = "dark"
) -> Seat:
    """A browser of its own, signed in by a one-time link from the console."""
    seat = visitor(browser, stack, size=size, theme=theme)
    sign_in(seat, stack, email)
    seat.page.evaluate(f"localStorage.setItem('vg-theme', '{theme}')")
    return seat


def sign_in(seat: Seat, stack: Stack, email: str) -> None:
    secret = stack.cli("user", "link", email)["link"].rsplit("/", 1)[-1]
    seat.go(f"/enter/{secret}")
    seat.page.get_by_role("button", name="Sign in").click()
    seat.page.wait_for_url(re.compile("^(?!.*/enter/)"))


def watch(seat: Seat) -> None:
    hosts = {urlparse(seat.base).hostname}
    page = seat.page
    page.set_default_timeout(PATIENCE)

    def spoken(message) -> None:
        if message.type == "error":
            seat.faults.append(f"console: {message.text[:300]}")

    def asked(request) -> None:
        url = urlparse(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and url.hostname not in hosts:
            seat.faults.append(f"asked another host: {request.url}")

    page.on("console", spoken)
    page.on("pageerror", lambda error: seat.faults.append(f"script: {error}"))
    page.on("request", asked)
