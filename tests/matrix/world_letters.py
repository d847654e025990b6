"""Communications of concern: an import with a line of report, two writers with a word on them, a
triage and a call by hand."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests import letters

from varangian.platform.access.models import User
from varangian.threats.queries import communications as queries
from varangian.threats.services import communications as services


def letter_records(leader: User, principal: Any, mark: str) -> dict[str, Any]:
    mails = [
        letters.plain(f"{mark} I will come.", sender=f"{mark} Ann <ann@post.example>", date=""),
        letters.plain(f"{mark} I wait.", sender=f"{mark} Ben <ben@post.example>", subject=mark),
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{mark}.mbox"
        path.write_bytes(letters.mbox(*mails, mails[0]))
        batch = services.ask_import(actor=leader, principal=principal, path=path)
    services.import_later(batch)
    row = queries.communication_numbered(leader, principal, 1)
    services.triage(
        actor=leader, communication=row, answers={"tone": "angry"}, words=f"{mark} noted"
    )
    services.record_communication(
        actor=leader, principal=principal, channel="call", text=f"{mark} rang twice"
    )
    one, other = queries.writers(leader, principal)[:2]
    tie = services.tie_writers(
        actor=leader, one=one, other=other, joined=True, words=f"{mark} same hand"
    )
    return {
        "letter": row.pk,
        "letter_import": batch.pk,
        "letter_writer": one.pk,
        "letter_tie": tie.pk,
    }
