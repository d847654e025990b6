"""People leave a venue, computed by a worker."""

from typing import Any

from django.db import transaction

from varangian.platform.access.scope import Actor, require
from varangian.platform.jobs.long_work import LongWork, Tell
from varangian.platform.live.services import publish
from varangian.platform.storage.services import keep

from ..models import CrowdRun, VenueVersion
from ..queries import venues as queries
from ..working import Cancelled, Made, Wish, work


@transaction.atomic
def ask_run(*, actor: Actor, version: VenueVersion, **wish: Any) -> CrowdRun:
    """``wish``: as of ``Wish``. ``run_later`` or ``run_now`` computes it."""
    require(actor, "crowd.change", version.compartment_id)
    asked = Wish(**wish)
    asked.refuse(queries.sound(version.document))
    return CrowdRun.objects.create(
        key_id=version.key_id, compartment_id=version.compartment_id,  # pyright: ignore
        version=version, wish=asked.plain(), asked_by_id=actor.pk,
    )  # fmt: skip


def _wanted(actor: Actor, run: CrowdRun) -> tuple[Any, Wish]:
    found = queries.run(actor, run.pk)
    return queries.sound(found.version.document), Wish(**found.wish)


def _made(wanted: tuple[Any, Wish], tell: Tell) -> Made:
    return work(*wanted, tell)


def _keep(_actor: Actor, run: CrowdRun, _wanted: Any, made: Made) -> None:
    owner = {"key": run.key, "compartment_id": run.compartment_id}
    kind = "application/octet-stream"
    run.result = made.result
    run.film = keep(data=made.film, name="film", media_type=kind, **owner)
    if made.film_before:
        run.film_before = keep(data=made.film_before, name="before", media_type=kind, **owner)


def _publish(run: CrowdRun) -> None:
    publish(topic="crowds", kind="run", record=run.pk, compartment_id=run.compartment_id)


COMPUTING = LongWork[CrowdRun](
    model=CrowdRun, task="crowds.run", lock=lambda run: f"crowd-{run.compartment_id}",
    purpose="compute a crowd", action="crowd.change", want=_wanted, make=_made, keep=_keep,
    publish=_publish, cancelled=Cancelled, over="This is not being computed any more",
    stopped="Stopped. Nothing of it was kept.",
)  # fmt: skip
run_later, run_now, stop_run = COMPUTING.later, COMPUTING.now, COMPUTING.stop
