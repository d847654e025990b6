"""An item in every channel: what is masked on the page is masked here."""

from typing import Any

from ..exposure_rules import HIDDEN, masked
from ..library import exposure as library
from ..models import Exposure, ExposureChange, ExposureImport, TakeDown
from ..picture import Month
from ..queries.exposure import News
from ..rules import MASKED


def item_shape(item: Exposure, opened: bool = False) -> dict[str, Any]:
    """``opened``: this reading was given a reason."""
    hidden = masked(item) and not opened
    shown = {
        "id": str(item.pk),
        "serial": item.label,
        "principal": item.principal.slug,
        "kind": item.kind,
        "detail": item.detail,
        "what": item.what,
        "where": item.where,
        "link": item.link,
        "notes": item.notes,
        "found_by": item.found_by,
        "seen_on": item.seen_on,
        "sensitivity": item.sensitivity,
        "status": item.status,
        "accepted_by": _name(item.accepted_by),
        "accepted_reason": item.accepted_reason,
        "looked_at": item.looked_at,
        "looked_days_ago": item.days,
        "recheck_due": item.recheck_due,
        "due": item.due,
        "masked": hidden,
    }
    return shown | (dict.fromkeys(HIDDEN, MASKED) if hidden else {})


def file_shape(item: Exposure, tasks: Any, changes: Any, opened: bool = False) -> dict[str, Any]:
    """With what can be done, what is being done, and what became of it."""
    hidden = masked(item) and not opened
    return item_shape(item, opened) | {
        "meaning": library().sensitivity(item.sensitivity).meaning,
        "counter_measures": [
            {"id": one.id, "title": one.title, "do": one.do, "days": one.days, "to": one.to}
            for one in library().kind(item.kind).counters
        ],
        "tasks": [task_shape(one, hidden) for one in tasks],
        "history": [change_shape(one, hidden) for one in changes],
    }


def task_shape(task: TakeDown, hidden: bool = False) -> dict[str, Any]:
    """Own words may repeat what the item hides; those of the library do not."""
    known = {one.do for one in library().kind(task.item.kind).counters}
    shown = {
        "id": str(task.pk),
        "item": task.item.label,
        "counter": task.counter,
        "what": task.what,
        "owner": task.owner.email,
        "owner_name": task.owner.name,
        "due": task.due,
        "overdue": task.overdue,
        "sent_to": task.sent_to,
        "sent_on": task.sent_on,
        "answer": task.answer,
        "state": task.state,
        "ended_by": _name(task.ended_by),
        "ended_at": task.ended_at,
    }
    if hidden:
        own = {"what": MASKED} if task.what not in known else {}
        return shown | own | ({"answer": MASKED} if task.answer else {})
    return shown


def change_shape(change: ExposureChange, hidden: bool = False) -> dict[str, Any]:
    words = change.words.split(":")[0] if hidden else change.words
    return {
        "at": change.at,
        "by": _name(change.by),
        "event": change.event,
        "words": words,
        "status": change.status,
        "sensitivity": change.sensitivity,
    }


def month_shape(month: Month) -> dict[str, Any]:
    """Null where nothing was kept yet: unknown is not none."""
    rows = [
        {"kind": kind, "sensitivity": sensitivity, "open": count}
        for (kind, sensitivity), count in sorted(month.open.items())
    ]
    return {
        "month": f"{month.first:%Y-%m}",
        "open": month.total() if month.known else None,
        "items": rows if month.known else None,
    }


def news_shape(news: News) -> dict[str, Any]:
    return {"last_look": news.since, "since_then": news.counts, "words": news.words}


def upload_shape(upload: ExposureImport, actor: Any, report: bool = True) -> dict[str, Any]:
    """Rows as they stood in the file show to whoever brought it."""
    shown = {
        "id": str(upload.pk),
        "principal": upload.principal.slug,
        "name": upload.name,
        "format": upload.format,
        "state": upload.state,
        "reading": upload.reading,
        "added": upload.added,
        "duplicates": upload.duplicates,
        "refused": upload.refused,
        "by": _name(upload.by),
        "at": upload.at,
        "ended_at": upload.ended_at,
    }
    return shown | ({"report": report_rows(upload, actor)} if report else {})


def report_rows(upload: ExposureImport, actor: Any) -> list[dict[str, Any]]:
    own = actor.pk == upload.by_id
    return [row if own or not row["raw"] else {**row, "raw": MASKED} for row in upload.report]


def _name(user: Any) -> str | None:
    return str(user) if user else None
