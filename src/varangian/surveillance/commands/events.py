"""``varangian sensor ...`` and ``varangian event-rule ...``"""

from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from varangian.kernel.results import Refused
from varangian.operations import queries as operations
from varangian.platform.ui import console

from ..queries import cameras as camera_queries
from ..queries import events as queries
from ..services import events as services
from ..services import recorders, sensing
from ..shapes import registered_shape, rule_shape, sensor_shape

sensor = typer.Typer(help="Motion, doors, plate readers, alarm panels.", no_args_is_help=True)
rule = typer.Typer(help="Which events raise an alert.", no_args_is_help=True)
groups = {"event-rule": rule, "sensor": sensor}
At = Annotated[tuple[float, float] | None, typer.Option(help="latitude and longitude")]
Clock = Annotated[datetime | None, typer.Option(formats=["%H:%M"], help="such as 22:00")]


@sensor.command("list")
def list_sensors(operation: str, as_json: console.AsJson = False) -> None:
    """Sensors of an operation."""
    with console.unit() as actor:
        found = queries.sensors(actor, operations.operation(actor, operation))
        rows = [sensor_shape(row) for row in found]
    columns = ("id", "name", "kind", "outside_id", "heard_at", "silent_since", "ask_fault")
    console.emit(rows, as_json, columns)


@sensor.command("add")
def add_sensor(
    operation: str,
    name: str,
    kind: Annotated[str, typer.Argument(help="motion, door, plates, panel, recorder")],
    outside_id: Annotated[str, typer.Option(help="its name over MQTT, or its account")] = "",
    at: At = None,
    legal_basis: Annotated[str, typer.Option(help="needed to read plates")] = "",
    keep_days: Annotated[int, typer.Option(help="days that its events are kept")] = 3,
    period: Annotated[int, typer.Option(help="seconds between heartbeats; 0 for none")] = 0,
    key: Annotated[str, typer.Option(envvar="VARANGIAN_PANEL_KEY", help="of a panel")] = "",
    address: Annotated[str, typer.Option(help="of a recorder that is asked over HTTP")] = "",
    token: Annotated[
        str, typer.Option(envvar="VARANGIAN_RECORDER_TOKEN", help="that the recorder wants")
    ] = "",
    as_json: console.AsJson = False,
) -> None:
    """Register a sensor; its address is shown this once."""
    with console.unit() as actor:
        found = operations.operation(actor, operation)
        made, secret = sensing.add_sensor(
            actor=actor, operation=found, name=name, kind=kind, outside_id=outside_id,
            position=list(at) if at else None, legal_basis=legal_basis,
            retention_days=keep_days, period_s=period, panel_key=key, address=address,
            access_token=token,
        )  # fmt: skip
        row = registered_shape(made, secret)
    console.emit(row, as_json)


@sensor.command("remove")
def remove_sensor(pk: UUID) -> None:
    """Its address opens nothing any more."""
    with console.unit() as actor:
        sensing.remove_sensor(actor=actor, sensor=queries.sensor(actor, pk))


@sensor.command("picture")
def look_at(
    event: UUID,
    purpose: Annotated[str, typer.Option(help="why you look; it is put on record")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="where the JPEG is put")],
) -> None:
    """A recorder's picture of one event. A person looks: say who with --as."""
    with console.unit() as actor:
        found = queries.event(actor, event)
        shown = recorders.look_at(actor=actor, event=found, purpose=purpose)
    try:
        out.write_bytes(shown)
    except OSError as error:
        raise Refused("The picture cannot be written there", where=str(out)) from error


@rule.command("list")
def list_rules(operation: str, as_json: console.AsJson = False) -> None:
    """Rules of an operation."""
    with console.unit() as actor:
        found = queries.rules_of(actor, operations.operation(actor, operation))
        rows = [rule_shape(row) for row in found]
    console.emit(rows, as_json, ("id", "name", "camera", "sensor", "urgency", "begins", "ends"))


@rule.command("add")
def add_rule(
    operation: str,
    name: Annotated[str, typer.Argument(help="motion.begun, door.opened, behaviour.* ...")],
    urgency: Annotated[str, typer.Option(help="now, attention or inform")] = "attention",
    camera: Annotated[UUID | None, typer.Option(help="of this camera alone")] = None,
    sensor_id: Annotated[UUID | None, typer.Option("--sensor", help="of this sensor alone")] = None,
    begins: Clock = None,
    ends: Clock = None,
    quiet: Annotated[int, typer.Option(help="seconds until the same asks again")] = 300,
    as_json: console.AsJson = False,
) -> None:
    """Raise an alert when a camera or a sensor tells this."""
    with console.unit() as actor:
        made = services.add_rule(
            actor=actor,
            operation=operations.operation(actor, operation),
            name=name,
            urgency=urgency,
            camera=camera_queries.camera(actor, camera) if camera else None,
            sensor=queries.sensor(actor, sensor_id) if sensor_id else None,
            begins=begins.time() if begins else None,
            ends=ends.time() if ends else None,
            quiet_s=quiet,
        )
        row = rule_shape(made)
    console.emit(row, as_json)


@rule.command("remove")
def remove_rule(pk: UUID) -> None:
    """Take a rule away."""
    with console.unit() as actor:
        services.remove_rule(actor=actor, rule=queries.rule(actor, pk))
