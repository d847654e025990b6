"""The standard posts of a detail and the kinds of operation."""

from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from varangian.kernel.library import (
    Key,
    Keyed,
    LibraryFile,
    Line,
    Setting,
    load_yaml,
    pick,
    unique,
)

Edition = Literal[
    "detail_leader", "ppo", "driver", "medic", "controller", "analyst", "advance", "client"
]


class StandardPost(Keyed):
    title: Line
    role: Key
    edition: Edition
    duties: Line
    qualifications: tuple[Line, ...]


class Posts(LibraryFile):
    posts: Annotated[tuple[StandardPost, ...], AfterValidator(unique)] = Field(min_length=1)

    def get(self, post_id: str) -> StandardPost:
        return pick(self.posts, post_id, "standard post")

    def roles(self) -> frozenset[str]:
        return frozenset(post.role for post in self.posts)

    def editions_of(self, role: str) -> frozenset[Edition]:
        """The editions that people of this role read."""
        return frozenset(post.edition for post in self.posts if post.role == role)


class Kind(Keyed):
    title: Line
    meaning: Line
    settings: tuple[Setting, ...] = Field(min_length=1)
    posts: tuple[Key, ...] = Field(min_length=1)


class Kinds(LibraryFile):
    kinds: Annotated[tuple[Kind, ...], AfterValidator(unique)] = Field(min_length=1)

    def get(self, kind_id: str) -> Kind:
        return pick(self.kinds, kind_id, "kind of operation")


@cache
def posts() -> Posts:
    return load_yaml(__name__, "posts.yaml", Posts)


@cache
def kinds() -> Kinds:
    return load_yaml(__name__, "kinds.yaml", Kinds)
