"""Refusals a person can act on."""


class Refused(Exception):
    """The house will not do this: says what, where and how to mend it."""

    status = 422

    def __init__(self, what: str, where: str = "", mend: str = "") -> None:
        self.what, self.where, self.mend = what, where, mend
        super().__init__(what)

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        cure = f" {self.mend}" if self.mend else ""
        return f"{self.what}{place}.{cure}".replace("..", ".")


class Denied(Refused):
    """The record is known to the person, the action is not theirs."""

    status = 403


class NotFound(Refused):
    """There is no such record, or the person has no need to know of it."""

    status = 404


class Conflict(Refused):
    """The record has moved on since the person looked."""

    status = 409
