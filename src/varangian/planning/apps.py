from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "varangian.planning"
    label = "planning"

    def ready(self) -> None:
        from varangian.principals import tabs

        from . import (
            advance_ties,
            brief_ties,
            card_ties,
            crowd_ties,
            debrief_ties,
            exercise_ties,
            fleet_ties,
            go_ties,
            measure_ties,
            order_ties,
            pack_ties,
            roster_ties,
            strategy_ties,
            tvra_ties,
        )

        debrief_ties.register_all()  # a lesson is answered before the advance is brought up to date
        advance_ties.register_all()
        measure_ties.register_all()
        order_ties.register_all()
        go_ties.register_all()
        card_ties.register_all()
        exercise_ties.register_all()
        fleet_ties.register_all()
        pack_ties.register_all()
        brief_ties.register_all()
        tabs.add(
            "routine",
            "Routine",
            icon="calendar-time",
            url_name="planning:routine",
            action="routine.view",
        )
        roster_ties.register_all()
        tvra_ties.register_all()
        crowd_ties.register_all()
        strategy_ties.register_all()
