from django.apps import AppConfig


class ThreatsConfig(AppConfig):
    name = "varangian.threats"
    label = "threats"

    def ready(self) -> None:
        from varangian.operations import tabs
        from varangian.principals import tabs as principal_tabs
        from varangian.principals.events import (
            exposure_raised,
            principal_erased,
            takedown_ended,
            takedown_overdue,
        )

        from . import found, judgement_held, tvra_ties
        from .services import exposed
        from .services.communications import on_erased
        from .ties import register_kinds

        register_kinds()
        found.register_finders()
        tvra_ties.register_all()
        judgement_held.register_parts()
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
        principal_tabs.add(
            "letters",
            "Communications",
            icon="mail",
            url_name="threats:letters_of",
            action="letter.view",
        )
        principal_erased.connect(on_erased, dispatch_uid="threats.erased")
        exposure_raised.connect(exposed.on_raised, dispatch_uid="threats.exposure_raised")
        takedown_overdue.connect(exposed.on_overdue, dispatch_uid="threats.takedown_overdue")
        takedown_ended.connect(exposed.on_ended, dispatch_uid="threats.takedown_ended")
