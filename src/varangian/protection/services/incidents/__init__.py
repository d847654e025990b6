"""The only writers of incidents."""

from .calls import add_notification, record_notification
from .command import accept_command, offer_command, take_command
from .evidence import EVIDENCE_BYTES, add_evidence, read_evidence
from .ground import in_exercise, locked, mark, mark_started, named, tell, text_of
from .life import change_incident, first_arrival, set_state
from .report import report_incident
from .review import review_incident
from .tasks import add_task, assign_task, end_task, people

__all__ = [
    "EVIDENCE_BYTES",
    "accept_command",
    "add_evidence",
    "add_notification",
    "add_task",
    "assign_task",
    "change_incident",
    "end_task",
    "first_arrival",
    "in_exercise",
    "locked",
    "mark",
    "mark_started",
    "named",
    "offer_command",
    "people",
    "read_evidence",
    "record_notification",
    "report_incident",
    "review_incident",
    "set_state",
    "take_command",
    "tell",
    "text_of",
]
