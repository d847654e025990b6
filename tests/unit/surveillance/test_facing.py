"""Faces before a camera: nothing without templates, nothing told of who matches nobody."""

import base64

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("cv2")

from varangian.engines.vision.catalogue import FaceLimits, models  # noqa: E402
from varangian.engines.vision.faces.model import Face, Vector  # noqa: E402
from varangian.engines.vision.model import Frame, Tracked  # noqa: E402
from varangian.kernel.results import Refused  # noqa: E402
from varangian.surveillance.streams.describe import described  # noqa: E402
from varangian.surveillance.streams.facing import Facing, networks  # noqa: E402

SHA = models()["dlib-resnet"].sha256
RNG = np.random.default_rng(4)
WANTED = RNG.normal(0, 0.1, 128).astype("<f4")
STEP = np.ones(128, "<f4") / np.sqrt(128)


class Finder:
    """One face in the middle of whatever it is shown; ``count`` for more."""

    def __init__(self, count=1):
        self.count = count

    def find(self, image):
        wide = 60.0
        points = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]]) * wide
        return [Face((0.0, 0.0, wide, wide), points, 0.9)] * self.count


class Embedder:
    def __init__(self, values=WANTED):
        self.limits = FaceLimits("distance", 0.5, 48, 10, 0.45, "pretended")
        self.values = values

    def embed(self, image, face):
        return Vector(np.asarray(self.values, np.float32), "dlib-resnet", SHA)


def text(values) -> str:
    return base64.b64encode(np.asarray(values, "<f4").tobytes()).decode()


def order(*, stamp="1", not_this=(), threshold=0.5):
    return {
        "stamp": stamp,
        "model": "dlib-resnet",
        "sha256": SHA,
        "threshold": threshold,
        "templates": [["wanted", text(WANTED)]],
        "not_this": list(not_this),
    }


def walk(facing, track=1, begins=0.0, looks=5):
    """One person passes: a noisy picture, so that it counts as sharp."""
    image = RNG.integers(0, 255, (200, 120, 3), np.uint8)
    for number in range(looks):
        at = begins + number * 0.5
        seen = [Tracked(track, at, "person", (10.0, 5.0, 110.0, 195.0), 0.9)]
        assert facing.look(Frame(at, image, image[:, :, 0]), seen) == []
    return facing.drain()


def facing(values=WANTED):
    return Facing(lambda: (Finder(), Embedder(values)))


def test_nothing_is_looked_for_without_templates():
    one = Facing(lambda: pytest.fail("no network is loaded"))
    assert one.take(None) == "" and walk(one) == []


def test_a_match_leaves_as_crops_and_vectors_once_a_track():
    one = facing(WANTED + 0.1 * STEP)
    assert one.take(order()) == ""
    ((head, body),) = walk(one)
    assert head["entry"] == "wanted" and head["similarity"] == pytest.approx(0.9, abs=0.01)
    assert sum(head["sizes"]) == len(body) and len(head["vectors"]) == len(head["sizes"]) == 3
    assert body.startswith(b"\xff\xd8\xff")
    assert walk(one, begins=3.0) == []
    assert one.take(order(stamp="2")) == "" and walk(one, begins=6.0) == []


def test_who_matches_nobody_leaves_in_no_form():
    one = facing(WANTED + 2 * STEP)
    one.take(order())
    assert walk(one) == [] and one.drain() == []


def test_the_threshold_is_the_one_that_the_house_sends():
    one = facing(WANTED + 0.45 * STEP)
    one.take(order(threshold=0.6))
    assert walk(one) == []
    one.take(order(stamp="2", threshold=0.5))
    assert len(walk(one, track=2, begins=9.0)) == 1


def test_a_denied_look_alike_does_not_come_again():
    alike = WANTED + 0.4 * STEP
    one = facing(alike)
    one.take(order(not_this=[["wanted", text(alike + 0.01)]]))
    assert walk(one) == []


def test_all_is_forgotten_the_moment_the_house_says_so():
    one = facing()
    one.take(order())
    walk(one, looks=2)
    one.take(None)
    assert one._watch is None and walk(one, begins=2.0) == []


def test_a_worker_that_cannot_compare_says_so_once():
    def missing():
        raise Refused("The network dlib-resnet is not installed", mend="Install the extra.")

    one = Facing(missing)
    assert "not installed" in one.take(order()) and one.take(order()) == ""
    assert walk(one) == []
    assert "varangian[vision]" in facing().take(order(), able=False)


def photo(width=120, height=120, blur=False):
    from io import BytesIO

    from PIL import Image

    noise = RNG.integers(0, 255, (height, width, 3), np.uint8)
    out = BytesIO()
    Image.fromarray(np.full_like(noise, 120) if blur else noise).save(out, "PNG")
    return out.getvalue()


def test_a_photo_becomes_a_template_or_words():
    told = described(photo(), Finder(), Embedder())
    assert told["sha256"] == SHA and told["quality"]["width"] == 60.0
    assert np.allclose(np.frombuffer(base64.b64decode(told["template"]), "<f4"), WANTED)
    strict = Embedder()
    strict.limits = FaceLimits("distance", 0.5, 80, 10, 0.45, "pretended")
    for data, finder, embedder, words in (
        (photo(), Finder(0), Embedder(), "No face"),
        (photo(), Finder(3), Embedder(), "3 faces"),
        (photo(), Finder(), strict, "60 pixels wide, at least 80"),
        (photo(blur=True), Finder(), Embedder(), "blurred"),
        (b"no picture at all", Finder(), Embedder(), "no whole picture"),
        (photo(30, 30), Finder(), Embedder(), "30 x 30"),
    ):
        with pytest.raises(Refused, match=words):
            described(data, finder, embedder)


def test_the_true_networks_load_within_the_limits_of_a_child():
    """In its own process, as for every photo: a picture without a face is refused by CenterFace."""
    from varangian.surveillance.services.faces import describing

    try:
        networks()
    except Refused as missing:
        pytest.skip(str(missing))
    with pytest.raises(Refused, match="No face"):
        describing.describe(photo())
    with pytest.raises(Refused, match="no whole picture"):
        describing.describe(b"\xff\xd8\xff rubbish")
