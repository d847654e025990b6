"""What every writer of a principal does."""

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor
from varangian.platform.news.services import announce
from varangian.platform.thread.services import changed

from .. import rules
from ..events import principal_changed
from ..models import Principal

State = Principal.State
NAMED = "Use --as with a person's e-mail."


def held(actor: Actor, principal: Principal) -> Principal:
    """Lock the file for this change; an erased one takes none."""
    found = Principal.objects.visible_to(actor).select_for_update().get(pk=principal.pk)
    if found.state == State.ERASED:
        raise Refused(
            "This principal was erased",
            where=found.slug,
            mend="Open a new file for the person.",
        )
    return found


def keep(principal: Principal, fields: list[str], actor: Actor) -> Principal:
    if not fields:
        return principal
    if principal.state in (State.VERIFIED, State.REVIEW_DUE):
        principal.state = State.DRAFT
    principal.updated_at = now()
    principal.save(update_fields=[*fields, "state", "updated_at"])
    words = ", ".join(rules.field_words(name).lower() for name in fields)
    changed(
        node=("principal", principal.pk),
        reason=f"Principal {principal.code_name} changed: {words}",
    )
    principal_changed.send(sender=Principal, principal=principal, fields=fields, actor=actor)
    tell(principal, "changed", f"changed: {words}", actor)
    return principal


def tell(principal: Principal, event: str, words: str, actor: Actor) -> None:
    announce(
        topic="principals",
        event=event,
        text=f"Principal {principal.code_name}: {words}",
        compartment_id=principal.compartment_id,
        record=("principal", principal.pk),
        actor=actor,
    )
