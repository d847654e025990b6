"""Plates as words: shapes of countries, look-alikes, what several shots say, where one can be."""

import numpy as np
import pytest

from varangian.engines.vision.model import Frame, Tracked
from varangian.engines.vision.plates import PlateWatch, countries, fit, plain, vote
from varangian.engines.vision.plates.countries import chosen
from varangian.engines.vision.plates.finder import Line
from varangian.engines.vision.plates.place import lower, spots
from varangian.engines.vision.plates.reader import Look
from varangian.engines.vision.plates.voting import Read, read_of
from varangian.kernel.results import Refused

EVERY = chosen("")
GB = chosen("GB")


def read(text, sure=0.9):
    return Read(text, (sure,) * len(text))


def test_every_country_says_its_shapes_and_where_they_come_from():
    for one in countries().values():
        assert one.shapes and one.source
        assert all(5 <= len(shape) <= 9 for shape in one.shapes)
    assert {"GB", "DE", "FI", "SE", "FR", "US"} <= set(countries())
    assert "US" not in {one.code for one in EVERY}, "too many words fit it"
    assert [one.code for one in chosen("us, fr fr")] == ["US", "FR"]
    with pytest.raises(Refused, match="ZZ"):
        chosen("GB, ZZ")


def test_a_text_is_brought_to_letters_and_digits():
    assert plain("k\u00fc-xk 20·8 ") == "KUXK208"
    assert plain("\u00e5 \u200b\x00東京") == "A"
    assert read_of(["K", "Ü", "-", "7"], [0.9, 0.8, 0.2, 0.7]) == Read("KU7", (0.9, 0.8, 0.7))


@pytest.mark.parametrize(
    ("codes", "said", "text", "country"),
    [
        ("GB", "AB12CDE", "AB12CDE", "GB"),
        ("GB", "AB1ZCDE", "AB12CDE", "GB"),
        ("GB", "ABI2CDE", "AB12CDE", "GB"),
        ("GB", "K0S1WXN", "KOS1WXN", None),
        ("DE", "BMW4471", "BMW4471", "DE"),
        ("DE", "BMW44O1", "BMW4401", "DE"),
        ("FI", "ZPH77I", "ZPH771", "FI"),
        ("SE", "MLB84A", "MLB84A", "SE"),
        ("SE", "MLB848", "MLB848", "SE"),
        ("FR", "A8123CD", "AB123CD", "FR"),
        ("ES", "4482KLM", "4482KLM", "ES"),
        ("FI SE", "ABC123", "ABC123", "FI"),
        ("GB", "8B888BB", "BB88BBB", None),
    ],
)
def test_look_alikes_are_exchanged_only_where_a_shape_asks(codes, said, text, country):
    found = fit(said, chosen(codes))
    if country is None:
        assert found is None or found.text != said
    else:
        assert found is not None and (found.text, found.country, found.whole) == (
            text, country, True,
        )  # fmt: skip


@pytest.mark.parametrize(
    "said", ["CATERING", "HOTEL", "0800726", "SALE50X", "24HSERVICE", "", "AAAA", "12345678901"]
)
def test_words_and_numbers_are_no_british_plate(said):
    assert fit(said, GB) is None


def test_a_piece_is_told_as_one():
    found = fit("12CDE", GB)
    assert found is not None and not found.whole and found.text == "12CDE"
    assert fit("2CDE", GB) is not None and fit("CDE", GB) is None and fit("1234", GB) is None
    assert fit("I2CD", GB) is None, "nothing is exchanged in a piece"


def test_two_shots_agree_or_nothing_is_told():
    assert vote([], GB) is None
    assert vote([read("AB12CDE")], GB) is None
    assert vote([read("AB12CDE"), read("AB12CDF")], GB) is None
    told = vote([read("AB12CDE"), read("AB12CDE")], GB)
    assert told is not None
    assert (told.plate, told.agreeing, told.shots, told.whole) == ("AB12CDE", 2, 2, True)
    assert told.confidence == pytest.approx(0.9)


def test_the_vote_is_by_character_and_by_how_sure_it_is():
    shots = [read("AB12CDE", 0.9), read("AB1ZCDE", 0.9), read("AB12CDF", 0.9), read("SALE24")]
    told = vote(shots, GB)
    assert told is not None and told.plate == "AB12CDE" and told.agreeing == 2 and told.shots == 4
    assert told.confidence < 0.9, "one of three saw another end"
    assert vote([read("AB12CDE", 0.4), read("AB12CDE", 0.4)], GB) is None
    tied = [read("AB12CDE"), read("AB12CDE"), read("KV63WXN"), read("KV63WXN")]
    assert vote(tied, GB) is None, "two vehicles in one track are nobody's plate"


def test_a_whole_plate_goes_before_a_piece():
    shots = [read("12CDE"), read("12CDE"), read("12CDE"), read("AB12CDE"), read("AB12CDE")]
    assert vote(shots, GB).plate == "AB12CDE"
    told = vote(shots[:3], GB)
    assert told.plate == "12CDE" and not told.whole


def line(x, y, wide, high, score=0.9):
    corners = [[x, y], [x + wide, y], [x + wide, y + high], [x, y + high]]
    return Line(np.array(corners, np.float32), score)


def test_a_plate_has_its_size_and_its_form():
    good = line(100, 200, 120, 24)
    assert [spot.lines for spot in spots([good], "car", 480)] == [(good,)]
    for bad in (
        line(100, 200, 300, 70),  # advertising: too large for the car
        line(100, 200, 30, 5),  # a badge
        line(100, 200, 24, 22),  # a single sign
        line(100, 200, 400, 24),  # a whole sentence
    ):
        assert spots([bad], "car", 480) == []
    slanted = Line(np.array([[0, 0], [60, 50], [45, 68], [-15, 18]], np.float32), 0.9)
    assert slanted.tilt > 25 and spots([slanted], "car", 480) == []


def test_two_rows_and_two_groups_are_one_plate():
    top, below = line(100, 200, 60, 24), line(95, 230, 70, 24)
    pairs = [spot.lines for spot in spots([below, top], "car", 480) if len(spot.lines) == 2]
    assert pairs == [(top, below)]
    left, right = line(100, 200, 50, 24), line(160, 201, 80, 24)
    pairs = [spot.lines for spot in spots([right, left], "car", 480) if len(spot.lines) == 2]
    assert pairs == [(left, right)]


def test_it_is_looked_for_in_the_lower_part():
    image = np.zeros((200, 300, 3), np.uint8)
    crop, corner = lower(image, (50, 20, 250, 120))
    assert corner == (50, 50) and crop.shape[:2] == (75, 201)
    assert lower(image, (400, 300, 500, 400))[0].size == 0


class Told:
    """A reader that says what it is given, one a look."""

    among = GB

    def __init__(self, *words):
        self.words, self.seen = list(words), []

    def look(self, image, box, kind):
        self.seen.append((image.shape, box, kind))
        word = self.words.pop(0) if self.words else ""
        return Look(read(word), 18.0, 20.0, np.zeros((4, 2))) if word else None


def watch(reader, times, kind="car", wide=200, closer=None):
    stage, out = PlateWatch(reader), []
    image = np.zeros((100, 300, 3), np.uint8)
    for at in times:
        frame = Frame(at, image, image[:, :, 0], closer)
        out += stage.look(frame, [Tracked(7, at, kind, (10, 10, 10 + wide, 90), 0.9)])
    return stage, out


def test_a_track_has_one_answer_and_is_then_left_alone():
    reader = Told("AB12CDE", "", "AB12CDE", "AB12CDE")
    stage, told = watch(reader, [0, 0.1, 0.4, 0.8, 1.2, 1.6, 2.0])
    assert [event.name for event in told] == ["plate.read"]
    assert told[0].at == 0.8 and told[0].track == 7
    assert told[0].detail["plate"] == "AB12CDE" and told[0].detail["whole"]
    assert len(reader.seen) == 3, "0.1 is too soon, and after 0.8 it is known"
    assert stage.end(3.0) == []


def test_only_vehicles_that_are_large_enough_are_looked_at_and_not_for_ever():
    for kind, wide in (("person", 200), ("bicycle", 200), ("car", 40)):
        reader = Told("AB12CDE", "AB12CDE")
        assert watch(reader, range(5), kind, wide)[1] == [] and reader.seen == []
    reader = Told()
    watch(reader, range(40))
    assert len(reader.seen) == 8


def test_a_piece_is_told_at_the_end_alone():
    reader = Told("12CDE", "12CDE", "12CDE")
    stage, told = watch(reader, [0, 0.5, 1.0])
    assert told == []
    image = np.zeros((100, 300, 3), np.uint8)
    (event,) = stage.look(Frame(9.0, image, image[:, :, 0]), [])
    assert event.detail["plate"] == "12CDE" and not event.detail["whole"]
    assert stage.look(Frame(20.0, image, image[:, :, 0]), []) == []


def test_the_picture_with_more_pixels_is_asked_for_when_it_is_looked_at():
    reader, made = Told("AB12CDE"), []

    def closer():
        made.append(1)
        return np.zeros((200, 600, 3), np.uint8)

    watch(reader, [0, 0.1], closer=closer)
    assert len(made) == 1
    assert reader.seen == [((200, 600, 3), (20, 20, 420, 180), "car")]
