"""Exercises as a tab, and the line on every page that says on which side one is."""

from django.http import HttpRequest
from django.urls import reverse

from varangian.alerts.queries import open_count
from varangian.operations import tabs
from varangian.platform.access.stage import exercising, on_stage
from varangian.platform.ui import bar

from .queries import exercises


def register_all() -> None:
    tabs.add(
        "exercises",
        "Exercises",
        icon="target",
        url_name="planning:exercises",
        action="exercise.view",
        rank=80,
    )
    bar.stage(stage)


def stage(request: HttpRequest) -> bar.Stage | None:
    if not request.user.is_authenticated:
        return None
    return _inside(request) if exercising() else _invitation(request)


def _inside(request: HttpRequest) -> bar.Stage:
    with on_stage(request.user, exercise=False):
        waiting = open_count(request.user)
    live = f" Live alerts open: {waiting}." if waiting else ""
    over = not exercises.running(request.user).exists()
    words = "The exercise has ended." if over else "EXERCISE. Nothing here is live."
    return bar.Stage(
        words=words + live,
        action=reverse("planning:exercise_leave"),
        submit="Leave",
        url="" if over else reverse("planning:exercise"),
        url_words="Injects",
        inside=True,
    )


def _invitation(request: HttpRequest) -> bar.Stage | None:
    found = exercises.running_reports(request.user).first()
    if found is None:
        return None
    return bar.Stage(
        words=f"An exercise is running: {found.title}.",
        action=reverse("planning:exercise_enter"),
        submit="Enter the exercise",
    )
