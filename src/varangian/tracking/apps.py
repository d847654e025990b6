from django.apps import AppConfig


class TrackingConfig(AppConfig):
    name = "varangian.tracking"
    label = "tracking"

    def ready(self) -> None:
        from django.urls import reverse

        from varangian.operations import tabs
        from varangian.platform.access.events import person_shut_out
        from varangian.platform.jobs import ticks
        from varangian.platform.live import doors
        from varangian.platform.thread.registry import register
        from varangian.principals.events import principal_erased

        from .door import PREFIX, answer
        from .services import keeping, leaving, pulses, watching
        from .store import TOPIC
        from .tak import endpoint

        doors.route(PREFIX, answer)
        doors.carry(TOPIC, action="position.view")
        doors.service("tak", endpoint.run)
        ticks.every(1, "watch fences", watching.watch_fences)
        ticks.every(2, "watch silence", watching.watch_silence)
        ticks.every(2, "watch heartbeats", pulses.watch_pulses)
        ticks.every(3600, "days of positions", keeping.make_days)
        principal_erased.connect(keeping.on_erased, dispatch_uid="tracking.erased")
        person_shut_out.connect(leaving.on_shut_out, dispatch_uid="tracking.shut_out")
        register(
            "device",
            words="Device",
            model="tracking.Device",
            caption=lambda device: device.label,
            url=lambda device: reverse("tracking:device", args=[device.pk]),
        )
        tabs.add(
            "devices",
            "Devices",
            icon="device-mobile",
            url_name="tracking:devices",
            action="device.view",
            rank=55,
        )
        tabs.add("tak", "TAK", icon="radio", url_name="tak:list", action="device.view", rank=56)
