"""The only writers of judgements, of the strategy of a case and of its tasks."""

from .judgements_cases import (
    add_task,
    ask_about_late_tasks,
    choose_strategy,
    end_task,
    record_instrument,
)
from .judgements_rate import ask_second, begin_judgement, drop_draft, rate, sign_judgement
from .judgements_settle import settle

__all__ = [
    "add_task",
    "ask_about_late_tasks",
    "ask_second",
    "begin_judgement",
    "choose_strategy",
    "drop_draft",
    "end_task",
    "rate",
    "record_instrument",
    "settle",
    "sign_judgement",
]
