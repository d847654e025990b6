"""Pictures as people send them."""

from io import BytesIO

import pytest
from PIL import Image

from varangian.kernel.results import Refused
from varangian.platform.storage import images
from varangian.platform.storage.images import read_picture, smaller


def picture(kind="PNG", size=(40, 30), **more):
    out = BytesIO()
    Image.new("RGB", size, "navy").save(out, kind, **more)
    return out.getvalue()


def opened(data):
    return Image.open(BytesIO(data))


@pytest.mark.parametrize(
    ("kind", "mime"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
def test_the_type_is_what_the_bytes_are(kind, mime):
    found = read_picture(picture(kind), "liar.exe")
    assert (found.media_type, found.width, found.height) == (mime, 40, 30)
    assert opened(found.preview).format == "JPEG"


def test_a_preview_is_smaller_upright_and_bare():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {2: (60.0, 10.0, 0.0)}
    found = read_picture(picture("JPEG", (3000, 1500), exif=exif))
    shown = opened(found.preview)
    assert shown.size == (640, 1280), "turned as the camera was held"
    assert not dict(shown.getexif()), "place and camera stay with the original"
    assert max(opened(smaller(found.preview, 200)).size) == 200


def test_a_sketch_without_ground_is_put_on_white():
    out = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(read_picture(out.getvalue()).preview).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7 not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"GIF89a" + b"\0" * 40,
        picture()[:60],
        picture("JPEG", (800, 800))[:400],
    ],
    ids=["empty", "pdf", "svg", "gif", "cut png", "cut jpeg"],
)
def test_what_is_no_picture_is_refused_in_words(data):
    with pytest.raises(Refused) as refusal:
        read_picture(data, "Gate")
    assert refusal.value.where == "Gate"


def test_what_is_too_large_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(images, "MOST_PIXELS", 1000)
    with pytest.raises(Refused, match="pixels"):
        read_picture(picture())
    monkeypatch.setattr(images, "MOST_BYTES", 10)
    with pytest.raises(Refused, match="limit"):
        read_picture(picture())
