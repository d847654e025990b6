"""Damaged mails: whatever the bytes, a message comes out, and the batch goes on."""

import hashlib
import io
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import letters as b

from varangian.engines.communications import LIMITS, Duplicates, Limits, Origin, Writers, facts
from varangian.engines.communications.facts import facts_in
from varangian.engines.communications.mail import read_mail
from varangian.engines.communications.mbox import cuts, mails_of, read_mbox
from varangian.engines.communications.page import read_page
from varangian.engines.communications.report import as_dict

SMALL = Limits(head=2000, text=500, parts=6, deep=3, nested=2, held=2000, members=3)
MAILS = [
    b.plain("From Paris I come at 10:30.\n\nFrom a@x Mon 1 10:30"),
    b.page("<p>Hello <a href='https://x.example'>bank.example</a></p>", text="Hello"),
    b.attached(("application/zip", "a.zip", b"PK\x03\x04"), ("text/plain", "a.txt", b"words")),
    b.forwarding(b.plain("inner")),
    b.deep(6),
    b.nested(6),
    b.mime(("plain", "größe"), ("html", "<b>x</b>")),
]
PIECES = st.sampled_from(
    [
        b"\nFrom a@x.example Mon Nov 23 10:00:00 2026\n",
        b"\n\nFrom a@x.example Mon Nov 23 10:00:00 2026\nFrom: b@x.example\n",
        b"Content-Type: multipart/mixed; boundary=fwd\n\n--fwd\n",
        b"--fwd\n",
        b"--fwd--\n",
        b"Content-Type: multipart/mixed\n\n",
        b"Content-Type: message/rfc822\n\n",
        b"Content-Transfer-Encoding: base64\n\n=====A",
        b"Content-Transfer-Encoding: quoted-printable\n\n=\n=4=GG",
        b"Content-Type: text/plain; charset=utf-7\n",
        b"Content-Type: text/plain; charset=idna\n",
        b"Content-Disposition: attachment; filename*=utf-8''%ff%00\n",
        b"Content-Disposition: attachment; filename*0*=x''a; filename*2=b\n",
        b"From: ((((((<a@>>,,\n",
        b"From: =?utf-8?b?////?= =?x?q?=ZZ?= <a@x.example>\n",
        b"Date: Fri, 99 Nov 99999 99:99:99 +9999\n",
        b"Received: ; Mon, 1 Jan 0001 00:00:00 +2359\n",
        b"Message-ID: <<<>>>\n",
        "\u200b\u202e\u2066\ufeff".encode(),
        b"\x00\xff\xfe",
        b"<div style='display:none'><script><!--",
        b"\r\n\r\n",
        b" " * 300,
        b"x" * 70_000,
    ]
)


@st.composite
def damaged(draw) -> bytes:
    data = bytearray(draw(st.sampled_from(MAILS)))
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


SETTINGS = settings(
    max_examples=200,
    deadline=timedelta(seconds=5),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def sound(message) -> None:
    assert not any("fault of the reader" in one.what for one in message.faults), message.faults
    for field, text in message.texts():
        assert "\x00" not in text
        for one in facts_in(text, field=field):
            if one.field == field:
                assert text[one.start : one.end] == one.words
    as_dict(message, found=facts(message))
    Writers().add(message)
    Duplicates().look(message)
    for child in message.children:
        sound(child)


@SETTINGS
@given(damaged() | st.binary(max_size=400), st.sampled_from([LIMITS, SMALL]))
def test_a_damaged_mail(data, limits):
    message = read_mail(io.BytesIO(data), Origin("x"), limits)
    assert message.size == len(data)
    assert message.sha256 == hashlib.sha256(data).hexdigest()
    sound(message)


@SETTINGS
@given(st.lists(damaged() | PIECES, max_size=5))
def test_a_damaged_mailbox_goes_on(pieces):
    data = b"".join(b"From a@x.example Mon Nov 23 10:00:00 2026\n" + one + b"\n" for one in pieces)
    found = list(read_mbox(io.BytesIO(data), "x", LIMITS))
    assert 0 <= len(found) - len(list(mails_of(data))) <= 1  # words before the first separator
    for one in found:
        sound(one)
        # Whoever goes on from the end of any mail finds the same mails after it.
        rest = io.BytesIO(data)
        rest.seek(one.origin.end)
        later = [m.sha256 for m in read_mbox(rest, "x", LIMITS, at=one.origin.end)]
        assert later == [m.sha256 for m in found if m.origin.number > one.origin.number]


@SETTINGS
@given(st.binary(max_size=600) | damaged())
def test_a_mailbox_loses_nothing_but_what_it_adds(data):
    kept = b"".join(cut.line for cut in cuts(io.BytesIO(data)))
    lost = len(data) - len(kept)
    assert (
        0
        <= lost
        <= data.count(b"From ")
        + 5
        + sum(len(cut.line) for cut in cuts(io.BytesIO(data)) if cut.separator)
        + data.count(b"\n")
        + 3
    )


@SETTINGS
@given(st.text(max_size=600) | st.lists(st.sampled_from(
    ["<p>", "</p>", "<a href='x'>", "<!--", "<script>", "<div style='display:none'>", "<", "&#x0;"]
), max_size=60).map("".join))  # fmt: skip
def test_any_page(html):
    assert "\x00" not in read_page(html).text.replace("\ufffd", "")


@SETTINGS
@given(st.text(max_size=400) | st.text("I wilkyou'\u200b\u0301’ .\n\"“”", max_size=300))
def test_spans_of_any_text(text):
    for one in facts_in(text):
        assert text[one.start : one.end] == one.words and one.start < one.end
