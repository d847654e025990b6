"""Briefs on the thread and as a tab; what comes after one was issued marks it."""

from typing import Any

from django.urls import reverse

from varangian.operations import tabs
from varangian.platform.access.scope import Actor, system_read
from varangian.platform.news.services import News, announced
from varangian.platform.thread import registry
from varangian.platform.thread.services import changed, tie_all
from varangian.platform.ui import find
from varangian.platform.ui.find import Hit

from .models import Brief
from .queries import briefs

COMES_AFTER = {
    ("threats", "added"),
    ("threats", "assessed"),
    ("bolo", "issued"),
    ("bolo", "recalled"),
    ("movements", "added"),
}


def register_all() -> None:
    registry.register(
        "brief",
        words="Brief",
        model="planning.Brief",
        caption=lambda row: row.label,
        url=lambda row: reverse("planning:brief", args=[row.pk]),
    )
    tabs.add(
        "briefs",
        "Briefs",
        icon="file-text",
        url_name="planning:briefs",
        action="brief.view",
        rank=38,
    )
    find.register("brief", words="Briefs", icon="file-text", search=_search)
    announced.connect(on_news, dispatch_uid="planning.briefs")


def on_news(news: News, **_: Any) -> None:
    """A brief that is out cannot know of what comes after it: it is tied and marked."""
    if (news.topic, news.event) not in COMES_AFTER or news.record is None:
        return
    pairs = [(news.record, ("brief", pk)) for pk in _out(news.operation_id)]
    if pairs:
        tie_all(pairs=pairs, relation="came after", compartment_id=news.compartment_id)
        changed(node=news.record, reason=news.text)


@system_read("whoever adds a threat makes briefs stale, whether or not they may read them")
def _out(operation_id: Any) -> list[Any]:
    states = (Brief.State.DRAFT, Brief.State.ISSUED)
    rows = Brief.objects.filter(operation_id=operation_id, state__in=states)
    return list(rows.values_list("pk", flat=True))


def _search(actor: Actor, text: str) -> list[Hit]:
    """By serial."""
    rows = briefs.briefs(actor).filter(serial__icontains=text.replace("\x00", ""))[:30]
    return [
        Hit(row.label, reverse("planning:brief", args=[row.pk]), row.get_state_display())  # pyright: ignore
        for row in rows
    ]
