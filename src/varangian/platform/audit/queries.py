"""Reads of the audit, for auditors and the console only."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from varangian.kernel.results import Denied
from varangian.platform.access.models import User
from varangian.platform.access.scope import Actor, system_read

from .models import AuditEntry

KINDS = (
    "insert",
    "update",
    "delete",
    "read",
    "unmask",
    "export",
    "backup",
    "sign-in",
    "sign-in refused",
)


def require_auditor(actor: Actor) -> None:
    if not (actor.is_system or getattr(actor, "is_auditor", False)):
        raise Denied("Only an auditor reads the audit", mend="Ask the administrator for the role.")


def entries(
    actor: Actor, *, kind: str = "", record: str = "", table: str = "", who: str = ""
) -> QuerySet[AuditEntry]:
    """Newest first. ``who`` is an e-mail address or part of a name."""
    require_auditor(actor)
    found = AuditEntry.objects.select_related("seal").order_by("-pk")
    given = {"kind": kind, "record": record, "table_name": table}
    found = found.filter(**{name: value for name, value in given.items() if value})
    return found.filter(actor__in=_people_called(who)) if who else found


@system_read("who looked at a record; the feature asks for the right to know it first")
def looks_at(record: Any) -> QuerySet[AuditEntry]:
    """Each reading, handing out and refusal of one record, newest first."""
    kinds = ("read", "export", "unmask")
    found = AuditEntry.objects.filter(table_name=record._meta.db_table, record=str(record.pk))
    return found.filter(kind__in=kinds).order_by("-pk")


@system_read("the auditor sees who did it, by name")
def names(rows: Iterable[AuditEntry]) -> dict[str, str]:
    """Names by the actor that stands in the entries; what is no person keeps its own word."""
    people = [row.actor for row in rows if _is_id(row.actor)]
    found = User.objects.filter(pk__in=people).values_list("pk", "name")
    return {str(pk): name for pk, name in found}


@system_read("the auditor filters by person")
def _people_called(who: str) -> list[str]:
    found = User.objects.filter(name__icontains=who) | User.objects.filter(email=who.lower())
    return [*(str(pk) for pk in found.values_list("pk", flat=True)[:200]), who]


def _is_id(words: str) -> bool:
    try:
        UUID(words)
    except ValueError:
        return False
    return True


def shape(row: AuditEntry, people: dict[str, str]) -> dict[str, Any]:
    """Names of the changed fields, never their values: some are sealed, some tell of people."""
    seal = getattr(row, "seal", None)
    return {
        "id": row.pk,
        "at": row.at,
        "kind": row.kind,
        "who": people.get(row.actor, row.actor),
        "table": row.table_name,
        "record": row.record,
        "fields": fields_of(row),
        "purpose": row.purpose,
        "sealed_as": seal.serial if seal else None,
    }


def fields_of(row: AuditEntry) -> str:
    if not row.changes:
        return ""
    return ", ".join(sorted(row.changes)) if row.kind == "update" else f"{len(row.changes)} fields"
