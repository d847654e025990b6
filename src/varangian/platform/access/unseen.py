"""Records that are kept from one person although their role would show them.

Who calls for help under duress may be watched: while the call runs, no list, count or message on
any screen of theirs says that it was heard.
"""

from collections.abc import Callable
from uuid import UUID

from .scope import Actor

Keeper = Callable[[Actor], set[UUID]]
_keepers: list[Keeper] = []


def keep(of: Keeper) -> None:
    """Called with a person; answers with the ids of records that are not for their eyes now."""
    _keepers.append(of)


def kept_from(actor: Actor) -> set[UUID]:
    if actor.is_system or not actor.is_authenticated:
        return set()
    return {found for of in _keepers for found in of(actor)}
