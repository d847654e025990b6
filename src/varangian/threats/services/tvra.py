"""The only writers of TVRAs."""

from .tvra_drafting import change_tvra, draft_tvra, next_version, refresh_tvra
from .tvra_judging import (
    add_treatment,
    answer_check,
    judge_line,
    leave_out,
    remove_treatment,
)
from .tvra_life import approve_tvra, return_tvra, submit_tvra

__all__ = [
    "add_treatment",
    "answer_check",
    "approve_tvra",
    "change_tvra",
    "draft_tvra",
    "judge_line",
    "leave_out",
    "next_version",
    "refresh_tvra",
    "remove_treatment",
    "return_tvra",
    "submit_tvra",
]
