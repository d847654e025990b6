"""What of the worked operation takes longer than a first start may."""

from varangian.platform.jobs.app import app


@app.task(name="demo.lay_city")
def lay_city() -> None:
    from .city import lay

    lay()


@app.task(name="demo.empty_hall")
def empty_hall() -> None:
    from .venues import empty

    empty()
