"""Crowds in the background."""

from uuid import UUID

from varangian.platform.jobs.app import app


@app.task(name="crowds.run", retry=2)
def run(work: str) -> None:
    from .services.runs import run_now

    run_now(UUID(work))


@app.task(name="crowds.cover", retry=2)
def cover(work: str) -> None:
    from .services.cover import cover_now

    cover_now(UUID(work))
