"""``varangian threat|risk ...``"""

from datetime import datetime
from typing import Annotated, Any

import typer

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.operations.people import member_by_email
from varangian.platform.access.scope import Actor
from varangian.platform.ui import console

from .. import services
from ..queries import threats as queries
from ..shapes.threats import (
    acceptance_shape,
    assessment_shape,
    overview_shape,
    risk_shape,
    source_shape,
)

threat = typer.Typer(help="Threat sources and the threat level.", no_args_is_help=True)
risk = typer.Typer(help="The risk register.", no_args_is_help=True)
groups = {"threat": threat, "risk": risk}

Option = Annotated[str | None, typer.Option()]
Texts = Annotated[list[str] | None, typer.Option()]
Time = Annotated[datetime | None, typer.Option(help="in the operation's time zone")]
SOURCE_COLUMNS = ("serial", "state", "title", "intent", "capability", "opportunity", "valid_until")


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


@threat.command("operations")
def list_operations(as_json: console.AsJson = False) -> None:
    """Operations with their level and open risks."""
    with console.unit() as actor:
        rows = [overview_shape(row) for row in queries.overview(actor)]
    columns = ("operation", "state", "threat_level", "sources", "expired_sources", "open_risks")
    console.emit(rows, as_json, columns)


@threat.command("list")
def list_threats(operation: str, as_json: console.AsJson = False) -> None:
    """Threat sources of an operation."""
    with console.unit() as actor:
        found = queries.operation_with_register(actor, operation)
        rows = [source_shape(row) for row in queries.sources(actor, found)]
    console.emit(rows, as_json, SOURCE_COLUMNS)


@threat.command("add")
def add_threat(
    operation: str,
    title: str,
    kind: Option = None,
    intent: Option = None,
    capability: Option = None,
    opportunity: Option = None,
    evidence: Option = None,
    history: Option = None,
    scale: Option = None,
    source_grade: Option = None,
    information_grade: Option = None,
    confidence: Option = None,
    handling: Option = None,
    valid_until: Time = None,
    as_json: console.AsJson = False,
) -> None:
    """Add a threat source as a draft; levels left out stay unknown."""
    fields = _given(
        kind=kind, intent=intent, capability=capability, opportunity=opportunity,
        evidence=evidence, history=history, scale=scale, source_grade=source_grade,
        information_grade=information_grade, confidence=confidence, handling=handling,
    )  # fmt: skip
    with console.unit() as actor:
        found = queries.operation_with_register(actor, operation)
        fields |= _given(valid_until=console.in_zone(valid_until, found.time_zone))
        row = source_shape(services.add_source(actor=actor, operation=found, title=title, **fields))
    console.emit(row, as_json)


@threat.command("set")
def set_threat(
    operation: str,
    serial: str,
    title: Option = None,
    intent: Option = None,
    capability: Option = None,
    opportunity: Option = None,
    evidence: Option = None,
    source_grade: Option = None,
    information_grade: Option = None,
    confidence: Option = None,
    handling: Option = None,
    valid_until: Time = None,
    state: Option = None,
    as_json: console.AsJson = False,
) -> None:
    """Change a threat source, or with --state review or approve it."""
    fields = _given(
        title=title, intent=intent, capability=capability, opportunity=opportunity,
        evidence=evidence, source_grade=source_grade, information_grade=information_grade,
        confidence=confidence, handling=handling,
    )  # fmt: skip
    with console.unit() as actor:
        found = queries.operation_with_register(actor, operation)
        source = queries.source_numbered(actor, found, console.serial(serial))
        fields |= _given(valid_until=console.in_zone(valid_until, found.time_zone))
        if fields:
            source = services.change_source(actor=actor, source=source, **fields)
        if state:
            source = services.set_source_state(actor=actor, source=source, state=state)
        row = source_shape(source)
    console.emit(row, as_json)


@threat.command()
def assess(
    operation: str,
    level: str,
    summary: str,
    confidence: str = "low",
    valid_until: Time = None,
    as_json: console.AsJson = False,
) -> None:
    """Set the threat level of an operation, with the reason. Needs --as."""
    with console.unit() as actor:
        found = queries.operation_with_register(actor, operation)
        row = assessment_shape(
            services.assess(
                actor=actor,
                operation=found,
                level=level,
                summary=summary,
                confidence=confidence,
                valid_until=console.in_zone(valid_until, found.time_zone),
            )
        )
    console.emit(row, as_json)


@risk.command("list")
def list_risks(operation: str, as_json: console.AsJson = False) -> None:
    """The register, the worst first."""
    with console.unit() as actor:
        found = queries.operation_with_register(actor, operation)
        rows = [risk_shape(row.risk) for row in queries.register(actor, found)]
    if not as_json:
        rows = [_flat(row) for row in rows]
    columns = ("serial", "state", "inherent", "current", "target", "measures", "owner", "title")
    console.emit(rows, as_json, columns)


@risk.command("add")
def add_risk(
    operation: str,
    from_library: Texts = None,
    title: Option = None,
    responsibility: Option = None,
    likelihood: Annotated[int | None, typer.Option(min=1, max=5)] = None,
    impact: Annotated[int | None, typer.Option(min=1, max=5)] = None,
    cause: Option = None,
    vulnerability: Option = None,
    controls: Option = None,
    threat: Annotated[str | None, typer.Option(help="number of the threat source")] = None,
    movement: Annotated[int | None, typer.Option(help="number of the leg")] = None,
    owner: Annotated[str | None, typer.Option(metavar="EMAIL")] = None,
    due: Time = None,
    as_json: console.AsJson = False,
) -> None:
    """Add standard risks by id (repeat --from-library), or an own line with --title."""
    fields = _given(
        title=title, responsibility=responsibility, likelihood=likelihood, impact=impact,
        cause=cause, vulnerability=vulnerability, controls=controls,
    )  # fmt: skip
    with console.unit() as actor:
        found = queries.operation_with_register(actor, operation)
        fields |= _ties(actor, found, threat, movement, owner) | _given(
            due=console.in_zone(due, found.time_zone)
        )
        batch = _batch(actor, found, from_library or [], fields)
        rows = [risk_shape(queries.risk(actor, line.pk)) for line in batch.added]
    for library_id, why in batch.refused:
        console.say(f"{library_id}: {why}")
    if not rows:
        raise Refused("Nothing was added", where=operation)
    console.emit(rows if as_json else [_flat(row) for row in rows], as_json, ("serial", "title"))


@risk.command("accept")
def accept(
    operation: str,
    serial: str,
    note: str = "",
    seat: Annotated[str, typer.Option(help="detail_leader, second_detail_leader or client")] = "",
    given_by: Annotated[str, typer.Option(help="client's seat: who consented")] = "",
    as_json: console.AsJson = False,
) -> None:
    """Sign for what is left of a risk. Needs --as."""
    with console.unit() as actor:
        found = queries.operation_with_register(actor, operation)
        line = queries.risk_numbered(actor, found, console.serial(serial))
        signed = services.accept_risk(
            actor=actor, risk=line, note=note, seat=seat, given_by=given_by
        )
        row = acceptance_shape(signed)
        missing = queries.risk_row(queries.risk(actor, line.pk)).missing_words
    console.say(f"Still to sign: {', '.join(missing)}" if missing else "The risk is accepted")
    console.emit(row, as_json)


def _batch(
    actor: Actor, operation: Any, library_ids: list[str], fields: dict[str, Any]
) -> services.Batch:
    if library_ids:
        return services.add_from_library(
            actor=actor, operation=operation, library_ids=library_ids, **fields
        )
    lacking = {"title", "responsibility", "likelihood", "impact"} - set(fields)
    if lacking:
        raise Refused(
            "An own line needs more",
            where=", ".join(sorted(lacking)),
            mend="Or name a standard risk with --from-library.",
        )
    return services.Batch([services.add_risk(actor=actor, operation=operation, **fields)])


def _ties(
    actor: Actor, operation: Any, threat: str | None, movement: int | None, owner: str | None
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if threat:
        found["threat_source"] = queries.source_numbered(actor, operation, console.serial(threat))
    if movement:
        leg = operations.movements(actor, operation).filter(serial=movement).first()
        if leg is None:
            raise Refused("There is no such leg", where=str(movement))
        found["movement"] = leg
    if owner:
        found["owner"] = member_by_email(actor, operation, owner)
    return found


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    bands = {name: row[name]["band"] for name in ("inherent", "current", "target")}
    return {**row, **bands, "measures": " ".join(row["measures"])}
