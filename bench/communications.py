"""10,000 invented mails in one mbox: mails a second, beside the library's own mailbox. JSON.

The peer opens the same file with ``mailbox.mbox`` and decodes the parts of each
mail; it hashes nothing and looks for nothing. ``kept`` is the import into the database of a fresh
house, with originals sealed; its time is that of the clock. Memory is that of the process at its
most, each in a process of its own. Other ratios and the aim are of processor time, which a loaded
machine does not bend.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests import letters as b

from varangian.engines.communications import Duplicates, Writers, facts, read

WORDS = (  # noqa: SIM905
    "I have written to you about the harbour, the bridge and the old house for many years. "
    "You never answer me. I will come to the concert on Friday and I want to meet you in person. "
    "My brother says that the weather will be fine. If you do not write I will find you. "
    "Please tell your assistant that I sent flowers to the station. Nobody can stop me. "
    "We were at the theatre in the evening and saw the play, which was long and rather sad. "
).split(". ")
ABOUT = ("A letter", "Once more", "=?utf-8?q?F=C3=BCr_Sie?=", "Your concert", "Re: Once more")
AIM_S = 60.0
SEED = 20261201


def write(path: Path, count: int) -> None:
    rng = random.Random(SEED)
    with path.open("wb") as out:
        for number in range(count):
            text = ". ".join(rng.choices(WORDS, k=rng.randint(2, 14))) + f". Number {number}"
            kind = rng.random()
            if kind < 0.5:
                sender = f"Writer {number % 900} <w{number % 900}@post{number % 40}.example>"
                mail = b.plain(text, subject=rng.choice(ABOUT), sender=sender,
                               identity=f"<{number}@post.example>")  # fmt: skip
            elif kind < 0.8:
                mail = b.page(f"<html><body><p>{text}</p></body></html>", text=text)
            elif kind < 0.97:
                data = rng.randbytes(rng.randint(1_000, 60_000))
                mail = b.attached(("image/jpeg", "p.jpg", b"\xff\xd8\xff" + data), words=text)
            else:
                mail = b.forwarding(b.plain(text))
            out.write(b.mbox(mail))


def ours(path: Path) -> dict[str, object]:
    index, writers, count, found = Duplicates(), Writers(), 0, 0
    for one in read(path):
        index.look(one.message)
        writers.add(one.message)
        found += len(facts(one.message))
        count += 1
    return {"mails": count, "facts": found, "candidates": len(writers.candidates().found)}


def reading(path: Path) -> dict[str, object]:
    return {"mails": sum(1 for _ in read(path))}


def peer(path: Path) -> dict[str, object]:
    sys.path.remove(str(Path(__file__).parent))  # it has a mailbox.py as well
    import mailbox

    count = 0
    for message in mailbox.mbox(path, create=False):
        for part in message.walk():
            part.get_payload(decode=True)
        count += bool(message["subject"]) or 1
    return {"mails": count}


def largest(path: Path) -> dict[str, object]:
    """One mail with an attachment of 300 MB."""
    (one,) = [found.message for found in read(path)]
    return {"mails": 1, "bytes": one.attachments[0].size, "sha256": one.attachments[0].sha256[:12]}


def kept(path: Path) -> dict[str, object]:
    """Into the tables of a fresh house, originals sealed: as ``varangian comms import`` does it."""
    with tempfile.TemporaryDirectory(prefix="varangian-bench-") as home:
        os.environ |= {"VARANGIAN_HOME": home, "VARANGIAN_DB_ROLE": "owner"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "varangian.config.settings"
        from varangian.platform.database.connect import database_at_hand

        with database_at_hand(Path(home)):
            import django

            django.setup()
            return _kept(path)


def _kept(path: Path) -> dict[str, object]:
    from django.db import connection
    from tests import factories

    from varangian.platform.access.context import acting
    from varangian.platform.access.scope import SYSTEM
    from varangian.platform.database.schema import ensure_schema
    from varangian.threats.services import communications as services

    ensure_schema()
    with acting(SYSTEM, purpose="bench"):
        principal = factories.principal(factories.engagement())
    begun, worked = time.perf_counter(), time.process_time()
    with acting(SYSTEM, purpose="bench"):
        batch = services.ask_import(actor=SYSTEM, principal=principal, path=path)
    services.import_here(batch, lambda step, share: None)
    took, work = time.perf_counter() - begun, time.process_time() - worked
    connection.close()
    counts = {"mails": batch.mails, "kept": batch.kept, "same": batch.same, "odd": batch.odd}
    return {**counts, "import_s": round(took, 2), "import_cpu_s": round(work, 2)}


WAYS = {"kept": kept, "ours": ours, "reading": reading, "peer": peer, "largest": largest}


def measured(way: str, path: Path) -> dict[str, object]:
    """In a process of its own, so that its memory is its own."""
    done = subprocess.run(
        [sys.executable, __file__, way, str(path)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def _alone(way: str, path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun, worked = time.perf_counter(), time.process_time()
    found = WAYS[way](path)
    took, work = time.perf_counter() - begun, time.process_time() - worked
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cost = {"seconds": round(took, 2), "cpu_s": round(work, 2), "grew_mb": (most - before) // 1024}
    print(json.dumps({**found, **cost}))


def _large_mail(path: Path) -> None:
    line = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\n"
    with path.open("wb") as out:
        out.write(b"From: a@post.example\nSubject: large\nDate: Mon, 23 Nov 2026 10:00:00 +0000\n")
        out.write(b"Content-Type: video/mp4\nContent-Transfer-Encoding: base64\n\n")
        for _ in range(300 * 1024**2 // 57 // 1000):
            out.write(line * 1000)


def main() -> int:
    if len(sys.argv) == 3 and sys.argv[1] in WAYS:
        _alone(sys.argv[1], Path(sys.argv[2]))
        return 0
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.mbox"
        write(path, count)
        report: dict[str, object] = {
            "bench": "communications", "mails": count, "megabytes": path.stat().st_size // 1024**2,
        }  # fmt: skip
        report |= {way: measured(way, path) for way in ("ours", "reading", "peer", "kept")}
        if count >= 10_000:
            large = Path(folder) / "large.eml"
            _large_mail(large)
            report["largest"] = measured("largest", large)
    seconds = float(report["ours"]["cpu_s"])  # type: ignore[index]
    plain = float(report["peer"]["cpu_s"])  # type: ignore[index]
    report |= {
        "mails_a_cpu_second": round(count / seconds),
        "ratio_to_mailbox": round(seconds / plain, 2),
        "reading_to_mailbox": round(float(report["reading"]["cpu_s"]) / plain, 2),  # type: ignore[index]
        "import_s": report["kept"]["import_s"],  # type: ignore[index]
        "import_to_mailbox": round(float(report["kept"]["import_cpu_s"]) / plain, 2),  # type: ignore[index]
        "aim_s": AIM_S,
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(report, indent=2))
    slowest = max(seconds, float(report["kept"]["import_s"]))  # type: ignore[index]
    return 0 if slowest < AIM_S * count / 10_000 else 1


if __name__ == "__main__":
    sys.exit(main())
