"""What the principal's own side decides: when they are left alone, and how they like it."""

from datetime import datetime

from django.db import transaction

from varangian.platform.access.scope import Actor, require

from .. import rules
from ..models import Principal, PrivacyWindow
from .common import held, keep, tell


@transaction.atomic
def set_preferences(*, actor: Actor, principal: Principal, preferences: str) -> Principal:
    """The principal's own side says how they like it."""
    require(actor, "privacy.change", principal.compartment_id)
    principal = held(actor, principal)
    wanted = rules.checked_texts({"preferences": preferences})["preferences"]
    if wanted == principal.preferences:
        return principal
    principal.preferences = wanted
    return keep(principal, ["preferences"], actor)


@transaction.atomic
def add_window(
    *,
    actor: Actor,
    principal: Principal,
    starts: datetime,
    ends: datetime,
    rule: str = "",
    agreed_with: str = "",
) -> PrivacyWindow:
    """In a privacy window only duress reaches into the principal's day."""
    require(actor, "privacy.change", principal.compartment_id)
    principal = held(actor, principal)
    others = (
        PrivacyWindow.objects.visible_to(actor)
        .filter(principal=principal)
        .values_list("starts", "ends")
    )
    rules.check_window(starts, ends, others)
    window = PrivacyWindow(
        key_id=principal.key_id,
        compartment_id=principal.compartment_id,
        principal=principal,
        starts=starts,
        ends=ends,
        rule=rule.strip() or "Duress only",
        agreed_with=agreed_with.strip(),
    )
    window.save(force_insert=True)
    tell(principal, "privacy", f"privacy window {_span(window)} agreed", actor)
    return window


@transaction.atomic
def remove_window(*, actor: Actor, window: PrivacyWindow) -> None:
    require(actor, "privacy.change", window.compartment_id)
    window.delete()
    tell(window.principal, "privacy", f"privacy window {_span(window)} removed", actor)


def _span(window: PrivacyWindow) -> str:
    return f"{window.starts:%d %b %H:%M} to {window.ends:%d %b %H:%M %Z}"
