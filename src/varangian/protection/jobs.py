"""Work of the running detail that need not be done while somebody waits."""

from uuid import UUID

from varangian.platform.access.context import acting
from varangian.platform.access.scope import SYSTEM
from varangian.platform.jobs.app import app


@app.task(name="protection.look_for_patterns", retry=3)
def look_for_patterns(operation: str) -> None:
    from .services.patterns import look_again

    with acting(SYSTEM, purpose="weigh sightings together"):
        look_again(UUID(operation))
