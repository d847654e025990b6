from django.apps import AppConfig


class CrowdsConfig(AppConfig):
    name = "varangian.crowds"
    label = "crowds"

    def ready(self) -> None:
        from django.urls import reverse

        from varangian.operations import tabs
        from varangian.operations.events import people_counted
        from varangian.platform.jobs import ticks
        from varangian.platform.live import doors
        from varangian.platform.thread.registry import register
        from varangian.tracking.events import thing_told

        from . import door
        from .services import seeing, watching

        doors.route(door.COUNTERS.prefix, door.COUNTERS.answer)
        thing_told.connect(door.on_told, dispatch_uid="crowds.counters")
        people_counted.connect(seeing.on_counted, dispatch_uid="crowds.cameras")
        ticks.every(2, "look at crowds", watching.step_all)

        register(
            "venue",
            words="Venue plan",
            model="crowds.VenuePlan",
            caption=lambda row: f"Venue {row.name}",
            url=lambda row: reverse("crowds:show", args=[row.pk]),
        )
        register(
            "crowd_plan",
            words="Crowd plan",
            model="crowds.CrowdPlan",
            caption=lambda row: f"Crowd plan version {row.version}",
            url=lambda row: reverse("crowds:plan", args=[row.pk]),
        )
        register(
            "crowd_watch",
            words="Watch of a crowd",
            model="crowds.CrowdWatch",
            caption=lambda row: f"Crowd at {row.version.plan.name}, {row.started_at:%d %b}",
            url=lambda row: reverse("crowds:watch", args=[row.pk]),
        )
        tabs.add(
            "crowds",
            "Crowds",
            icon="users-group",
            url_name="crowds:operation",
            action="crowd.view",
            rank=36,
        )
