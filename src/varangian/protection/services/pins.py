"""Two PINs that look alike: one ends a call, the other says that its owner is forced.

Both hashes are always worked out, and both PINs are answered alike: neither the time nor the
screen tells whoever looks on which of the two it was.
"""

from datetime import timedelta
from enum import StrEnum

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Denied, Refused
from varangian.platform.access.scope import Actor, system_read
from varangian.platform.audit.services import note

from ..models import PinPair

SHORTEST, LONGEST = 4, 12
MOST_WRONG, FORGET = 10, timedelta(minutes=10)


class Verdict(StrEnum):
    OWN = "own"
    FORCED = "forced"
    WRONG = "wrong"
    NONE = "none"


@transaction.atomic
@system_read("a person's own PINs")
def set_pins(*, actor: Actor, own: str, forced: str) -> None:
    """The caller of this has just proved who they are."""
    if actor.is_system:
        raise Denied("PINs belong to a person", mend="Use --as with an e-mail.")
    for pin in (own, forced):
        if not (pin.isascii() and pin.isdecimal() and SHORTEST <= len(pin) <= LONGEST):
            raise Refused(f"A PIN has {SHORTEST} to {LONGEST} digits", where="pin")
    if own == forced:
        raise Refused("The two PINs must differ", mend="One digit is enough, such as the last.")
    given = {"own": make_password(own), "forced": make_password(forced), "set_at": now()}
    given |= {"wrong": 0, "wrong_at": None}
    PinPair.objects.update_or_create(person=actor, defaults=given)
    note(kind="pins set", record=actor, actor=actor)


@system_read("a person's own PINs")
def has_pins(person: Actor) -> bool:
    return PinPair.objects.filter(person_id=person.pk).exists()


@transaction.atomic
@system_read("a person's own PINs")
def verdict(*, person: Actor, pin: str) -> Verdict:
    """Ten wrong ones within ten minutes, and no PIN is looked at for as long."""
    pair = PinPair.objects.select_for_update().filter(person_id=person.pk).first()
    if pair is None:
        return Verdict.NONE
    recent = pair.wrong_at is not None and pair.wrong_at > now() - FORGET
    if recent and pair.wrong >= MOST_WRONG:
        raise Refused("Too many wrong PINs", mend="Wait ten minutes, or call the operator.")
    pin = pin.strip()[:LONGEST]
    own, forced = check_password(pin, pair.own), check_password(pin, pair.forced)
    if own or forced:
        PinPair.objects.filter(pk=pair.pk).update(wrong=0)
        return Verdict.OWN if own else Verdict.FORCED
    pair.wrong, pair.wrong_at = (pair.wrong + 1 if recent else 1), now()
    pair.save(update_fields=["wrong", "wrong_at"])
    return Verdict.WRONG
