"""Reading: what a mail says, whatever shape it is in."""

import hashlib
import io
import tracemalloc
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest
from tests import letters as b
from tests.compound import message_streams, outlook

from varangian.engines.communications import LIMITS, Bookmark, Limits, Message, Origin, read
from varangian.engines.communications.mail import read_mail
from varangian.engines.communications.mbox import mails_of
from varangian.engines.communications.page import read_page
from varangian.kernel.results import Refused


def of(data: bytes, limits: Limits = LIMITS) -> Message:
    return read_mail(io.BytesIO(data), Origin("a mail"), limits)


def all_of(path: Path, **more) -> list[Message]:
    return [one.message for one in read(path, **more)]


def said(message: Message) -> str:
    return " | ".join(str(one) for one in (*message.faults, *message.notes))


# -- one mail


def test_a_plain_mail():
    data = b.plain("I wrote to you.", subject="=?utf-8?q?K=C3=B6nig?=", identity="<1@post.example>")
    found = of(data)
    assert (found.kind, found.subject, found.text) == ("mail", "König", "I wrote to you.")
    assert found.sender.name == "Anna Berg" and found.sender.address == "anna.berg@post.example"
    assert found.sha256 == hashlib.sha256(data).hexdigest() and found.size == len(data)
    assert found.thread.message_id == "<1@post.example>" and found.dates.apart_s == 30
    assert found.faults == () and found.notes == ()


def test_every_header_that_names_another_sender_is_told():
    found = of(b.plain(reply_to="Other <other@else.example>", return_path="<bounce@bulk.example>"))
    assert {(one.header, one.address) for one in found.sender.disagree} == {
        ("Reply-To", "other@else.example"),
        ("Return-Path", "bounce@bulk.example"),
    }
    assert found.sender.reply_to[0].name == "Other"
    assert "From names 'anna.berg@post.example'" in said(found)


def test_a_name_that_is_another_address_is_told():
    found = of(b.plain(sender='"boss@bank.example" <thief@else.example>'))
    assert found.sender.address == "thief@else.example"
    assert "The name shows the address 'boss@bank.example'" in said(found)


def test_what_the_server_could_not_confirm_is_told():
    found = of(b.plain(authentication_results="mx; spf=fail (no) x; dkim=pass; dmarc=fail"))
    assert "could not confirm the sender: spf=fail, dmarc=fail" in said(found)


@pytest.mark.parametrize(
    ("date", "received", "words"),
    [
        ("", "", "The mail has no date"),
        ("yesterday", "", "'yesterday' is no date"),
        ("Mon, 23 Nov 2026 10:00:00 -0000", "", "names no time zone"),
        ("Mon, 1 Jan 1900 00:00:00 +0000", "", "older than e-mail"),
        (
            "Mon, 23 Nov 2026 10:00:00 +0000",
            "by mx; Sat, 28 Nov 2026 10:00:00 +0000",
            "received 5 days after",
        ),
        (
            "Mon, 23 Nov 2026 10:00:00 +0000",
            "by mx; Mon, 23 Nov 2026 07:00:00 +0000",
            "3 hours after it was received",
        ),
    ],
)
def test_dates_that_lie_or_lack(date, received, words):
    found = of(b.plain(date=date, received=received))
    assert words in said(found)
    if not date and not received:
        assert found.dates.at is None


def test_the_page_is_read_where_there_is_no_text_and_nothing_is_fetched():
    html = (
        "<html><head><style>p{color:red}</style></head><body><p>Dear H&eacute;ron,</p>"
        "<p>see <a href='https://evil.example/x'>www.bank.example</a></p>"
        '<img src="https://track.example/o.gif" width="1" height="1">'
        '<img src="https://pics.example/big.jpg"><div style="display:none">unseen words</div>'
    )
    found = of(b.page(html))
    assert found.text_from == "html" and found.text.startswith("Dear Héron,")
    assert found.trackers == ("https://track.example/o.gif",)
    assert found.pictures == ("https://pics.example/big.jpg",)
    assert found.links[0].target == "https://evil.example/x"
    assert "color" not in found.text and "unseen words" in found.text
    assert "words that a reader is not shown" in said(found)


def test_text_and_page_that_say_different_things_are_both_kept():
    threat = "I will find you and I will kill you and everyone who is beside you on that day."
    found = of(b.page(f"<p>{threat}</p>", text="Best wishes for the new year to the whole family."))
    assert threat in (found.text, found.other_text) and found.other_text
    assert "do not say the same" in said(found)
    same = of(b.page("<p>Good day to you.</p>", text="Good day to you."))
    assert same.other_text == "" and same.text_from == "plain"


@pytest.mark.parametrize(
    "html", ["<p>a</p>" * 3, "<div>" * 20_000 + "deep", "<svg>" * 20_000 + "x", "<a" * 20_000]
)
def test_pages_that_mean_harm(html):
    assert isinstance(read_page(html).text, str)


def test_no_byte_a_database_refuses():
    assert read_page("a\0b&#0;").text == "a\ufffdb\ufffd"


def test_letters_that_grow_when_small_do_not_move_the_cut():
    assert read_page("İİİİ<STYLE>p {}</STYLE>seen").text == "İİİİseen"


def test_attachments_are_counted_hashed_and_known_by_their_bytes():
    found = of(
        b.attached(
            ("application/pdf", "letter.pdf", b"MZ\x90\x00 a program"),
            ("image/png", "a.png", b"\x89PNG\r\n\x1a\n123"),
            ("text/plain", "note.txt", b"I know where you live."),
            ("application/octet-stream", "photo\u202egnp.exe", b"MZ"),
        )
    )
    first = found.attachments[0]
    assert (first.claimed, first.found, first.size) == ("application/pdf", "windows-program", 14)
    assert first.sha256 == hashlib.sha256(b"MZ\x90\x00 a program").hexdigest()
    assert "letter.pdf claims to be application/pdf and is windows-program" in said(found)
    assert found.attachments[1].found == "png" and "a.png" not in said(found)
    assert found.attachments[2].text == "I know where you live."
    assert "turns the direction of writing" in said(found)


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_archives_are_listed_and_never_unpacked():
    bomb = zipped({"zeros": b"\0" * 20_000_000, "b.txt": b"hello"})
    found = of(b.attached(("application/zip", "a.zip", bomb)))
    one = found.attachments[0]
    assert one.members is not None and [m.name for m in one.members] == ["zeros", "b.txt"]
    assert one.members[0].size == 20_000_000 and "unpack to far more" in said(found)
    many = of(b.attached(("application/zip", "m.zip", zipped({f"{n}": b"" for n in range(500)}))))
    assert len(many.attachments[0].members or ()) == 200
    assert many.attachments[0].members_in_all == 500
    broken = of(b.attached(("application/zip", "c.zip", bomb[:200])))
    assert broken.attachments[0].members is None and "zip file is broken" in said(broken)


def test_a_mail_within_a_mail_is_a_child_with_its_own_hash():
    inner = b.plain("The inner words.", subject="Inner")
    found = of(b.forwarding(inner.rstrip(b"\n")))
    assert found.text == "This came today." and len(found.children) == 1
    child = found.children[0]
    assert (child.subject, child.text) == ("Inner", "The inner words.")
    assert child.sha256 == hashlib.sha256(inner.rstrip(b"\n")).hexdigest()


def test_ten_thousand_deep_is_kept_and_explained():
    parts = of(b.deep(10_000))
    assert "more than 20 deep" in said(parts) and parts.subject == "deep"
    mails, depth = of(b.nested(10_000)), 0
    one = mails
    while one.children:
        one, depth = one.children[0], depth + 1
    assert depth == LIMITS.nested and "more than 4 deep" in said(one)
    assert "found me" in of(b.deep(5)).text


def test_a_mail_that_ends_in_the_middle():
    whole = b.attached(("application/pdf", "a.pdf", b"%PDF-1.7" + b"x" * 4000))
    found = of(whole[: len(whole) // 2])
    assert "closing boundary is missing" in said(found) and len(found.attachments) == 1


def test_words_outside_of_the_parts_are_told():
    data = b.forwarding(b.plain()).replace(b"--fwd\n", b"Nobody sees this.\n--fwd\n", 1)
    assert "Nobody sees this." in said(of(data))


@pytest.mark.parametrize(
    ("charset", "data", "text"),
    [
        ("latin-1", "größe".encode(), "größe"),
        ("utf-8", "größe".encode("cp1252"), "größe"),
        ("x-nonsense", "größe".encode(), "größe"),
        ("unicode_escape", b"\\u0041", "\\u0041"),
        ("idna", b"plain", "plain"),
        ("utf-16", "größe".encode("utf-16"), "größe"),
    ],
)
def test_character_sets_that_lie(charset, data, text):
    head = f"From: a@post.example\nSubject: x\nContent-Type: text/plain; charset={charset}\n\n"
    assert of(head.encode() + data).text == text


def test_the_parts_agree_with_the_library():
    for data in (
        b.attached(("image/png", "a.png", b"\x89PNG\r\n\x1a\n"), ("text/csv", "b.csv", b"a,b")),
        b.page("<p>x</p>", text="x"),
        b.mime(("plain", "one"), ("html", "<p>two</p>"), ("plain", "drei ö")),
    ):
        found = of(data)
        theirs = [
            part.get_payload(decode=True)
            for part in message_from_bytes(data).walk()
            if not part.is_multipart()
        ]
        hung = {one.sha256 for one in found.attachments}
        for body in theirs:
            assert isinstance(body, bytes)
            text = read_page(body.decode("utf-8", "replace")).text
            assert hashlib.sha256(body).hexdigest() in hung or text in found.text


def test_a_large_attachment_passes_by_and_is_not_held():
    size = 24 * 1024**2
    line = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\n"
    head = (
        b"From: a@post.example\nSubject: large\nContent-Type: application/octet-stream\n"
        b"Content-Transfer-Encoding: base64\n\n"
    )

    class Large(io.RawIOBase):
        def __init__(self) -> None:
            self.left, self.begin = size, head

        def readable(self) -> bool:
            return True

        def readinto(self, into) -> int:
            data = self.begin or (line * (len(into) // len(line)) if self.left > 0 else b"")
            self.begin = b""
            self.left -= len(data)
            into[: len(data)] = data
            return len(data)

    tracemalloc.start()
    found = read_mail(io.BufferedReader(Large(), 1024**2), Origin("large"), LIMITS)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.attachments[0].size > size * 0.7 and most < 8 * 1024**2
    assert found.size > size


# -- files and folders


def test_a_mailbox_is_cut_where_its_mails_begin(tmp_path):
    trap = "Dear all,\n\nFrom Paris I come at 10:30 tomorrow.\n\nFrom here to there."
    mails = [b.plain(trap, subject="one"), b.plain("two", subject="two")]
    path = tmp_path / "in.mbox"
    path.write_bytes(b.mbox(*mails))
    found = all_of(path)
    assert [one.subject for one in found] == ["one", "two"]
    assert found[0].text == trap and found[0].dates.filed is not None
    assert [one.sha256 for one in found] == [hashlib.sha256(one).hexdigest() for one in mails]
    unquoted = b.mbox(*mails).replace(b">From ", b"From ")
    path.write_bytes(unquoted)
    assert [one.subject for one in all_of(path)] == ["one", "two"]
    assert list(mails_of(unquoted)) == mails


def test_reading_goes_on_from_a_bookmark(tmp_path):
    path = tmp_path / "in.mbox"
    mails = [b.plain(f"number {n}", subject=f"{n}") for n in range(6)]
    path.write_bytes(b.mbox(*mails[:4]))
    first = list(read(path))
    again = [one.message.subject for one in read(path, after=first[1].bookmark)]
    assert again == ["2", "3"]
    path.write_bytes(b.mbox(*mails))
    later = list(read(path, after=Bookmark.from_dict(first[-1].bookmark.as_dict())))
    assert [one.message.subject for one in later] == ["4", "5"]
    assert later[0].message.origin.number == 5
    assert list(read(path, after=later[-1].bookmark)) == []


def test_a_bookmark_of_another_file_is_refused(tmp_path):
    path = tmp_path / "in.mbox"
    path.write_bytes(b.mbox(b.plain("a"), b.plain("b")))
    mark = next(iter(read(path))).bookmark
    path.write_bytes(b.mbox(b.plain("other"), b.plain("b"), b.plain("c")))
    with pytest.raises(Refused, match="not the one of the bookmark"):
        list(read(path, after=mark))
    middle = Bookmark(mark.file, mark.offset + 20, 1, 0, hashlib.sha256(b"").hexdigest())
    with pytest.raises(Refused, match="into the middle"):
        list(read(path, after=middle))
    with pytest.raises(Refused, match=r"is of 'else\.mbox'"):
        list(read(path, after=Bookmark("else.mbox", 0, 0, 0, "")))
    with pytest.raises(Refused, match="cannot be read"):
        Bookmark.from_dict({"file": "x"})


def test_a_maildir_and_what_moves_in_it(tmp_path):
    for name in ("cur", "new", "tmp", ".Sent/cur", ".Sent/new"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "dovecot.index").write_bytes(b"\0\1")
    (tmp_path / "tmp" / "9.half").write_bytes(b"From: a")
    (tmp_path / "new" / "1001.a").write_bytes(b.plain(subject="new"))
    (tmp_path / "cur" / "1000.a:2,S").write_bytes(b.plain(subject="old"))
    (tmp_path / ".Sent/cur" / "999.a:2,S").write_bytes(b.plain(subject="sent"))
    found = list(read(tmp_path))
    assert [one.message.subject for one in found] == ["sent", "old", "new"]
    (tmp_path / "new" / "1001.a").rename(tmp_path / "cur" / "1001.a:2,S")
    (tmp_path / "new" / "1002.a").write_bytes(b.plain(subject="newer"))
    later = [one.message.subject for one in read(tmp_path, after=found[-1].bookmark)]
    assert later == ["newer"]


def test_a_folder_of_everything_and_one_bad_file_costs_nothing(tmp_path):
    (tmp_path / "a.eml").write_bytes(b.plain(subject="mail"))
    (tmp_path / "b.bin").write_bytes(bytes(range(256)))
    (tmp_path / "c.txt").write_bytes("Sehr geehrte Frau Heron\r\nBis bald".encode("utf-16"))
    (tmp_path / "d.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken")
    (tmp_path / "e.pdf").write_bytes(b"%PDF-1.7 broken")
    (tmp_path / "f.eml").write_bytes(b"")
    found = {one.origin.file: one for one in all_of(tmp_path)}
    assert [found[name].kind for name in sorted(found)] == [
        "mail", "unread", "text", "unread", "pdf", "unread",
    ]  # fmt: skip
    assert found["c.txt"].text == "Sehr geehrte Frau Heron\nBis bald"
    assert all(one.sha256 for one in found.values())
    assert "cannot be read" in said(found["d.xls"]) and "PDF" in said(found["e.pdf"])
    with pytest.raises(Refused, match="no such file"):
        all_of(tmp_path / "nowhere")


def test_progress_is_told_in_bytes(tmp_path):
    path = tmp_path / "in.mbox"
    path.write_bytes(b.mbox(*[b.plain(f"{n}") for n in range(3)]))
    heard = []
    list(read(path, tell=lambda done, total: heard.append((done, total))))
    assert heard == sorted(heard) and heard[-1][0] == heard[-1][1] == path.stat().st_size


def test_the_words_of_a_pdf(tmp_path):
    pytest.importorskip("pypdf")
    stream = b"BT /F1 12 Tf 72 700 Td (I will wait at the gate.) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % at for at in places)
    out += b"xref\n0 6\n0000000000 65535 f \n" + table
    out += b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % out.index(b"xref")
    (tmp_path / "a.pdf").write_bytes(out)
    (found,) = all_of(tmp_path)
    assert found.text.strip() == "I will wait at the gate." and found.kind == "pdf"
    (small,) = all_of(tmp_path, limits=Limits(document=10))
    assert "were not read" in said(small) and small.text == ""


# -- Outlook


def test_a_mail_of_outlook(tmp_path):
    pytest.importorskip("olefile")
    large = b"%PDF-" + bytes(range(256)) * 8000
    texts = {
        "0037": "Über alles", "0C1A": "Anna Berg", "5D01": "anna@post.example",
        "1000": "I wait for you.\r\nTomorrow.", "0E04": "Heron <heron@house.example>",
        "1035": "<7@post.example>",
    }  # fmt: skip
    data = outlook(
        texts,
        html=b"<p>I wait for you. Tomorrow.</p>",
        attachments=[
            {"3707": "plan.pdf", "370E": "application/pdf", "3701": large},
            {"3704": "x.jpg", "370E": "image/jpeg", "3701": b"MZ"},
        ],
        inner=message_streams({"0037": "Inner", "1000": "inner words", "0C1A": "B"}),
    )
    (tmp_path / "a.msg").write_bytes(data)
    (found,) = all_of(tmp_path)
    assert (found.kind, found.subject) == ("outlook", "Über alles")
    assert (
        found.text == "I wait for you.\nTomorrow." and found.sender.address == "anna@post.example"
    )
    assert found.to[0].address == b.HERON and found.thread.message_id == "<7@post.example>"
    assert found.dates.filed is not None and found.dates.written is not None
    first, second = found.attachments
    assert (first.name, first.found, first.size) == ("plan.pdf", "pdf", len(large))
    assert first.sha256 == hashlib.sha256(large).hexdigest()
    assert "x.jpg claims to be image/jpeg" in said(found) and second.size == 2
    assert [(one.subject, one.text) for one in found.children] == [("Inner", "inner words")]
    for cut in (len(data) // 2, 600, 513):
        (tmp_path / "a.msg").write_bytes(data[:cut])
        assert len(all_of(tmp_path)) == 1


def test_the_head_of_a_mail_of_outlook_is_that_of_the_net(tmp_path):
    pytest.importorskip("olefile")
    head = "From: Real <real@post.example>\r\nReply-To: else@post.example\r\nDate: no\r\n\r\n"
    data = outlook({"007D": head, "0037": "x", "1000": "y", "0C1A": "Shown"})
    (tmp_path / "a.msg").write_bytes(data)
    (found,) = all_of(tmp_path)
    assert found.sender.address == "real@post.example"
    assert found.sender.disagree[0].address == "else@post.example"
