"""Open and close assignments."""

from datetime import date
from typing import Any

from django.db import transaction

from varangian.kernel.ids import slugify
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.models import Membership
from varangian.platform.access.roles import Role
from varangian.platform.access.scope import Actor, require
from varangian.platform.access.services import open_compartment
from varangian.platform.crypto import keys
from varangian.platform.database.slugs import save_under_free_slug
from varangian.platform.news.services import announce

from ..models import Engagement


@transaction.atomic
def open_engagement(
    *,
    actor: Actor,
    slug: str,
    title: str,
    client: str = "",
    scope: str = "",
    authority: str = "",
    insurance: str = "",
    starts: date | None = None,
    ends: date | None = None,
) -> Engagement:
    """The person who opens an engagement leads it."""
    if getattr(actor, "is_administrator", False) or getattr(actor, "is_auditor", False):
        raise Denied("An administrator or auditor runs no engagement")
    slug = slugify(slug or title)
    if starts and ends and ends < starts:
        raise Refused("It ends before it starts", where=f"{starts} to {ends}")
    compartment = open_compartment(label=slug)
    if not actor.is_system:
        Membership.objects.create(
            compartment=compartment, user=actor, role=Role.DETAIL_LEADER, added_by=actor
        )
        actor.__dict__.pop("_reach", None)
    engagement = Engagement(
        key=keys.create(),
        compartment=compartment,
        title=title,
        client=client,
        scope=scope,
        authority=authority,
        insurance=insurance,
        starts=starts,
        ends=ends,
        state=Engagement.State.ACTIVE,
    )
    save_under_free_slug(engagement, slug, exact=True)
    announce(
        topic="engagements",
        event="opened",
        text=f"Engagement {slug} opened",
        compartment_id=compartment.pk,
        record=("engagement", engagement.pk),
        actor=actor,
    )
    return engagement


@transaction.atomic
def close_engagement(*, actor: Actor, engagement: Engagement) -> Engagement:
    """The assignment ends: nothing new is opened under it, and what is there stays readable."""
    require(actor, "engagement.change", engagement.compartment_id)
    if actor.is_system:
        raise Refused(
            "Only a named person can close an engagement", mend="Use --as with a person's e-mail."
        )
    found: Any = Engagement.objects.visible_to(actor).select_for_update()
    engagement = found.get(pk=engagement.pk)
    if engagement.state == Engagement.State.CLOSED:
        raise Refused("This engagement is closed already", where=engagement.slug)
    running = engagement.operations.exclude(state__in=["closed", "cancelled"]).count()
    if running:
        raise Refused(
            f"{running} of its operations are not closed",
            where=engagement.slug,
            mend="Close or cancel them first.",
        )
    engagement.state = Engagement.State.CLOSED
    engagement.save(update_fields=["state"])
    announce(
        topic="engagements",
        event="closed",
        text=f"Engagement {engagement.slug} closed",
        compartment_id=engagement.compartment_id,
        record=("engagement", engagement.pk),
        actor=actor,
    )
    return engagement
