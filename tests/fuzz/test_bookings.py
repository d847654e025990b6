"""Damaged bookings: no bytes make a reader fail in any way but a refusal in words."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import bookings as b

from varangian.kernel.results import Refused
from varangian.travel.itineraries.documents import SIMPLE, WORDS
from varangian.travel.itineraries.reader import Reader
from varangian.travel.itineraries.reading import read_file

NOW = datetime(2026, 11, 24, tzinfo=UTC)
MIXED = b.attached(b.mail("x", b.hotel()), b.AIR_PASS, "application/octet-stream", "p").as_bytes()
FILES = [
    *(text.encode() for text in (b.ONE_LEG, b.TWO_LEGS, b.PNR, b.SABRE, b.GALILEO, b.CSV)),
    *(text.encode() for text in (b.GPX, b.WAYPOINTS, b.KML, b.MICRODATA)),
    b.page(*[make() for make in b.ALL]).encode(),
    b.six_mails(),
    b.AIR_PASS,
    b.TRAIN_PASS,
    MIXED,
]
PIECES = st.sampled_from(
    [
        b"9999-99-99T99:99",
        b"0001-01-01",
        b"2026-03-29T03:30",
        b"+99:99",
        b"From x Mon 1 00:00:00 2026\n",
        b'"@type":[[[{}]]],',
        b'"departureTime":{"@value":[]},',
        b"null",
        b"NaN",
        b"1e999",
        b"\x00\xff\xfe",
        b"itemscope itemtype",
        b"Content-Type: text/html; charset=nonsense\n",
        b"Content-Transfer-Encoding: base64\n",
        b"</script>",
        b"FF>9",
        b"31FEB",
        b"2599P",
        b"\r\n\r\n",
        b",;|\t",
        b'"',
        b"<",
    ]
)


@st.composite
def damaged(draw) -> bytes:
    data = bytearray(draw(st.sampled_from(FILES)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        match draw(st.sampled_from(["insert", "cut", "flip", "swap"])):
            case "insert":
                data[at:at] = draw(PIECES)
            case "cut":
                del data[at : at + draw(st.integers(1, 200))]
            case "flip" if data:
                data[at] = draw(st.integers(0, 255))
            case _:
                data[:] = data[at:] + data[:at]
    return bytes(data)


def survive(data: bytes) -> None:
    try:
        found = read_file(data, now=NOW, zone="Europe/Helsinki")
    except Refused as refused:
        assert refused.what and "cannot be read (" not in refused.what, refused.what
        return
    for leg in found.legs:
        assert leg["title"] and leg["end_known"] == (leg["ends"] is not None)
        if leg["starts"] and leg["ends"] and not leg["implied"]:
            starts, ends = (datetime.fromisoformat(leg[side]) for side in ("starts", "ends"))
            assert starts <= ends


@settings(
    max_examples=300,
    deadline=timedelta(seconds=5),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(damaged())
def test_mutations_of_real_shapes(data):
    survive(data)


@settings(max_examples=200, deadline=timedelta(seconds=5))
@given(st.lists(PIECES | st.sampled_from(FILES), max_size=6), st.binary(max_size=300))
def test_files_from_scraps(pieces, noise):
    survive(b"".join(pieces) + noise)


@settings(max_examples=200, deadline=timedelta(seconds=5))
@given(st.sampled_from(sorted(SIMPLE)), damaged() | st.binary(max_size=400))
def test_each_reader_with_the_food_of_another(kind, data):
    reader = Reader(NOW, "UTC", WORDS[kind])
    try:
        SIMPLE[kind](data, reader)
    except Refused as refused:
        assert refused.what
