"""What team A knows of where it goes, and the open advisories beside it."""

import json
from typing import Any

from varangian.platform.access.scope import SYSTEM
from varangian.travel.dossier.statement import KEYS
from varangian.travel.services import (
    add_destination,
    add_fact,
    approve_destination,
    import_advisories,
    write_statement,
)

ADVISORIES = [{"Title": "Finland - Level 2: Invented", "Summary": "", "Link": ""}]


def destination_records(leader: Any, operation: Any, place: Any, mark: str) -> dict[str, Any]:
    """A dossier with a fact, approved, over one advisory."""
    record = import_advisories(actor=SYSTEM, data=json.dumps(ADVISORIES).encode())
    made = add_destination(actor=leader, operation=operation, country="FI", place=place)
    texts = dict.fromkeys(KEYS, f"{mark} statement")
    write_statement(actor=leader, destination=made, texts=texts)
    add_fact(
        actor=leader, destination=made, section="embassy", title="Embassy", text=f"{mark} duty desk"
    )
    approve_destination(actor=leader, destination=made, note=f"{mark} note")
    return {
        "destination": made.pk,
        "advisory_file": record.pk,
        "advised": "FI",
        "advisory_source": "gdacs",
    }
