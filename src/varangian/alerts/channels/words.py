"""All that leaves the house over somebody else's wire."""

from dataclasses import dataclass


class Undelivered(Exception):
    """``gone``: the address will never work again."""

    def __init__(self, why: str, *, gone: bool = False) -> None:
        super().__init__(why)
        self.why, self.gone = why[:120], gone


@dataclass(frozen=True)
class Call:
    """A code to say over the radio, and where to look. Never a word of the alert itself."""

    code: str
    path: str
    urgent: bool
    exercise: bool = False

    @property
    def words(self) -> str:
        kind = "EXERCISE ALERT" if self.exercise else "ALERT"
        return f"{kind} {self.code}, open Varangian"
