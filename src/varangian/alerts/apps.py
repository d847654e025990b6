from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "varangian.alerts"
    label = "alerts"

    def ready(self) -> None:
        from django.urls import reverse

        from varangian.platform.jobs.ticks import every
        from varangian.platform.thread.registry import register
        from varangian.platform.ui import nav

        from .queries import open_count
        from .services import expire, tick
        from .services.flood import release

        every(1.0, "take alerts on", tick)
        every(10.0, "tell of what was held back", release)
        every(60.0, "end alerts whose time is over", expire)
        nav.count("alerts", open_count)
        register(
            "alert",
            words="Alert",
            model="alerts.Alert",
            caption=lambda alert: alert.title,
            url=lambda alert: reverse("alerts:show", args=[alert.pk]),
        )
