"""The communications plan as a person may read it; words only for those who may know them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from varangian.operations import queries as operations
from varangian.platform.access.scope import Actor, may

from ..compose.actions import typed_words
from ..library import actions_on
from ..models import CommsPlan, CommsTest, CommsVersion
from ..rules import RANKS

WORDS = {
    "primary": "Primary",
    "alternate": "Alternate",
    "contingency": "Contingency",
    "emergency": "Emergency",
}


@dataclass(frozen=True)
class Bearer:
    """One means with its last test."""

    rank: str
    means: str
    test: CommsTest | None = None

    @property
    def title(self) -> str:
        return WORDS[self.rank]

    @property
    def state(self) -> str:
        """not set, not tested, good, weak or failed."""
        if not self.means:
            return "not set"
        return self.test.result if self.test else "not tested"


def plan(actor: Actor, operation: Any) -> CommsPlan | None:
    return CommsPlan.objects.visible_to(actor).filter(operation=operation).first()


def previous(actor: Actor, plan: CommsPlan) -> CommsVersion | None:
    """The version before the one that the plan is about to get."""
    return versions(actor, plan).filter(number__lt=plan.version).order_by("-number").first()


def current(actor: Actor, operation: Any) -> CommsVersion | None:
    found = plan(actor, operation)
    return versions(actor, found).filter(number=found.version).first() if found else None


def versions(actor: Actor, found: CommsPlan) -> QuerySet[CommsVersion]:
    rows = CommsVersion.objects.visible_to(actor).filter(plan=found)
    return rows.select_related("by", "plan__operation").order_by("-number")


def tests(actor: Actor, operation: Any) -> QuerySet[CommsTest]:
    rows = CommsTest.objects.visible_to(actor).filter(plan__operation=operation)
    return rows.select_related("by").order_by("-tested_at")


def bearers(actor: Actor, operation: Any) -> list[Bearer]:
    """The four ranks in their order, each with its last test since this means was named."""
    found = plan(actor, operation)
    means_of = {row.number: row.bearers for row in versions(actor, found)} if found else {}
    means = means_of[found.version] if found else {}
    last: dict[str, CommsTest] = {}
    for row in tests(actor, operation).reverse():
        if means_of.get(row.version, {}).get(row.rank) == means.get(row.rank):
            last[row.rank] = row
    return [Bearer(rank, means.get(rank, ""), last.get(rank)) for rank in RANKS]


def call_signs(actor: Actor, operation: Any) -> list[Any]:
    return [post for post in operations.posts(actor, operation) if post.call_sign]


def oldest_test(rows: list[Bearer]) -> datetime | None:
    return min((row.test.tested_at for row in rows if row.test), default=None)


def may_know_words(actor: Actor, operation: Any) -> bool:
    return may(actor, "comms.words", operation.compartment_id)


def words_known(actor: Actor, operation: Any) -> dict[str, str]:
    """Slot to word: of the plan, else as typed under code words. Nothing for who may not know."""
    if not may_know_words(actor, operation):
        return {}
    version = current(actor, operation)
    return dict(version.code_words) if version else typed_words(operation)


def words_shown(version: CommsVersion | None) -> list[dict[str, str]]:
    """Each word with what it means, the library's slots in their order, then own words."""
    kept = dict(version.code_words) if version else {}
    slots = [(slot.id, slot.meaning) for slot in actions_on().code_words if slot.id in kept]
    own = [(name, name) for name in kept if name not in {slot for slot, _ in slots}]
    return [{"slot": n, "meaning": m, "word": kept[n]} for n, m in [*slots, *own]]
