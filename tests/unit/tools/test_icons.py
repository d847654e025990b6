"""The icons for home screens are the mark of the house, and what phones can show."""

import pytest
from PIL import Image, ImageChops
from tools import icons

from varangian.protection.worker_script import MANIFEST


@pytest.mark.parametrize("name", icons.ICONS)
def test_what_is_kept_is_what_the_mark_draws(name):
    side, share, ground = icons.ICONS[name]
    with Image.open(icons.OUT / name) as kept:
        assert kept.size == (side, side)
        assert kept.mode == ("RGB" if ground else "RGBA"), "iOS shows black where it is clear"
        apart = ImageChops.difference(
            kept.convert("RGB"), icons.drawn(side, share, ground).convert("RGB")
        )
        least, most = apart.convert("L").getextrema()
        assert most < 48, f"{least} to {most}: run tools/icons.py"


def test_a_maskable_icon_keeps_its_shape_inside_the_safe_circle():
    image = icons.drawn(*icons.ICONS["icon-maskable-512.png"])
    ground = image.getpixel((0, 0))
    half, safe = 256, 0.4 * 512
    for x in range(0, 512, 8):
        for y in range(0, 512, 8):
            if (x - half) ** 2 + (y - half) ** 2 > safe**2:
                assert image.getpixel((x, y)) == ground


def test_the_manifest_names_files_that_are_there():
    for icon in MANIFEST["icons"]:
        if icon["type"] == "image/png":
            path = icons.OUT / icon["src"].removeprefix("/static/phone/")
            with Image.open(path) as found:
                assert icon["sizes"] == f"{found.width}x{found.height}"
    assert {icon["purpose"] for icon in MANIFEST["icons"]} == {"any", "maskable"}
