"""A camera on record compares faces; one role confirms in the browser, another sees nothing.

People walk through a true recording, found and followed by the true detector; the networks that
find and describe faces are pretended (tests/pretended), since no face may be kept here. Skipped
without the recording. VARANGIAN_SCREENS=1 keeps pictures."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

pytest.importorskip("av")
pytest.importorskip("cv2")

from tests.acceptance.browser import sit_down
from tests.acceptance.house import House
from tests.acceptance.test_screens import KEPT, keep
from tests.factories import picture
from tests.seed import furnish
from tests.stack import patience, team, until

LEADER, ANALYST = "leader@example.org", "ana@example.org"
DESK, OFFICER = "desk@example.org", "officer@example.org"
PAPER = b"%PDF-1.7\n% an invented assessment\ntrailer\n%%EOF\n"
CLIP = "one-by-one-person-detection.mp4"
PRETENDED = Path(__file__).parent.parent / "pretended"
KEPT |= {"face-review-dark-1440"}


@pytest.fixture(scope="module")
def house_of_faces(tmp_path_factory):
    folder = Path(os.environ.get("VARANGIAN_SHARED_DATA", "")) / "vision"
    if not (folder / CLIP).is_file():
        pytest.skip("VARANGIAN_SHARED_DATA names no folder with the recording")
    stack = House(
        furnish(tmp_path_factory.mktemp("faces")),
        VARANGIAN_VISION="1",
        VARANGIAN_CAMERA_FILES=str(folder),
        PYTHONPATH=str(PRETENDED),
    )
    try:
        stack.start()
        stack.operation = team(stack).operation
        for email, role in ((ANALYST, "analyst"), (DESK, "operator"), (OFFICER, "officer")):
            stack.cli("user", "create", email, f"Invented {role.title()}")
            stack.cli("member", "add", stack.operation, email, role, actor=LEADER)
        yield stack
        assert stack.stop() == 0
        stack.assert_gone()
    finally:
        stack.kill()


def clock(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S")


def test_a_face_is_confirmed_by_one_role_and_invisible_to_another(
    house_of_faces, browser, tmp_path
):
    house, slug = house_of_faces, house_of_faces.operation
    camera = house.cli(
        "camera", "add", "Passage", "--operation", slug, "--source", f"file:///{CLIP}",
        "--purpose", "The passage", "--legal-basis", "Consent of the owner", actor=LEADER,
    )  # fmt: skip
    paper = tmp_path / "dpia.pdf"
    paper.write_bytes(PAPER)
    record = house.cli(
        "faces", "draw", slug, "--camera", camera["id"], "--purpose", "Notice the letter writer",
        "--legal-basis", "Order of an invented town", "--necessity", "Guards cannot know him",
        "--dpia", "DPIA-7 of 1 November", "--places", "The passage", "--signage", "Both doors",
        "--valid-until", clock(2), "--deletion-days", "2", "--assessment", str(paper),
        actor=ANALYST,
    )  # fmt: skip
    photo = tmp_path / "photo.png"
    photo.write_bytes(picture((90, 90)))
    entry = house.cli(
        "faces", "propose", slug, "Letter writer", "--purpose", "To notice him",
        "--legal-basis", "Order of an invented town", "--proportionality", "Two days, one door",
        "--drill", "Observe and report", "--reviewer", LEADER, "--expires-at", clock(3),
        "--reference", "File 77/26", "--picture", str(photo), actor=ANALYST,
    )  # fmt: skip

    leader = sit_down(browser, house, LEADER)
    page = leader.go(f"/surveillance/of/{slug}/faces/")
    expect(page.get_by_text("No camera compares faces now.")).to_be_visible()
    page = leader.go(f"/surveillance/faces/entries/{entry['id']}/")
    page.get_by_role("button", name="Accept as reviewer").click()
    expect(page.locator(".vg-head-state")).to_contain_text("looked for")
    page = leader.go(f"/surveillance/faces/records/{record['id']}/")
    page.get_by_role("link", name="Sign", exact=True).click()
    page.get_by_role("button", name="Sign FD1").click()
    expect(page.locator(".vg-head-state")).to_contain_text("signed")
    leader.assert_clean()

    until(lambda: house.cli("faces", "candidates", slug, actor=DESK), 120)
    desk = sit_down(browser, house, DESK)
    page = desk.go(f"/surveillance/of/{slug}/faces/review/")
    page.get_by_label("Why do you look?").fill("Watch at the passage")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("heading", name="Passage: is this Letter writer?")).to_be_visible()
    for name in ("Shot 1 before Passage", "Picture 1 of W1"):
        loaded = page.get_by_alt_text(name)
        assert until(lambda shown=loaded: shown.evaluate("image => image.naturalWidth"), 20) > 16
    keep(page, "face-review-dark-1440")
    address = page.url
    page.keyboard.press("y")
    page.wait_for_url(lambda url: url != address, timeout=patience(20) * 1000)
    desk.go(f"/surveillance/of/{slug}/faces/review/?view=confirmed")
    expect(page.get_by_text("confirmed by Invented Operator")).to_be_visible()
    desk.assert_clean()

    officer = sit_down(browser, house, OFFICER)
    for path in (f"/surveillance/of/{slug}/faces/review/", address.removeprefix(house.url)):
        answer = officer.page.goto(house.url + path)
        assert answer is not None and answer.status in (403, 404)
        assert "Letter writer" not in officer.page.content()
    tabs = officer.go(f"/surveillance/of/{slug}/").locator(".vg-tabs").all_inner_texts()
    assert tabs and not any("Faces" in words for words in tabs)
    assert officer.go("/alerts/").get_by_text("two faces to compare").count() == 0

    page = leader.go(f"/surveillance/of/{slug}/faces/looked/")
    expect(page.get_by_text("Watch at the passage").first).to_be_visible()
    page = leader.go(f"/surveillance/faces/records/{record['id']}/")
    page.get_by_role("button", name="Revoke").click()
    page.get_by_label("Why").fill("The order was lifted")
    page.get_by_role("button", name="Revoke it").click()
    expect(page.locator(".vg-head-state")).to_contain_text("revoked")
    for seat in (leader, desk, officer):
        seat.context.close()
