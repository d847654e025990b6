"""Invented letters and mails in the shapes that mail programs send. Nobody here lives."""

from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

HERON = "heron@house.example"


def plain(
    words: str = "Good day to you all.",
    *,
    sender: str = "Anna Berg <anna.berg@post.example>",
    subject: str = "A letter",
    date: str = "Mon, 23 Nov 2026 10:00:00 +0200",
    identity: str = "",
    received: str = "from a by mx.house.example; Mon, 23 Nov 2026 08:00:30 +0000",
    **more: str,
) -> bytes:
    """A mail of one text part. ``more`` are heads: ``reply_to="x@y.example"``."""
    heads = {"From": sender, "To": HERON, "Subject": subject, "Date": date, "Received": received}
    heads |= {key.replace("_", "-").title(): value for key, value in more.items()}
    heads |= {"Message-ID": identity} if identity else {}
    head = "".join(f"{key}: {value}\n" for key, value in heads.items() if value)
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{words}\n".encode()


def page(html: str, *, text: str = "") -> bytes:
    """Plain text and page as alternatives, or the page alone."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Anna <anna@post.example>", HERON, "A page"
    mail["Date"] = "Mon, 23 Nov 2026 10:00:00 +0200"
    if text:
        mail.set_content(text)
        mail.add_alternative(html, subtype="html")
    else:
        mail.set_content(html, subtype="html")
    return mail.as_bytes()


def attached(*things: tuple[str, str, bytes], words: str = "See what is attached.") -> bytes:
    """``things``: (type, file name, bytes)."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Anna <anna@post.example>", HERON, "Attached"
    mail["Date"] = "Mon, 23 Nov 2026 10:00:00 +0200"
    mail.set_content(words)
    for kind, name, data in things:
        main, _, sub = kind.partition("/")
        mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


def forwarding(inner: bytes) -> bytes:
    """``inner`` as an attached mail."""
    head = (
        "From: Post room <post@house.example>\nTo: heron@house.example\nSubject: Fwd\n"
        "Date: Mon, 23 Nov 2026 12:00:00 +0200\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="fwd"\n\n'
        "--fwd\nContent-Type: text/plain\n\nThis came today.\n"
        "--fwd\nContent-Type: message/rfc822\n\n"
    )
    return head.encode() + inner + b"\n--fwd--\n"


def deep(levels: int) -> bytes:
    """Multiparts within multiparts."""
    opened = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(levels)
    )
    closed = "".join(f"\n--b{n}--" for n in reversed(range(levels)))
    head = "From: a@post.example\nSubject: deep\nDate: Mon, 23 Nov 2026 10:00:00 +0000\n"
    return f"{head}{opened}Content-Type: text/plain\n\nfound me{closed}\n".encode()


def nested(levels: int) -> bytes:
    """Mails within mails."""
    head = "From: a{n}@post.example\nSubject: level {n}\nContent-Type: message/rfc822\n\n"
    return "".join(head.format(n=n) for n in range(levels)).encode() + plain("innermost")


def mbox(*mails: bytes, ends: bytes = b"\n") -> bytes:
    """``From `` in bodies is quoted as programs do."""
    out = []
    for mail in mails:
        lines = [b">" + one if one.lstrip(b">").startswith(b"From ") else one
                 for one in mail.split(b"\n")]  # fmt: skip
        out.append(b"From anna@post.example Mon Nov 23 08:00:00 2026\n" + b"\n".join(lines) + ends)
    return b"".join(out)


def mime(*parts: tuple[str, str]) -> bytes:
    """By the library's older classes, which build other boundaries."""
    outer = MIMEMultipart("mixed")
    outer["From"], outer["Subject"] = "a@post.example", "mime"
    outer["Date"] = "Mon, 23 Nov 2026 10:00:00 +0000"
    for kind, words in parts:
        outer.attach(MIMEText(words, kind, "utf-8"))
    return outer.as_bytes()
