"""The hot wash and its lessons on the thread, as a tab, and what they hear of."""

from typing import Any

from django.urls import reverse

from varangian.operations import tabs
from varangian.places import remarks
from varangian.places.events import survey_answered
from varangian.platform.access.scope import Actor
from varangian.platform.thread import registry

from .queries import lessons
from .services.lessons import on_answered


def register_all() -> None:
    registry.register(
        "observation",
        words="Observation",
        model="planning.Observation",
        caption=lambda row: row.label,
        url=lambda row: (
            reverse("planning:debrief", args=[row.debrief.operation.slug]) + f"#o-{row.number}"
        ),
    )
    registry.register(
        "lesson",
        words="Lesson",
        model="planning.Lesson",
        caption=lambda row: row.dated,
        url=_lesson,
    )
    tabs.add(
        "debrief",
        "Hot wash",
        icon="message",
        url_name="planning:debrief",
        action="debrief.view",
        rank=60,
    )
    survey_answered.connect(on_answered, dispatch_uid="planning.lessons answered")
    remarks.register(at_place)


def _lesson(row: Any) -> str:
    """Where it waits."""
    if row.place_id:
        return reverse("places:survey", args=[row.place_id]) + f"#f-{row.item}"
    return reverse("planning:debrief", args=[row.operation.slug])


def at_place(actor: Actor, place: Any) -> list[remarks.Remark]:
    """Beside the question that it asks about."""
    rows = lessons.open_at(actor, [place.pk]).get(place.pk, [])
    return [
        remarks.Remark(
            item=row.item,
            title=row.dated,
            words=row.text,
            url=reverse("planning:lesson", args=[row.pk]),
        )
        for row in rows
    ]
