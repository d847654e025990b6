"""What a crowd plan has to do with people: who agreed to it, and who stands its posts."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.operations import library
from varangian.operations import services as spine
from varangian.platform.access.scope import Actor, require
from varangian.platform.live.services import publish
from varangian.platform.storage.services import keep

from ..events import stewards_posted
from ..models import CrowdAgreement, CrowdPlan, CrowdPost
from ..plan.content import Post
from ..queries import plans as queries
from .plans import named

MOST_BYTES = 25 * 1024 * 1024
SIGNED = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
STANDARD = "crowd_officer"
State = CrowdPlan.State


@transaction.atomic
def record_agreement(
    *,
    actor: Actor,
    plan: CrowdPlan,
    side: str,
    name: str,
    role: str = "",
    agreed_on: date | None = None,
    signed_copy: bytes = b"",
    file_name: str = "",
) -> CrowdAgreement:
    """Of a signed version: what somebody outside has agreed to must not change afterwards."""
    require(actor, "crowd.change", plan.compartment_id)
    named(actor, "record an agreement")
    where = f"{plan.serial} version {plan.version}"
    if plan.state not in (State.APPROVED, State.IN_FORCE):
        raise Refused(
            f"Nobody agrees to a plan that is {plan.get_state_display().lower()}", where,
            "Sign it first, so that it does not change any more.",
        )  # fmt: skip
    if side not in CrowdAgreement.Side.values:
        raise Refused(f"There is no side {side}", "side", ", ".join(CrowdAgreement.Side.values))
    if not name.strip():
        raise Refused("Say who agreed", "name", "The person, not the company alone.")
    day = agreed_on or now().date()
    if day > now().date():
        raise Refused("This day has not come yet", f"{day:%d %b %Y}", "Give the day it was agreed.")
    stored = None
    if signed_copy:
        stored = keep(
            data=signed_copy, name=file_name or "signed copy", media_type=_media(signed_copy),
            key=plan.key, compartment_id=plan.compartment_id,
        )  # fmt: skip
    made = CrowdAgreement.objects.create(
        key_id=plan.key_id, compartment_id=plan.compartment_id, plan=plan, side=side,  # pyright: ignore
        name=name.strip()[:120], role=role.strip()[:120], agreed_on=day, signed_copy=stored,
        by_id=actor.pk,
    )  # fmt: skip
    publish(topic="crowds", kind="agreed", record=plan.pk, compartment_id=plan.compartment_id)
    return made


def _media(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise Refused("This file is too large", "signed copy", "At most 25 MB.")
    found = next((media for head, media in SIGNED if data.startswith(head)), "")
    if not found:
        raise Refused("This is no PDF, PNG or JPEG", "signed copy", "Scan or photograph it anew.")
    return found


@dataclass(frozen=True)
class Posted:
    """``shifts`` is None where no roster listens."""

    made: list[str]
    there: list[str]
    shifts: int | None


@transaction.atomic
def post_stewards(*, actor: Actor, plan: CrowdPlan) -> Posted:
    """The team's posts of a signed plan become posts of the operation, and shifts of its roster.
    What was posted before stays as it is."""
    for action in ("crowd.change", "post.change", "roster.change"):
        require(actor, action, plan.compartment_id)
    where = f"{plan.serial} version {plan.version}"
    if plan.state not in (State.APPROVED, State.IN_FORCE):
        raise Refused("The posts of a draft are not rostered", where, "Sign the plan first.")
    content = queries.content_of(plan)
    wanted = [post for post in content.posts if post.staffed_by == "team"]
    if not wanted:
        raise Refused("No post of this plan is the team's", where, "See who staffs each post.")
    starts, ends = content.event.opens, content.event.clear
    if starts is None or ends is None or ends <= starts:
        raise Refused("From when to when is not known", where, "Write when doors open and clear.")
    there, rows, made = queries.posted(actor, plan), [], []
    for post in wanted:
        row = there.get(post.key) or _post(actor, plan, post)
        if post.key not in there:
            made.append(post.title)
        rows.append((row.post, post.people))
    told = stewards_posted.send(
        sender=CrowdPlan, operation=plan.operation, posts=rows, starts=starts, ends=ends,
        actor=actor,
    )  # fmt: skip
    counts: list[int] = [int(answer) for _, answer in told if answer is not None]
    publish(topic="crowds", kind="posted", record=plan.pk, compartment_id=plan.compartment_id)
    return Posted(
        made, [p.title for p in wanted if p.key in there], sum(counts) if counts else None
    )


def _post(actor: Actor, plan: CrowdPlan, post: Post) -> CrowdPost:
    standard = library.posts().get(STANDARD)
    made = spine.add_post(
        actor=actor, operation=plan.operation, title=post.title, role=standard.role,
        edition=standard.edition, call_sign=post.call_sign,
    )  # fmt: skip
    return CrowdPost.objects.create(
        compartment_id=plan.compartment_id, venue=plan.venue, operation=plan.operation,
        name=post.key, post=made,
    )  # fmt: skip
