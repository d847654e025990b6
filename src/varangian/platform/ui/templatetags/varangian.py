"""Small words for templates."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import template
from django.forms import BoundField, CheckboxInput, RadioSelect, Select
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from varangian.kernel.clock import age_words, now
from varangian.platform.ui import nav, views

register = template.Library()
MANIFEST = Path(__file__).parent.parent / "static" / "vendor" / "manifest.json"
TONES = {
    "red": "red now removed cancelled diverted missing overdue refused extreme critical failed"
    " revoked",
    "amber": "amber attention proposed new stale due draft warning high waiting amended enquiry"
    " unlocated changed raised notified",
    "green": "green complete in_place arrived acknowledged fresh approved confirmed verified signed"
    " accepted low",
    "blue": "blue added agreed active under_way issued assigned live sent responding",
}
TONE_OF = {word: tone for tone, words in TONES.items() for word in words.split()}


@register.filter
def age(value: datetime | None) -> str:
    """``3 h 05 min``, or ``never``."""
    return age_words(value) if value else "never"


@register.filter
def in_zone(value: datetime | None, zone: str) -> str:
    """``Tue 24 Nov 14:30 EET``: a time in its own zone, with the zone written."""
    if value is None:
        return "unknown"
    return value.astimezone(ZoneInfo(zone)).strftime("%a %d %b %H:%M %Z")


@register.filter
def iso_in(value: str | None, zone: str) -> str:
    """``in_zone`` for a time that is kept as ISO text."""
    return in_zone(datetime.fromisoformat(value) if value else None, zone)


@register.filter
def clock_in(value: datetime | None, zone: str) -> str:
    if value is None:
        return "?"
    return value.astimezone(ZoneInfo(zone)).strftime("%H:%M")


@register.simple_tag
def span(start: datetime | None, end: datetime | None, zone: str, clock: bool = False) -> str:
    """``Tue 24 Nov 14:30–15:10 EET``; an unknown end is a question mark, never a guess."""
    if start is None:
        return "unknown"
    there = ZoneInfo(zone or "UTC")
    first = start.astimezone(there)
    opening = first.strftime("%H:%M" if clock else "%a %d %b %H:%M")
    closing = "–?" if end is None else "–" + _closing(first, end.astimezone(there))
    return f"{opening}{closing} {first.tzname()}"


def _closing(first: datetime, last: datetime) -> str:
    words = last.strftime("%H:%M" if first.date() == last.date() else "%a %d %b %H:%M")
    return words if first.tzname() == last.tzname() else f"{words} {last.tzname()}"


@register.filter
def iso(value: datetime | None) -> str:
    return value.isoformat() if value else ""


@register.filter
def tone(state: Any) -> str:
    """The colour of a usual state word; what is not known is grey."""
    return TONE_OF.get(str(state).lower().replace(" ", "_"), "grey")


@register.filter
def control(field: BoundField) -> SafeString:
    """The control itself, in the classes of the theme."""
    widget = field.field.widget
    if isinstance(widget, RadioSelect):
        kind = "vg-choices"
    elif isinstance(widget, CheckboxInput):
        kind = "form-check-input"
    elif isinstance(widget, Select):
        kind = "form-select"
    else:
        kind = "form-control"
    mine = str(widget.attrs.get("class", ""))
    classes = f"{kind} {mine} {'is-invalid' if field.errors else ''}".strip()
    described = f"{field.auto_id}_error" if field.errors else f"{field.auto_id}_hint"
    return field.as_widget(attrs={"class": classes, "aria-describedby": described})


@register.filter
def is_check(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.simple_tag
def server_now() -> str:
    """So that ages count by the server's clock, whatever the browser believes."""
    return now().isoformat()


@cache
def _manifest() -> dict[str, str]:
    return json.loads(MANIFEST.read_text())


@register.simple_tag
@cache
def vendor(name: str) -> str:
    """The address of a vendored file, whatever its version."""
    return static(f"vendor/{_manifest()[name]}")


@register.simple_tag
def route(name: str, *args: Any) -> str:
    """The address of a named page; empty when that part is not there."""
    return nav.route(name, *args)


@register.simple_tag(takes_context=True)
def saved_views(context: Context) -> dict[str, Any]:
    """The saved views of the list that this page shows."""
    return views.shown(context["request"])


@register.simple_tag(takes_context=True)
def qs(context: Context, **changes: Any) -> str:
    """The query string of this page with some values changed; None or nothing removes one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return "?" + urlencode(sorted(query.lists()), doseq=True)


@register.simple_tag(takes_context=True)
def sort_link(context: Context, name: str, words: str) -> SafeString:
    """A column heading that sorts by ``name``: once up, twice down."""
    current = context["request"].GET.get("sort", "")
    up, down = current == name, current == f"-{name}"
    address = qs(context, sort=f"-{name}" if up else name, page=None)
    mark = "↑" if up else "↓" if down else ""
    spoken = ", sorted up" if up else ", sorted down" if down else ""
    return format_html(
        '<a class="vg-sort" href="{}">{}<span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></a>',
        address,
        words,
        mark,
        spoken,
    )
