"""The house style: every page says what it is, and words of people stay words."""

import io
import re

from pypdf import PdfReader

from varangian.platform.ui.pdf import render

ENTRY = {
    "serial": "1",
    "at": "24 Nov 14:30 EET",
    "recorded": "",
    "parties": "ALPHA → OPS",
    "event": "seen",
    "action": "",
    "corrects": "",
    "corrected": "",
    "author": "Astrid Öst",
    "kind": "entry",
}


def pages(*events: str) -> list[str]:
    data = {
        "house": {
            "title": "Operations log",
            "classification": "Restricted",
            "serial": "LOG 7",
            "version": "3",
            "destroy_after": "24 Feb 2027",
        },
        "facts": [],
        "entries": [{**ENTRY, "event": event} for event in events],
        "head": {"serial": "1", "hash": "ab" * 32},
    }
    found = PdfReader(io.BytesIO(render("log/log.typ", data))).pages
    return [re.sub(r"\s+", " ", page.extract_text()) for page in found]


def test_every_page_bears_its_marks():
    found = pages(*[f"event {number}" for number in range(120)])
    assert len(found) > 2
    for number, text in enumerate(found, start=1):
        for mark in ("RESTRICTED", "LOG 7", "version 3", "Destroy after 24 Feb 2027"):
            assert mark in text, (number, mark)
        assert f"page {number} of {len(found)}" in text


def test_words_are_never_markup():
    nasty = '#panic("no") #read("/etc/passwd") *b* _i_ $x$ = Heading @ref <label> // \\ ` ] ) }'
    (text,) = pages(nasty)
    assert '#panic("no")' in text and '#read("/etc/passwd")' in text and "*b* _i_ $x$" in text


def test_letters_of_the_north_and_the_east():
    (text,) = pages("ä ö ü å ø ł č ž ß é ñ Ž Ł Київ Αθήνα")
    for letter in "äöüåøłčžßéñŽŁ":
        assert letter in text, letter
    assert "Київ" in text and "Αθήνα" in text
