"""Publish the roster, and let it say who holds the posts."""

from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.kernel.words import plural
from varangian.operations.services import relieve_post
from varangian.platform.access.scope import SYSTEM, Actor, require
from varangian.platform.news.services import announce

from ..models import Assignment, Roster, RosterEdition
from ..queries import roster as rows

Row = dict[str, Any]


@transaction.atomic
def publish(*, actor: Actor, operation: Any) -> RosterEdition:
    """Tell everybody their duties. Each edition keeps what it said, and what it changed.

    An officer whose duty is new or different answers it; one that is as it was stays accepted.
    """
    require(actor, "roster.change", operation.compartment_id)
    roster = Roster.objects.visible_to(actor).select_for_update().filter(operation=operation)
    found = roster.first()
    standing = [r for r in rows.assignments(actor, operation) if r.state in rows.STANDING]
    if found is None or not (standing or found.edition):
        raise Refused("Nobody stands anything yet", operation.slug, "Plan the roster first.")
    before = last_rows(actor, operation)
    said = [row_of(row) for row in standing]
    changes = difference(before, said)
    if found.edition and not changes and not _unsaid(standing):
        raise Refused("The roster is published as it is", where=operation.slug)
    for row in standing:
        if row.state == Assignment.State.PROPOSED:
            row.state = Assignment.State.PUBLISHED
            row.save(update_fields=["state"])
    found.edition += 1
    found.save(update_fields=["edition"])
    made = RosterEdition.objects.create(
        compartment_id=found.compartment_id, roster=found, number=found.edition, rows=said,
        changes=changes, by_id=actor.pk,
    )  # fmt: skip
    words = edition_words(made)
    announce(
        topic="roster", event="published", text=f"Roster published, {words}",
        compartment_id=found.compartment_id, operation_id=operation.pk, actor=actor,
    )  # fmt: skip
    relieve(operation)
    return made


def _unsaid(standing: list[Assignment]) -> bool:
    return any(row.state == Assignment.State.PROPOSED for row in standing)


def last_rows(actor: Actor, operation: Any) -> list[Row]:
    last = rows.editions(actor, operation).first()
    return last.rows if last else []


def row_of(row: Assignment) -> Row:
    return {
        "shift": row.shift.code,
        "title": row.shift.title,
        "person": str(row.person_id),
        "name": str(row.person),
        "starts": row.starts.isoformat(),
        "ends": row.ends.isoformat(),
        "vehicle": row.vehicle,
    }


def difference(before: list[Row], after: list[Row]) -> list[Row]:
    """``added`` and ``taken off``, and ``changed`` where times or vehicle differ; by person."""
    old = {(row["shift"], row["person"]): row for row in before}
    new = {(row["shift"], row["person"]): row for row in after}
    made = [{**row, "change": "taken off"} for key, row in old.items() if key not in new]
    for key, row in new.items():
        if key not in old:
            made.append({**row, "change": "added"})
        elif any(row[name] != old[key][name] for name in ("starts", "ends", "vehicle")):
            made.append({**row, "change": "changed"})
    return sorted(made, key=lambda row: (row["starts"], row["shift"], row["change"]))


def edition_words(edition: RosterEdition) -> str:
    people = len({row["person"] for row in edition.changes})
    duties = plural(len(edition.rows), "duty", "duties")
    return f"edition {edition.number}: {duties}, changes for {plural(people, 'person', 'people')}"


@transaction.atomic
def relieve(operation: Any = None) -> int:
    """Whoever has the published duty now holds the post. A post nobody relieves keeps its holder:
    somebody must still be found when it rings."""
    done, seen = 0, set()
    for row in rows.standing_now(now(), operation):
        post = row.shift.post
        if post is None or post.pk in seen:
            continue
        seen.add(post.pk)
        if post.holder_id != row.person_id:
            done += relieve_post(actor=SYSTEM, post=post, holder=row.person)
    return done
