"""``varangian up``, as help shows it; the verb itself runs before Django is there."""

from .up import run


def up() -> None:
    """Start database, web, live and worker; Ctrl-C ends them all."""
    raise SystemExit(run())


groups = {"up": up}
