from typing import Any

from django.apps import AppConfig


class SurveillanceConfig(AppConfig):
    name = "varangian.surveillance"
    label = "surveillance"

    def ready(self) -> None:
        from django.urls import reverse

        from varangian.operations import counting, tabs
        from varangian.platform.access import unseen
        from varangian.platform.jobs import ticks
        from varangian.platform.live import doors
        from varangian.platform.thread.registry import register
        from varangian.tracking.events import thing_told

        from .queries.faces import kept_ids
        from .sensors import door, panels, things
        from .services import behind, counts, keeping, kept, placing, recorders, walks
        from .services.faces.ending import end_faces

        doors.route(door.SENSORS.prefix, door.SENSORS.answer)
        doors.service("sia", panels.run)
        thing_told.connect(things.on_told, dispatch_uid="surveillance.things")
        ticks.every(2, "place cameras", placing.place_all)
        ticks.every(5, "end views that nobody fetches", keeping.close_views)
        ticks.every(5, "recorders to be asked", recorders.ask_due)
        ticks.every(30, "silent sensors", keeping.watch_sensors)
        ticks.every(600, "retention of events and clips", keeping.forget)
        ticks.every(30, "ways that are forgotten", walks.forget_walks)
        ticks.every(20, "ways to be compared", behind.compare_due)
        ticks.every(60, "end dates of kept events", kept.end_kept)
        ticks.every(60, "end of walks behind the principal", behind.end_walks)
        ticks.every(5, "end of face records, entries and candidates", end_faces)
        unseen.keep(kept_ids)
        counting.offer(counts.counted_places)
        _register_kinds(register, reverse)
        _add_tabs(tabs)


def _register_kinds(register: Any, reverse: Any) -> None:
    register(
        "face_match",
        words="Face match",
        model="surveillance.FaceMatch",
        caption=lambda match: f"Face at {match.camera.name}",
        url=lambda match: reverse("surveillance:face_match", args=[match.pk]),
    )
    register(
        "kept_event",
        words="Evidence of an event",
        model="surveillance.KeptEvent",
        caption=lambda kept: f"{kept.label} of {kept.source_name}",
        url=lambda kept: reverse("surveillance:kept_event", args=[kept.pk]),
    )
    register(
        "walk_behind",
        words="Walk behind the principal",
        model="surveillance.WalkBehind",
        caption=lambda walk: f"Walk at {walk.cameras} cameras",
        url=lambda walk: reverse("surveillance:walk", args=[walk.pk]),
    )
    register(
        "camera",
        words="Camera",
        model="surveillance.Camera",
        caption=lambda camera: camera.name,
        url=lambda camera: reverse("surveillance:camera", args=[camera.pk]),
    )


def _add_tabs(tabs: Any) -> None:
    tabs.add(
        "cameras",
        "Cameras",
        icon="device-cctv",
        url_name="surveillance:operation",
        action="camera.view",
        rank=57,
    )
    tabs.add(
        "faces",
        "Faces",
        icon="face-id",
        url_name="surveillance:faces",
        action="face_record.view",
        rank=58,
    )
