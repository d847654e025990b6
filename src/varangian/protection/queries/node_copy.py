"""The copy of an operation for a node: what the person who enrolled the node may see of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from varangian.kernel.chain import digest
from varangian.kernel.clock import now
from varangian.platform.access.models import Compartment, Membership, User
from varangian.platform.access.scope import system_read
from varangian.platform.crypto.keys import data_key

from ..models import DuressKey, Node
from ..node_crates import CRATES, FORM, Crate, sealed

NEEDED = ("hospital", "trauma_centre", "safe_haven")
HOLDS = timedelta(days=3)
"""For so long a node shows its copy without having been in touch."""
Row = dict[str, Any]


def copy_for(node: Node) -> dict[str, Any]:
    """Call it while acting as the one who enrolled the node."""
    rows = {crate.label: [_row(crate, one) for one in _of(crate, node)] for crate in CRATES}
    circles = _circles(node)
    people = _people(rows, circles)
    keys = {row["key_id"] for some in rows.values() for row in some if "key_id" in row}
    copy = {
        "form": FORM,
        "node": str(node.pk),
        "label": node.label,
        "operation": str(node.operation_id),
        "expires": node.expires_at.isoformat(),
        "holds_s": HOLDS.total_seconds(),
        "circles": circles,
        "people": people,
        "keys": sorted(keys),
        "rows": rows,
    }
    return copy | {"digest": digest(copy)}


def _of(crate: Crate, node: Node) -> list[Any]:
    if crate.label == "protection.DuressKey":
        return _keys(node)
    if crate.label == "operations.Engagement":
        return _above(crate, node)
    found: QuerySet[Any] = _visible(crate, node)
    if crate.label == "places.Place":
        found = _places(found, node)
    elif crate.label == "operations.Duty":
        found = found.filter(operation=node.operation_id, ended_at=None)
    else:
        found = found.filter(**{crate.path: node.operation_id}).distinct()
    return [one for one in found.order_by("pk") if _whole(one)]


def _visible(crate: Crate, node: Node) -> QuerySet[Any]:
    model: Any = crate.model
    if crate.label == "operations.PostMovement":
        return _covers(model, _visible(CRATES_BY["operations.Post"], node))
    return model.objects.visible_to(node.made_by)


@system_read("which movements a post covers is seen by whoever sees the post")
def _covers(model: Any, posts: QuerySet[Any]) -> QuerySet[Any]:
    return model.objects.filter(post__in=posts)


@system_read("that there is an engagement above goes along; what it is about stays here")
def _above(crate: Crate, node: Node) -> list[Any]:
    model: Any = crate.model
    return list(model.objects.filter(pk=node.operation.engagement_id))


def _whole(record: Any) -> bool:
    """An erased record stays away; a node that has it destroys its key."""
    return not hasattr(record, "key_id") or data_key(record.key_id) is not None


def _places(found: QuerySet[Any], node: Node) -> QuerySet[Any]:
    """Where the movements begin and end, and where help is."""
    legs = _visible(CRATES_BY["operations.Movement"], node).filter(operation=node.operation_id)
    ends = [pk for pair in legs.values_list("origin", "destination") for pk in pair if pk]
    circles = [node.compartment_id, node.operation.engagement.compartment_id]
    return found.filter(Q(pk__in=ends) | Q(compartment__in=circles, kind__in=NEEDED))


CRATES_BY = {crate.label: crate for crate in CRATES}


@system_read("keys stand outside of compartments; members' own and those of the operation go along")
def _keys(node: Node) -> list[DuressKey]:
    team = Membership.objects.filter(compartment_id=node.compartment_id).values("user_id")
    found = DuressKey.objects.filter(Q(operation_id=node.operation_id) | Q(person_id__in=team))
    return list(found.order_by("pk"))


def _row(crate: Crate, record: Any) -> Row:
    """Sealed fields travel plain inside the connection: each house seals with keys of its own."""
    row = {}
    for field in crate.fields():
        value = getattr(record, field.attname)
        row[field.attname] = value if sealed(field) else _plain(value)
    if crate.label == "operations.Engagement":
        row["slug"] = row["id"]
    return row


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@system_read("the circles of an operation and who sits in them, for its node")
def _circles(node: Node) -> list[Row]:
    above = node.operation.engagement.compartment_id
    found = []
    for pk in (above, node.compartment_id):
        circle = Compartment.objects.get(pk=pk)
        live = Membership.objects.filter(Q(until=None) | Q(until__gt=now()), compartment=circle)
        seats = live.order_by("user_id").values_list("user_id", "role", "until")
        found.append(
            {
                "id": str(circle.pk),
                "parent_id": None if pk == above else str(above),
                "label": circle.label if pk != above else "Engagement",
                "exercise": circle.exercise,
                "seats": [
                    [str(user), role, until.isoformat() if until else None]
                    for user, role, until in seats
                ],
            }
        )
    return found


@system_read("names of those who belong to the operation or stand in its records")
def _people(rows: dict[str, list[Row]], circles: list[Row]) -> list[Row]:
    wanted = {UUID(seat[0]) for circle in circles for seat in circle["seats"]}
    for crate in CRATES:
        names = [f.attname for f in crate.fields() if getattr(f, "related_model", None) is User]
        wanted |= {UUID(row[n]) for row in rows[crate.label] for n in names if row[n]}
    found = User.objects.filter(pk__in=wanted).order_by("pk")
    fields = ("email", "name", "call_sign", "is_active")
    return [{"id": str(u.pk), **{name: getattr(u, name) for name in fields}} for u in found]
