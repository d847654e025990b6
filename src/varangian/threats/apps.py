from django.apps import AppConfig


class ThreatsConfig(AppConfig):
    name = "varangian.threats"
    label = "threats"

    def ready(self) -> None:
        from varangian.operations import tabs

        from . import found
        from .ties import register_kinds

        register_kinds()
        found.register_finders()
        tabs.add(
            "threats",
            "Threats",
            icon="alert-triangle",
            url_name="threats:register",
            action="threat.view",
            rank=20,
        )
        tabs.add(
            "bolo",
            "BOLO",
            icon="eye",
            url_name="threats:bolo_of",
            action="bolo.view",
            rank=22,
        )
