"""Read what is masked, with a reason; or make sure that nobody ever reads it again."""

from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.services import note
from varangian.platform.crypto import keys

from .. import rules
from ..events import principal_erased
from ..models import Contact, Principal, PrivacyWindow
from .common import NAMED, State, held, tell


def looked_at(*, actor: Actor, principal: Principal) -> None:
    """Reading somebody's file leaves a note, also when everything stayed masked."""
    note(kind="read", record=principal, actor=actor, purpose="principal's file")


@transaction.atomic
def unmask(*, actor: Actor, principal: Principal, section: str, purpose: str) -> dict[str, Any]:
    """Plain fields of one masked section, for one reading; who and why stays in the audit."""
    found = rules.section_named(section)
    require(actor, found.unmask, principal.compartment_id)
    purpose = rules.checked_purpose(purpose)
    if principal.state == State.ERASED:
        raise Refused("This principal was erased: there is nothing to read", where=principal.slug)
    note(
        kind="unmask",
        record=principal,
        actor=actor,
        purpose=purpose,
        changes={"section": section},
    )
    return {name: getattr(principal, name) for name in found.fields}


@transaction.atomic
def erase(*, actor: Actor, principal: Principal, reason: str) -> Principal:
    """Destroy the principal's key: nothing sealed with it can be read again, in any copy.

    Short name, code name, serials and times stay, so that the log and the audit stay whole.
    Whoever keeps the person's texts under another key blanks them on ``principal_erased``.
    """
    from varangian.platform.access.paging import forget_answers  # loads the whole API

    require(actor, "principal.erase", principal.compartment_id)
    if actor.is_system:
        raise Refused("Only a named person can erase", mend=NAMED)
    reason = rules.checked_purpose(reason)
    principal = held(actor, principal)
    Contact.objects.visible_to(actor).filter(principal=principal).delete()
    PrivacyWindow.objects.visible_to(actor).filter(principal=principal).delete()
    principal.state, principal.updated_at = State.ERASED, now()
    principal.save(update_fields=["state", "updated_at"])
    note(kind="erase", record=principal, actor=actor, purpose=reason)
    keys.destroy(principal.key_id)
    forget_answers()
    principal_erased.send(sender=Principal, principal=principal, actor=actor)
    tell(principal, "erased", f"erased by {actor.name}", actor)
    return principal
