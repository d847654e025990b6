"""A venue of team A that is watched, and a run of its crowd that still waits."""

import json
from datetime import timedelta
from typing import Any

from varangian.crowds import services
from varangian.crowds.queries import venues as queries
from varangian.crowds.services import watching
from varangian.platform.access.models import User


def _part(id_: str, kind: str, shape: str, points: Any, **props: Any) -> dict[str, Any]:
    geometry = {"type": shape, "coordinates": points}
    return {"type": "Feature", "id": id_, "geometry": geometry,
            "properties": {"kind": kind, **props}}  # fmt: skip


def crowd_records(leader: User, operation: Any, mark: str) -> dict[str, Any]:
    ring = [[0, 0], [20, 0], [20, 12], [0, 12], [0, 0]]
    document = {
        "type": "FeatureCollection", "format": "varangian-venue/1", "units": "metres",
        "name": f"{mark} hall",
        "features": [
            _part("hall", "area", "Polygon", [ring], name=f"{mark} floor"),
            _part("w", "door", "LineString", [[0, 4], [0, 6]], leads="outside"),
            _part("e", "door", "LineString", [[20, 4], [20, 6]], leads="outside"),
            _part("car", "vehicle", "Point", [25, 5]),
            _part("p1", "post", "Point", [10, 6], name=f"{mark} gate"),
            _part("floor", "zone", "Polygon", [ring], name=f"{mark} zone"),
            _part("come", "way", "LineString", [[1, 5], [10, 8]], name=f"{mark} way"),
            _part("up", "overlook", "LineString", [[12, 1], [18, 1]], name=f"{mark} balcony"),
        ],
    }  # fmt: skip
    plan = services.new_plan(
        actor=leader, operation=operation, data=json.dumps(document).encode(), file_name="a.geojson"
    )
    version = queries.newest(leader, plan)
    run = services.ask_run(actor=leader, version=version, people=50, runs=1)
    cover = services.ask_cover(actor=leader, version=version, posts=1)
    counter, _ = services.add_counter(
        actor=leader, plan=plan, name=f"{mark} clicker", kind="clicker", into="floor"
    )
    trigger = services.add_trigger(
        actor=leader, version=version, level="red", what="people", value=200
    )
    watch = services.start_watch(actor=leader, version=version)
    services.click(actor=leader, counter=counter, entered=3, left=1)
    watch.started_at -= timedelta(minutes=1)
    watch.save(update_fields=["started_at"])
    watching.step(watch)
    return {
        "venue": plan.pk, "crowd_run": run.pk, "crowd_cover": cover.pk, "crowd_watch": watch.pk,
        "crowd_counter": counter.pk, "crowd_trigger": trigger.pk,
        **_plans(leader, operation, plan, mark),
    }  # fmt: skip


def _plans(leader: User, operation: Any, venue: Any, mark: str) -> dict[str, Any]:
    """A version that is signed and agreed to, with a post of its own, and the next one as draft."""
    first = services.draft_plan(actor=leader, operation=operation, venue=venue)
    stop = {"who": f"{mark} host", "words": f"{mark} stop", "how": "by radio"}
    services.write_plan(actor=leader, plan=first, section="show_stop", value=stop)
    times = {"opens": "2027-03-01T18:00Z", "clear": "2027-03-01T23:00Z"}
    services.write_plan(actor=leader, plan=first, section="event", value=times)
    order = {"who_orders": f"{mark} host"}
    services.write_plan(actor=leader, plan=first, section="medical", value=order)
    signed = services.approve_plan(actor=leader, plan=first)
    agreed = services.record_agreement(
        actor=leader, plan=signed, side="organiser", name=f"{mark} host",
        signed_copy=b"%PDF-1.7", file_name=f"{mark}.pdf",
    )  # fmt: skip
    services.post_stewards(actor=leader, plan=signed)
    services.put_plan_in_force(actor=leader, plan=signed, without="the matrix asks")
    draft = services.draft_plan(actor=leader, operation=operation, venue=venue)
    return {"crowd_plan": draft.pk, "crowd_signed": signed.pk, "crowd_agreement": agreed.pk}
