"""Words for people, where a rule decides between forms."""


def plural(count: int, one: str, many: str = "") -> str:
    """``1 leg``, ``3 legs``."""
    return f"{count} {one if count == 1 else many or one + 's'}"
