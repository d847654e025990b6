"""How an exercise went: who answered within which time. Pure rules; nothing about a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One post that was told of an inject. ``seconds`` None: it did not answer."""

    post: str
    seconds: int | None
    answer: str = ""


@dataclass(frozen=True)
class Outcome:
    """One inject: ``board_seconds`` until the alert queue was acknowledged, None when it was not;
    ``told`` false when it never went out."""

    title: str
    within_seconds: int
    posts: Sequence[Asked]
    board_seconds: int | None = None
    told: bool = True

    @property
    def answered(self) -> list[int]:
        """Seconds of the posts that answered."""
        return [row.seconds for row in self.posts if row.seconds is not None]

    @property
    def in_time(self) -> int:
        return sum(seconds <= self.within_seconds for seconds in self.answered)

    @property
    def median_seconds(self) -> float | None:
        """Over the posts that answered; nothing when none did."""
        return median(self.answered) if self.answered else None

    @property
    def tone(self) -> str:
        if not self.told or not self.posts:
            return "grey"
        if len(self.answered) < len(self.posts):
            return "red"
        return "green" if self.in_time == len(self.posts) else "amber"

    @property
    def words(self) -> str:
        if not self.told:
            return "not injected"
        if not self.posts:
            return "no post of this kind is held"
        silent = len(self.posts) - len(self.answered)
        late = len(self.answered) - self.in_time
        parts = [f"{self.in_time} of {len(self.posts)} within {self.within_seconds} s"]
        parts += [f"{late} later"] if late else []
        parts += [f"{silent} no answer"] if silent else []
        return ", ".join(parts)

    def as_kept(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "within_seconds": self.within_seconds,
            "board_seconds": self.board_seconds,
            "told": self.told,
            "posts": [
                {"post": row.post, "seconds": row.seconds, "answer": row.answer}
                for row in self.posts
            ],
        }


def as_read(rows: Sequence[dict[str, Any]]) -> list[Outcome]:
    return [Outcome(**{**row, "posts": [Asked(**asked) for asked in row["posts"]]}) for row in rows]


def seconds_between(begun: datetime | None, done: datetime | None) -> int | None:
    return round((done - begun).total_seconds()) if begun and done else None
