from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "varangian.alerts"
    label = "alerts"

    def ready(self) -> None:
        from django.urls import reverse

        from varangian.platform.thread.registry import register
        from varangian.platform.ui import nav

        from .queries import open_count

        nav.count("alerts", open_count)
        register(
            "alert",
            words="Alert",
            model="alerts.Alert",
            caption=lambda alert: alert.title,
            url=lambda alert: reverse("alerts:show", args=[alert.pk]),
        )
