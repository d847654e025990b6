"""Faces: search, agreement of shots, denials, photos that cannot be used, the study."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from varangian.engines.vision.catalogue import FaceLimits
from varangian.engines.vision.faces import pictures, study
from varangian.engines.vision.faces.gallery import Gallery, Template, candidate, similarity
from varangian.engines.vision.faces.model import Face, Quality, Vector
from varangian.engines.vision.faces.quality import quality, rank
from varangian.engines.vision.faces.watch import FaceWatch, head
from varangian.engines.vision.model import Frame, Tracked
from varangian.kernel.results import Refused

LIMITS = FaceLimits("distance", 0.5, 40, 10, 0.45, "drawn vectors")
RNG = np.random.default_rng(5)
PEOPLE = {f"p{k}": RNG.normal(0, 1, 32) for k in range(20)}


def vector(values: np.ndarray, sha256: str = "one") -> Vector:
    return Vector(np.asarray(values, np.float32), "test", sha256)


def near(person: str, apart: float) -> Vector:
    """A shot of a person: ``apart`` away from the template."""
    step = np.ones(32) / np.sqrt(32)
    return vector(PEOPLE[person] + apart * step)


@pytest.fixture
def gallery() -> Gallery:
    return Gallery(Template(name, vector(values)) for name, values in PEOPLE.items())


def face(x: float = 10, y: float = 10, width: float = 60) -> Face:
    points = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]]) * width
    return Face((x, y, x + width, y + width), points + np.array([x, y]), 0.9)


def test_search_is_exact_and_best_first(gallery: Gallery) -> None:
    query = near("p7", 0.2)
    found = gallery.search(query, 20)
    apart = {n: float(np.linalg.norm(query.values - PEOPLE[n].astype(np.float32))) for n in PEOPLE}
    assert found[0].entry == "p7"
    assert found[0].similarity == pytest.approx(0.8, abs=1e-4)
    assert [m.entry for m in found] == sorted(PEOPLE, key=lambda n: apart[n])


def test_an_entry_counts_by_its_nearest_picture() -> None:
    two = Gallery([Template("a", near("p1", 3)), Template("a", near("p1", 0.1))])
    assert two.search(near("p1", 0))[0].similarity == pytest.approx(0.9, abs=1e-4)
    assert len(two.search(near("p1", 0))) == 1


def test_cosine_of_unit_vectors() -> None:
    unit = vector(np.array([0.6, 0.8]))
    assert similarity(unit, vector(np.array([0.8, 0.6])), "cosine") == pytest.approx(0.96)


def test_networks_are_not_mixed(gallery: Gallery) -> None:
    with pytest.raises(Refused, match="another network"):
        gallery.search(vector(PEOPLE["p1"], "two"))
    with pytest.raises(Refused, match="different networks"):
        Gallery([Template("a", near("p1", 0)), Template("b", vector(PEOPLE["p2"], "two"))])


def test_an_empty_watchlist_finds_nobody() -> None:
    assert Gallery([]).search(near("p1", 0)) == []
    assert candidate([near("p1", 0)] * 3, Gallery([]), threshold=0.5) is None


def test_one_shot_alone_is_no_candidate(gallery: Gallery) -> None:
    shots = [near("p3", 0.1), near("p3", 0.9), near("p3", 0.8)]
    assert candidate(shots, gallery, threshold=0.5) is None
    found = candidate([*shots, near("p3", 0.3)], gallery, threshold=0.5)
    assert found is not None
    assert (found.entry, found.agreeing, found.shots) == ("p3", 2, 4)
    assert found.similarity == pytest.approx(0.7, abs=1e-3)


def test_a_stranger_is_no_candidate(gallery: Gallery) -> None:
    stranger = [vector(RNG.normal(0, 1, 32)) for _ in range(5)]
    assert candidate(stranger, gallery, threshold=0.5) is None


def test_shots_that_disagree_are_no_candidate(gallery: Gallery) -> None:
    assert candidate([near("p1", 0.1), near("p2", 0.1)], gallery, threshold=0.5) is None


def test_a_denial_is_remembered_for_that_face_and_entry_only(gallery: Gallery) -> None:
    double = [near("p4", 0.40), near("p4", 0.41)]
    assert candidate(double, gallery, threshold=0.5) is not None
    denied = [Template("p4", near("p4", 0.42))]
    assert candidate(double, gallery, threshold=0.5, not_this=denied) is None
    real = [near("p4", -0.1), near("p4", 0.05)]
    assert candidate(real, gallery, threshold=0.5, not_this=denied) is not None
    other = [Template("p5", near("p4", 0.42))]
    assert candidate(double, gallery, threshold=0.5, not_this=other) is not None


def picture(size: tuple[int, int] = (200, 160), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (90, 120, 150)).save(out, kind)
    return out.getvalue()


def test_a_photo_is_read_upright_as_bgr() -> None:
    image = pictures.read(picture())
    assert image.shape == (160, 200, 3)
    assert image[0, 0].tolist() == [150, 120, 90]
    turned = Image.new("RGB", (40, 80), "red")
    tags = turned.getexif()
    tags[0x0112] = 6
    out = io.BytesIO()
    turned.save(out, "JPEG", exif=tags)
    assert pictures.read(out.getvalue()).shape == (40, 80, 3)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"hello" * 50, picture()[:90]])
def test_a_corrupt_photo_is_said_in_words(content: bytes) -> None:
    with pytest.raises(Refused, match="no whole picture"):
        pictures.read(content, "a.png")


def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = picture((9000, 9000))
    assert len(bomb) < 1_000_000
    monkeypatch.setattr(Image.Image, "convert", lambda *a, **k: pytest.fail("decoded"))
    with pytest.raises(Refused, match="9000 x 9000"):
        pictures.read(bomb)


def test_a_file_that_is_too_long_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_BYTES", 100)
    with pytest.raises(Refused, match="MB"):
        pictures.read(picture())


class Finder:
    def __init__(self, *faces: Face) -> None:
        self.faces = list(faces)

    def find(self, image: np.ndarray) -> list[Face]:
        return self.faces


def test_a_photo_must_show_one_face() -> None:
    image = pictures.read(picture())
    with pytest.raises(Refused, match="No face"):
        pictures.only_face(image, Finder())
    with pytest.raises(Refused, match="3 faces"):
        pictures.only_face(image, Finder(face(), face(70), face(130)))
    large = face(width=90)
    assert pictures.only_face(image, Finder(large, face(120, width=12))) is large


def drawn(blur: int = 0) -> np.ndarray:
    cv2 = pytest.importorskip("cv2")
    image = np.random.default_rng(1).integers(0, 255, (100, 100, 3)).astype(np.uint8)
    image = cv2.resize(cv2.resize(image, (50, 50)), (100, 100))
    return cv2.blur(image, (blur, blur)) if blur else image


def test_blur_and_turning_lower_a_shot() -> None:
    sharp, soft = quality(drawn(), face()), quality(drawn(7), face())
    assert sharp.sharpness > 3 * soft.sharpness
    assert rank(sharp) > rank(soft)
    assert abs(sharp.yaw) < 0.01
    aside = face()
    aside.points[2, 0] += 14
    assert quality(drawn(), aside).yaw > 0.45
    faults = quality(drawn(9), aside).faults(FaceLimits("distance", 0.5, 64, 900, 0.45, ""))
    assert len(faults) == 3


def test_the_quality_is_plain_json() -> None:
    assert Quality(60.04, 12.34, 0.111, 3.21).plain() == {
        "width": 60.0, "sharpness": 12.3, "yaw": 0.11, "roll": 3.2,
    }  # fmt: skip


class Embedder:
    limits = LIMITS

    def __init__(self, *shots: Vector) -> None:
        self.shots, self.made = list(shots), 0

    def embed(self, image: np.ndarray, face: Face) -> Vector:
        self.made += 1
        return self.shots[(self.made - 1) % len(self.shots)]


def watched(embedder: Embedder, gallery: Gallery | None, looks: int = 12, width: float = 60):
    pytest.importorskip("cv2")
    image = np.tile(drawn(), (2, 2, 1))
    person = [Tracked(3, 0, "person", (20, 10, 120, 190), 0.9)]
    watch = FaceWatch(Finder(face(width=width)), embedder, gallery)
    told = []
    for k in range(looks):
        told += watch.look(Frame(k / 5, image, image[:, :, 0]), person)
    return watch, told


def test_a_candidate_is_told_once_with_its_reasons(gallery: Gallery) -> None:
    embedder = Embedder(near("p9", 0.2), near("p9", 0.3))
    watch, told = watched(embedder, gallery)
    candidates = [event for event in told if event.name == "face.candidate"]
    assert len(candidates) == 1
    detail = candidates[0].detail
    assert detail["entry"] == "p9"
    assert detail["agreeing_shots"] >= 2
    assert detail["threshold"] == 0.5
    assert len(watch.shots(3)) <= 5


def test_a_stranger_leaves_no_trace_but_shots_in_memory(gallery: Gallery) -> None:
    embedder = Embedder(vector(RNG.normal(0, 1, 32)))
    watch, told = watched(embedder, gallery)
    assert {event.name for event in told} == {"face.shot"}
    assert "vector" not in str([event.detail for event in told])
    image = np.zeros((200, 200, 3), np.uint8)
    watch.look(Frame(60.0, image, image[:, :, 0]), [])
    assert watch.shots(3) == []


def test_poor_shots_are_told_but_never_compared(gallery: Gallery) -> None:
    embedder = Embedder(near("p9", 0.1))
    watch, told = watched(embedder, gallery, width=30)
    assert embedder.made == 0
    assert watch.shots(3) == []
    assert "30 pixels" in told[0].detail["faults"][0]


def test_without_a_watchlist_no_vector_is_made() -> None:
    embedder = Embedder(near("p9", 0.1))
    _, told = watched(embedder, None)
    assert told
    assert embedder.made == 0


def test_the_head_is_cut_within_the_frame() -> None:
    image = np.zeros((100, 80, 3), np.uint8)
    assert head(image, (-10, -5, 30, 120)).shape[0] <= 100
    assert head(image, (20, 10, 50, 90)).shape[:2] == (49, 40)


def made(people: int, each: int, spread: float) -> list[study.Sample]:
    rng = np.random.default_rng(9)
    out = []
    for k in range(people):
        centre = rng.normal(0, 0.15, 32)
        for _ in range(each):
            values = centre + rng.normal(0, spread, 32)
            out.append(study.Sample(f"p{k}", vector(values), Quality(80, 50, 0, 0)))
    return out


def test_the_threshold_lets_as_many_strangers_in_as_it_says() -> None:
    found = study.Studied(made(40, 6, 0.03), [])
    shape = study.report(found, "distance")
    _, impostor = study.pairs(found.samples, found.samples, "distance")
    assert shape["impostor_pairs"] == 240 * 239 // 2 - 40 * 15
    row = shape["thresholds"][1]
    assert (impostor >= row["threshold"]).mean() <= 0.0011
    low, high = row["band_95"]
    assert low <= row["true_accept_rate"] <= high


def test_a_rate_that_chance_would_decide_is_not_told() -> None:
    shape = study.report(study.Studied(made(5, 4, 0.03), []), "distance")
    assert [row["threshold"] for row in shape["thresholds"]] == [None] * 3
    assert "are needed" in shape["thresholds"][2]["why"]


def test_one_person_is_no_study() -> None:
    with pytest.raises(Refused, match="1 people"):
        study.report(study.Studied(made(1, 4, 0.03), []), "distance")


def test_worse_pictures_are_smaller() -> None:
    pytest.importorskip("cv2")
    poor = study.worse(drawn(), 60, 30, 3, np.random.default_rng(1))
    assert poor.shape == (50, 50, 3)


def test_each_photo_of_a_batch_that_fails_is_named(tmp_path: Path) -> None:
    people = {"a": [("a/1.png", drawn())], "b": [("b/1.png", drawn())]}
    found = study.samples(people, Finder(), Embedder(near("p1", 0)))
    assert [row["picture"] for row in found.skipped] == ["a/1.png", "b/1.png"]
    assert "No face" in found.skipped[0]["reason"]
