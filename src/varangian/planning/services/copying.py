"""What an exercise needs of the plans: contingency cards in force, and the communications plan."""

from typing import Any

from varangian.platform.access.scope import Actor, system_read
from varangian.platform.access.stage import on_stage

from ..models import Card, CardVersion, CommsPlan, CommsVersion

OF_COMMS = ("bearers", "check_minutes", "missed", "check_words", "code_words", "duress_word")


@system_read("whoever runs the exercise copies it for the same members")
def copy_plans(actor: Actor, source: Any, copy: Any) -> None:
    """As they stand, at version 1 of the copy; drafts stay behind."""
    cards = list(Card.objects.filter(operation=source, withdrawn_at=None).exclude(in_force=None))
    versions = {
        (row.card_id, row.number): row  # pyright: ignore
        for row in CardVersion.objects.filter(card__in=cards)
    }
    comms = CommsVersion.objects.filter(plan__operation=source).order_by("-number").first()
    with on_stage(actor, exercise=True):
        for card in cards:
            _card(copy, card, versions[card.pk, card.in_force])
        if comms is not None:
            _comms(copy, comms)


def _card(copy: Any, card: Card, version: CardVersion) -> None:
    made = Card.objects.create(
        compartment_id=copy.compartment_id,
        operation=copy,
        library_id=card.library_id,
        title=card.title,
        code_word=card.code_word,
        in_force=1,
    )
    CardVersion.objects.create(
        compartment_id=copy.compartment_id,
        key_id=copy.key_id,
        card=made,
        number=1,
        content=version.content,
        place_id=version.place_id,  # pyright: ignore
        why="Copied for an exercise",
        by_id=version.by_id,  # pyright: ignore
    )


def _comms(copy: Any, version: CommsVersion) -> None:
    plan = CommsPlan.objects.create(compartment_id=copy.compartment_id, operation=copy)
    CommsVersion.objects.create(
        compartment_id=copy.compartment_id,
        key_id=copy.key_id,
        plan=plan,
        number=1,
        why="Copied for an exercise",
        by_id=version.by_id,  # pyright: ignore
        **{name: getattr(version, name) for name in OF_COMMS},
    )
