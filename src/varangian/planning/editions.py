"""Which edition of an order a word means: an edition, a role of the house, or a standard post."""

from varangian.kernel.results import NotFound
from varangian.operations.library import posts as standard_posts

from .library import order_structure

OF_ROLE = {
    "officer": "ppo",
    "operator": "controller",
    "assistant": "client",
    "leader": "detail_leader",
}


def edition_named(word: str) -> str:
    """``officer`` and ``ppo`` are the same edition, so are ``operator`` and ``controller``."""
    wanted = word.strip().lower().replace("-", "_").replace(" ", "_")
    known = {rule.id: rule.id for rule in order_structure().editions}
    posts = {name: post.edition for post in standard_posts().posts for name in (post.id, post.role)}
    found = {**posts, **OF_ROLE, **known}.get(wanted)
    if found is None:
        raise NotFound(
            f"No edition of the order is for '{word}'",
            mend=f"There is: {', '.join([*known, *OF_ROLE])}.",
        )
    return found
