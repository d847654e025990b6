"""Pure rules of planning."""

from collections.abc import Iterable
from typing import Any

from varangian.operations.library import posts as standard_posts

RANKS = ("primary", "alternate", "contingency", "emergency")
"""The four means (PACE), in the order in which a post changes over."""


def post_of_role(posts: Iterable[Any], role: str) -> Any:
    """The first post, by serial, that does this role's work; None when nobody does."""
    roles = {standard.id: standard.role for standard in standard_posts().posts}
    for post in sorted(posts, key=lambda post: post.serial):
        if role in (post.role, roles.get(post.role)):
            return post
    return None
