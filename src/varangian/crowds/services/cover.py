"""Posts for cover, computed by a worker; a person accepts those they want into the drawing."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from varangian.engines.crowdflow.cover import Ask, refuse_without_solver
from varangian.engines.crowdflow.principal import WayMaps
from varangian.engines.crowdflow.venue import Venue
from varangian.kernel.results import Conflict, Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.jobs.long_work import LongWork, Tell
from varangian.platform.live.services import publish

from ..covering import Stopped, asked_from, look, wish_of
from ..models import CrowdCover, VenueVersion
from ..queries import cover as reads
from ..queries import venues as queries
from .venues import save_version

Wanted = tuple[Venue, Ask, WayMaps | None]


@transaction.atomic
def ask_cover(*, actor: Actor, version: VenueVersion, **wish: Any) -> CrowdCover:
    """``wish``: as of the engine's ``Ask``. ``cover_later`` or ``cover_now`` computes it."""
    require(actor, "crowd.change", version.compartment_id)
    asked = asked_from(wish)
    asked.refuse()
    refuse_without_solver()
    queries.sound(version.document)
    return CrowdCover.objects.create(
        key_id=version.key_id, compartment_id=version.compartment_id,  # pyright: ignore
        version=version, wish=wish_of(asked), asked_by_id=actor.pk,
    )  # fmt: skip


def _wanted(actor: Actor, row: CrowdCover) -> Wanted:
    found = reads.cover(actor, row.pk)
    venue = queries.sound(found.version.document)
    return venue, asked_from(found.wish), reads.ways_in_crowd(actor, found.version)


def _made(wanted: Wanted, tell: Tell) -> dict[str, Any]:
    return look(*wanted, tell)


def _keep(_actor: Actor, row: CrowdCover, _wanted: Wanted, made: dict[str, Any]) -> None:
    row.result = made


def _publish(row: CrowdCover) -> None:
    publish(topic="crowds", kind="cover", record=row.pk, compartment_id=row.compartment_id)


COMPUTING = LongWork[CrowdCover](
    model=CrowdCover, task="crowds.cover", lock=lambda row: f"crowd-{row.compartment_id}",
    purpose="choose posts for cover", action="crowd.change", want=_wanted, make=_made, keep=_keep,
    publish=_publish, cancelled=Stopped, over="This is not being computed any more",
    stopped="Stopped. Nothing of it was kept.",
)  # fmt: skip
cover_later, cover_now, stop_cover = COMPUTING.later, COMPUTING.now, COMPUTING.stop


@transaction.atomic
def accept_cover_posts(
    *, actor: Actor, cover: CrowdCover, posts: Iterable[str] | None = None
) -> VenueVersion:
    """The proposed posts, or those named, become posts of a new version of the drawing: a draft
    until a leader puts it in force."""
    require(actor, "crowd.change", cover.compartment_id)
    if actor.is_system:
        mend = "Use --as with a person's e-mail."
        raise Refused("Only a named person can accept posts", mend=mend)
    held = reads.covers(actor).select_for_update(of=("self",)).get(pk=cover.pk)
    if held.accepted_id:  # pyright: ignore[reportAttributeAccessIssue]
        number = held.accepted.number if held.accepted else ""
        raise Conflict(f"Posts of it were accepted already, as version {number}", "posts",
                       "Ask again on that version.")  # fmt: skip
    chosen = _chosen(held, posts)
    version, features = held.version, [_feature(held.version, row) for row in chosen]
    document = dict(version.document)
    document["features"] = [*document["features"], *features]
    names = ", ".join(row["name"] for row in chosen)
    made = save_version(
        actor=actor, plan=version.plan, document=document, base=version.number,
        note=f"Posts for cover accepted: {names}",
    )  # fmt: skip
    held.accepted = made
    held.save(update_fields=["accepted"])
    _publish(held)
    return made


def _chosen(cover: CrowdCover, posts: Iterable[str] | None) -> list[dict[str, Any]]:
    told = (cover.result or {}).get("cover")
    if cover.state != CrowdCover.State.DONE or not told:
        raise Refused("No posts are proposed there", where=cover.get_state_display())
    proposed = {row["id"]: row for row in told["posts"] if not row["drawn"]}
    wanted = list(dict.fromkeys(proposed if posts is None else posts))
    if not wanted:
        raise Refused("Choose the posts to accept", "posts", "Tick one at least.")
    for name in wanted:
        if name not in proposed:
            raise Refused(f"{name} is not among the proposed posts", "posts", "See the proposal.")
    return [proposed[name] for name in wanted]


def _feature(version: VenueVersion, row: dict[str, Any]) -> dict[str, Any]:
    frame = queries.sound(version.document).frame
    properties = {"kind": "post", "name": row["name"], "cover": True}
    if row["level"]:
        properties["level"] = row["level"]
    return {
        "type": "Feature", "id": row["id"], "properties": properties,
        "geometry": {"type": "Point", "coordinates": list(frame.as_drawn(*row["at"]))},
    }  # fmt: skip
