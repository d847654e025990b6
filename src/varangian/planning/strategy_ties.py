"""The strategy of a case asks a person through the alerts: threats stand beside them, not above."""

from varangian.threats.events import strategy_task_ended, strategy_task_late

from .services import strategy_alerts


def register_all() -> None:
    strategy_task_late.connect(strategy_alerts.ask_for, dispatch_uid="planning.strategy late")
    strategy_task_ended.connect(strategy_alerts.let_go, dispatch_uid="planning.strategy ended")
