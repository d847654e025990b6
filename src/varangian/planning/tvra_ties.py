"""An approved TVRA hands its treatments to the plan: each becomes a measure, once."""

from typing import Any
from uuid import UUID

from varangian.platform.thread.services import tie
from varangian.threats.events import tvra_approved

from . import queries, services


def register_all() -> None:
    tvra_approved.connect(take_over, dispatch_uid="treatments become measures")


def take_over(*, tvra: Any, treatments: Any, actor: Any, **_: Any) -> dict[UUID, UUID]:
    """Ids of measures by treatment. One that is a measure already stays as the plan has it."""
    made: dict[UUID, UUID] = {}
    known = set(queries.measures(actor, tvra.operation).values_list("pk", flat=True))
    for row in treatments:
        measure: UUID = row.measure
        if measure not in known:
            measure = made[row.pk] = _measure(actor, tvra, row)
        tie(
            left=("tvra", tvra.pk),
            right=("measure", measure),
            relation="treatment",
            compartment_id=tvra.compartment_id,
        )
    return made


def _measure(actor: Any, tvra: Any, row: Any) -> UUID:
    """It lowers the risk by as many steps as the assessor expects; in place only when checked."""
    line = row.line
    steps = (line.likelihood - row.residual_likelihood, line.impact - row.residual_impact)
    measure = services.add_measure(
        actor=actor,
        operation=tvra.operation,
        title=row.title,
        task=row.task,
        effects={line.risk: steps} if line.risk and any(steps) else {},
        responsibility=line.risk.responsibility if line.risk else "threat_assessment",
        owner=row.owner,
        due=row.due,
    )
    return measure.pk
