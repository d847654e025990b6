"""``varangian crowd ...`` from files, and live; ``varangian venue ...`` on record."""

import typer

from . import capacity, cover, flow, live, plans, principal, queue, records, venue

crowd = typer.Typer(
    help="Venues and crowds, from plans in files; crowd plans on record.", no_args_is_help=True
)
groups = {"crowd": crowd, **records.groups}

crowd.command("check")(venue.check_venue)
crowd.command("schema")(venue.show_schema)
crowd.command("capacity")(capacity.capacity_of)
crowd.command("queue")(queue.queue_at)
crowd.command("door")(flow.door_at)
crowd.command("run")(flow.run_crowd)
crowd.command("import")(venue.import_drawing)
crowd.command("wayout")(principal.way_out)
crowd.command("rope")(principal.rope)
crowd.command("cover")(cover.cover_file)
crowd.command("weights")(cover.weights_told)
crowd.command("overlook")(cover.overlook_file)
crowd.add_typer(plans.plan, name="plan")
crowd.add_typer(live.live, name="live")
