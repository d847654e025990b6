"""What is held about a person, handed out: one archive with a readable copy, data and pictures."""

import json
import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.platform.access.scope import Actor
from varangian.platform.audit.services import note
from varangian.platform.storage.services import read
from varangian.platform.ui.pdf import render

from .models import Person
from .queries import persons as queries
from .queries.person_held import held
from .services.persons_common import What, step

TEMPLATE = "threats/person_held.typ"


@transaction.atomic
def held_about(actor: Actor, person: Person) -> dict[str, Any]:
    """The data; that it was handed out stands in the history and in the audit."""
    found = held(actor, person)
    note(kind="export", record=person, purpose="all that is held about the person", actor=actor)
    step(person, What.EXPORTED, actor)
    return found


def archive(actor: Actor, person: Person) -> bytes:
    """``held.json``, ``held.pdf`` and each picture."""
    found, out = held_about(actor, person), BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        words = json.dumps(found, indent=2, ensure_ascii=False, default=str)
        zipped.writestr("held.json", words)
        zipped.writestr("held.pdf", render(TEMPLATE, _printed(actor, found)))
        for row in queries.images(actor, person, withdrawn=True):
            zipped.writestr(f"pictures/{row.person.label}-{row.number}.jpg", read(row.picture))
    return out.getvalue()


def _printed(actor: Actor, found: dict[str, Any]) -> dict[str, Any]:
    return {
        "house": {
            "title": "What is held about one person",
            "classification": "Personal data",
            "serial": f"Person {found['person']}",
            "copy": str(actor),
        },
        "parts": [
            {
                "words": part["words"],
                "rows": [
                    [[name, _plain(value)] for name, value in r.items()] for r in part["rows"]
                ],
            }
            for part in found["parts"]
        ],
        "day": f"{now():%d %B %Y}",
    }


def _plain(value: Any) -> str:
    if value in (None, ""):
        return "not known"
    return f"{value:%d %b %Y %H:%M} UTC" if isinstance(value, datetime) else str(value)
