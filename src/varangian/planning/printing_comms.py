"""The communications card on paper: one page to fold into a pocket."""

from typing import Any
from zoneinfo import ZoneInfo

from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.services import note
from varangian.platform.ui.pdf import render

from .printing import destroyed
from .queries import comms
from .queries.comms import WORDS

TEMPLATE = "planning/comms.typ"
HOURS = 24
"""After stand-down; as for the officers' edition of the order."""


def comms_pdf(actor: Actor, operation: Any) -> bytes:
    """Words only for those who may know them. The print is audited."""
    require(actor, "comms.view", operation.compartment_id)
    version = comms.current(actor, operation)
    if version is None:
        raise Refused(
            "There is no communications plan", where=operation.slug, mend="Write it first."
        )
    knows = comms.may_know_words(actor, operation)
    purpose = "communications card with words" if knows else "communications card"
    note(kind="export", record=operation, purpose=purpose, actor=actor)
    zone = ZoneInfo(operation.time_zone)
    words = comms.words_shown(version) if knows else []
    return render(
        TEMPLATE,
        {
            "house": {
                "title": "Communications card",
                "subtitle": operation.title,
                "classification": "Protect: need to know",
                "serial": f"{operation.slug.upper()} COMMS",
                "version": str(version.number),
                "destroy_after": destroyed(operation, HOURS, zone),
                "copy": str(actor),
            },
            "bearers": [
                [WORDS[row.rank], row.means or "not set", _tested(row, zone)]
                for row in comms.bearers(actor, operation)
            ],
            "signs": [[p.call_sign, p.title] for p in comms.call_signs(actor, operation)],
            "check": f"Every {version.check_minutes} minutes. {version.check_words}".strip(),
            "missed": f"{version.missed} missed calls open a search.",
            "words": [[row["word"], row["meaning"]] for row in words],
            "duress": version.duress_word if knows else "",
        },
    )


def _tested(row: comms.Bearer, zone: ZoneInfo) -> str:
    if row.test is None:
        return row.state
    return f"{row.state} {row.test.tested_at.astimezone(zone):%d %b %H:%M}"
