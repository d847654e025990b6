"""Tables and cards: what is read, what is refused with its reason, and that nothing is lost."""

from datetime import date

import pytest

from varangian.kernel.results import Refused
from varangian.principals.reading import cards, table
from varangian.principals.reading.values import read_date, read_kind
from varangian.principals.reading.vcard import read_cards

CSV = """Finding;Type;Source;URL;Date seen;Risk
@heron_reads;handle;PhotoSite;https://photos.invalid/heron;2026-11-20;high
;phone;Broker;;;
Shore House, Lindö 4;address;Land register;;24.11.2026;critical
Talks on Friday;opera;Paper;;;
Her boat;wealth;Magazine;;31/12/2026;
"""
CARD = """BEGIN:VCARD
VERSION:3.0
N:Invented;Astrid;;;
FN:Astrid Invented
ORG:Lumen Arts Trust;Board
item1.TEL;TYPE=CELL,PREF:+47 00 00
  01 02
item1.X-ABLabel:_$!<Private>!$_
ADR;TYPE=HOME:;;Lindö 4\\, gate 2;Helsinki;;00100;Finland
EMAIL;TYPE=INTERNET:astrid@example.org
NOTE:First line\\nsecond line
PHOTO;ENCODING=b;TYPE=JPEG:AAAA
X-STRANGE:something
this is no line
END:VCARD
"""


def read_csv(text: str, kind: str = "", **columns: int):
    found = table.read_table(text.encode())
    mapping = table.checked_mapping({**table.propose(found.head), **columns}, found.head)
    return table.candidates(found, mapping, kind).candidates


def test_columns_are_proposed_by_their_names():
    """A name that means nothing here is left to the person."""
    found = table.read_table(CSV.encode())
    proposed = {name: found.head[i] for name, i in table.propose(found.head).items()}
    assert proposed == {
        "what": "Finding",
        "detail": "Type",
        "where": "Source",
        "link": "URL",
        "seen_on": "Date seen",
    }


def test_rows_are_read_and_broken_ones_keep_their_reason_and_text():
    handle, empty, home, opera, boat = _rows()
    assert (handle.fields["kind"], handle.fields["detail"]) == ("footprint", "handle")
    assert handle.fields["seen_on"] == date(2026, 11, 20)
    assert handle.fields["sensitivity"] == "finds"
    assert empty.problem == "Nothing says what is public" and empty.where == "row 3"
    assert (home.fields["detail"], home.fields["seen_on"]) == ("address", date(2026, 11, 24))
    assert "opera" in opera.problem and "household" in opera.mend and "Friday" in opera.raw
    assert boat.fields["seen_on"] == date(2026, 12, 31)


def _rows():
    found = table.read_table(CSV.encode())
    mapping = {"what": 0, "kind": 1, "where": 2, "link": 3, "seen_on": 4, "sensitivity": 5}
    return table.candidates(found, mapping).candidates


def test_a_column_without_a_meaning_goes_into_the_notes():
    one = read_csv("what,kind,Reference\nHer boat,wealth,A-77\n")[0]
    assert one.fields["notes"] == "Reference: A-77"


def test_a_row_with_too_many_cells_is_refused_and_kept():
    one = read_csv("what,kind\nBoat, car, house,wealth\n")[0]
    assert "4 cells" in one.problem and "quotes" in one.mend and "house" in one.raw


def test_a_kind_for_rows_that_say_none():
    assert "does not say its kind" in read_csv("what\nHer boat\n")[0].problem
    assert read_csv("what\nHer boat\n", kind="wealth")[0].fields["kind"] == "wealth"


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_a_file_that_is_no_table(data):
    with pytest.raises(Refused):
        table.read_table(data)


def test_other_encodings_are_read_and_told():
    found = table.read_table("what,kind\nCafé,profile\n".encode("cp1252"))
    assert found.rows[0][1][0] == "Café" and "Windows-1252" in found.remarks[0]
    assert table.read_table("\ufeffwhat\nx\n".encode("utf-16-le")).head == ["what"]


def test_a_mapping_is_checked():
    with pytest.raises(Refused, match="No column says"):
        table.checked_mapping({"kind": 0}, ["a"])
    with pytest.raises(Refused, match="no such column"):
        table.checked_mapping({"what": 4}, ["a"])
    with pytest.raises(Refused, match="chosen twice"):
        table.checked_mapping({"what": 0, "kind": 0}, ["a"])


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026-11-24", date(2026, 11, 24)),
        ("2026-11-24T10:00:00Z", date(2026, 11, 24)),
        ("24.11.2026", date(2026, 11, 24)),
        ("3.4.2026", date(2026, 4, 3)),
        ("11/24/2026", date(2026, 11, 24)),
        ("", None),
    ],
)
def test_days(words, day):
    assert read_date(words) == day


@pytest.mark.parametrize("words", ["3/4/2026", "31.02.2026", "yesterday", "24.11.26", "1-2", "²"])
def test_a_day_that_is_not_sure_is_refused(words):
    with pytest.raises(Refused):
        read_date(words)


def test_a_detail_as_the_kind_means_a_footprint():
    assert read_kind("Tail number") == ("footprint", "tail_number")
    assert read_kind("Wealth signal") == ("wealth", "")


def test_a_card_becomes_items():
    reading = cards.read_vcards(CARD.replace("\n", "\r\n").encode())
    items = {one.fields["what"]: one.fields for one in reading.candidates if one.fields}
    assert items["+47 00 00 01 02"]["detail"] == "phone"
    assert "Private" in items["+47 00 00 01 02"]["notes"]
    assert "Astrid Invented" in items["+47 00 00 01 02"]["notes"]
    assert items["Lindö 4, gate 2, Helsinki, 00100, Finland"]["detail"] == "address"
    assert items["Lumen Arts Trust, Board"]["kind"] == "work"
    assert items["First line\nsecond line"]["kind"] == "profile"
    told = [one for one in reading.candidates if one.noted]
    assert any("photo" in one.problem for one in told)
    assert any("X-STRANGE" in one.problem for one in told)
    broken = [one for one in reading.candidates if one.problem and not one.noted]
    assert [one.raw for one in broken] == ["this is no line"]


def test_version_4_with_addresses_of_a_kind():
    text = (
        'BEGIN:VCARD\nVERSION:4.0\nFN:A\nTEL;VALUE=uri;TYPE="voice,home":tel:+1-2\n'
        "EMAIL:mailto:a@example.org\nRELATED;TYPE=spouse;VALUE=text:B\nEND:VCARD\n"
    )
    found = cards.read_vcards(text.encode()).candidates
    assert [one.fields["what"] for one in found] == ["+1-2", "a@example.org", "B"]
    assert found[2].fields["kind"] == "household"


def test_cards_without_end_are_read_and_told():
    text = "BEGIN:VCARD\nVERSION:3.0\nFN:A\nTEL:1\nBEGIN:VCARD\nVERSION:2.1\nTEL;HOME:2\n"
    found, _ = read_cards(text.encode())
    assert len(found) == 2 and found[1].properties[0].types == ["home"]
    assert [len(card.problems) for card in found] == [1, 1]


def test_quoted_printable_of_older_phones():
    text = (
        "BEGIN:VCARD\nVERSION:2.1\nNOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Caf=C3=A9 an=\n"
        "d more\nEND:VCARD\n"
    )
    found, _ = read_cards(text.encode())
    assert found[0].properties[0].text == "Café and more"


def test_no_card_at_all():
    with pytest.raises(Refused, match="no card"):
        read_cards(b"FN:A")
