"""The planner's texts, by heading of the order."""

from typing import Any

from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, require

from ..compose.whole import OF_COMMS
from ..library import order_structure
from . import comms

HELD_ELSEWHERE = frozenset(
    {
        "programme",
        "threat_sources",
        "enemy_forces",
        "task",
        "medical_alerts",
        "medical_card",
        "duress_word",
    }
)
"""Headings that another record fills; a text here could contradict it or leak it."""
RANKS = ("primary", "alternate", "emergency")


def plan(actor: Actor, operation: Any) -> list[tuple[Any, list[tuple[Any, str]]]]:
    """Paragraphs with their headings and the text typed under each."""
    require(actor, "order.change", operation.compartment_id)
    texts = operation.plan or {}
    planned = comms.plan(actor, operation) is not None
    held = HELD_ELSEWHERE | (frozenset(OF_COMMS) if planned else frozenset())
    return [
        (part, [(h, texts.get(h.id, "")) for h in part.headings if h.id not in held])
        for part in order_structure().paragraphs
        if any(h.id not in held for h in part.headings)
    ]


def roads(actor: Actor, operation: Any) -> list[tuple[Any, dict[str, str]]]:
    """Road legs with the routes that are named for them."""
    found = operations.movements(actor, operation).filter(kind="road").exclude(state="cancelled")
    return [(m, r if isinstance(r := m.details.get("routes"), dict) else {}) for m in found]
