"""Damaged tables and cards: every mutation is read row by row or refused, and nothing is lost."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from varangian.kernel.results import Refused
from varangian.principals.reading import cards, table
from varangian.principals.reading.vcard import read_cards

TABLE = (
    b"what,kind,where,seen_on,sensitivity\r\n@heron,handle,PhotoSite,2026-11-20,finds\r\n"
    b'"Shore House, 4",address,"Land ""register""",24.11.2026,\r\n'
)
CARD = (
    b'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:A\r\nitem1.TEL;TYPE="cell,home":tel:+1\r\n'
    b"ADR;TYPE=home:;;4 Lane\\, B;Town;;1;X\r\nNOTE;ENCODING=QUOTED-PRINTABLE:a=C3=A9=\r\nb\r\n"
    b"END:VCARD\r\n"
)
PIECES = st.sampled_from(
    [
        b"BEGIN:VCARD\r\n",
        b"END:VCARD\r\n",
        b"BEGIN:VCARD\nEND:VCARD\n",
        b"AGENT:BEGIN:VCARD\\nEND:VCARD\r\n",
        b'TEL;TYPE="x:1\r\n',
        b"TEL;;;:1\r\n",
        b"ADR:;;;;;;;;;;;\r\n",
        b"PHOTO;ENCODING=b:AAAA\r\n  AAAA\r\n",
        b"X;ENCODING=QUOTED-PRINTABLE:=ZZ=\r\n=\r\n",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\x00",
        b'"',
        b",,,,,,,,,,,,,,,,\r\n",
        b";",
        b"\t",
        b"|",
        b"\\",
        b"\r",
        b"\n ",
        b"0001-01-01",
        b"99999999999999999999-1-1",
        "٣.٣.٢٠٢٦".encode(),
        "²".encode(),
        "what,kind\n".encode("utf-16"),
    ]
)
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.one_of(PIECES, st.binary(max_size=12))),
    max_size=8,
)
QUICK = settings(
    max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.too_slow], database=None
)


def mutated(data: bytes, edits) -> bytes:
    for share, cut, piece in edits:
        at = int(share * len(data))
        data = data[:at] + piece + data[at + cut :]
    return data


@QUICK
@given(EDITS)
def test_tables(edits):
    try:
        found = table.read_table(mutated(TABLE, edits))
        mapping = table.checked_mapping(table.propose(found.head), found.head)
    except Refused as refused:
        assert refused.what
        return
    reading = table.candidates(found, mapping)
    assert len(reading.candidates) == len(found.rows)
    for one in reading.candidates:
        assert bool(one.problem) != bool(one.fields)
        assert not one.problem or one.raw or not any(found.rows)


@QUICK
@given(EDITS)
def test_cards(edits):
    data = mutated(CARD, edits)
    try:
        found, _ = read_cards(data)
    except Refused as refused:
        assert refused.what
        return
    reading = cards.read_vcards(data)
    for one in reading.candidates:
        assert bool(one.problem) != bool(one.fields)
        assert one.where.startswith("card ")
        assert not one.fields or one.fields["what"]
    assert len(found) <= data.upper().count(b"BEGIN:VCARD") + data.count(b"\x00") + 1


@QUICK
@given(st.binary(max_size=400))
def test_anything(data):
    for read in (table.read_table, cards.read_vcards):
        try:
            read(data)
        except Refused as refused:
            assert refused.what


def test_a_card_of_one_long_line_is_quick():
    cards.read_vcards(b"BEGIN:VCARD\r\nNOTE" + b";A=b" * 200_000 + b":x\r\nEND:VCARD\r\n")


def test_many_folds_are_quick():
    text = b"BEGIN:VCARD\r\nNOTE:a" + b"\r\n a" * 35_000 + b"\r\nEND:VCARD\r\n"
    assert len(cards.read_vcards(text).candidates) == 2
