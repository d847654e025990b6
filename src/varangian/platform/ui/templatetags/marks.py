"""The marks that stand in every row: icon, badge, time and age.

A list shows hundreds of them, so they are plain tags and not components: one costs about ten
microseconds instead of three hundred.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .varangian import age, clock_in, in_zone, iso, span, vendor

register = template.Library()
BADGE_ICONS = {
    "red": "alert-octagon",
    "amber": "alert-triangle",
    "green": "circle-check",
    "blue": "activity",
}
UNKNOWN = SafeString('<span class="vg-when vg-unknown">unknown</span>')


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str) -> SafeString:
    """A sign of the icon sheet; decoration only, so a word stands beside it."""
    return format_html(
        '<svg class="vg-icon" aria-hidden="true"><use href="{}#{}"/></svg>',
        vendor("icons.svg"),
        name,
    )


@register.simple_block_tag
def badge(content: str, tone: str = "grey", icon: str = "", title: str = "") -> SafeString:
    """A state in its colour, with an icon and always with a word."""
    return format_html(
        '<span class="vg-badge vg-{}"{}>{}{}</span>',
        tone,
        format_html(' title="{}"', title) if title else "",
        "" if icon == "none" else _icon(icon or BADGE_ICONS.get(tone, "circle-dashed")),
        content,
    )


@register.simple_tag
def when(
    at: datetime | None, zone: str = "UTC", clock: bool = False, **until: datetime | None
) -> SafeString:
    """A time in its own zone; with ``to=`` a span, whose end may be unknown."""
    if not at:
        return UNKNOWN
    if "to" in until:
        words = span(at, until["to"], zone, clock)
    else:
        words = clock_in(at, zone) if clock else in_zone(at, zone)
    return format_html('<time class="vg-when" datetime="{}">{}</time>', iso(at), words)


@register.simple_tag
def aged(at: datetime | None, amber: Any = "", red: Any = "", none: str = "never") -> SafeString:
    """How long ago; the browser counts on, and colours it after so many seconds."""
    if not at:
        return format_html('<span class="vg-age vg-unknown">{}</span>', none)
    return format_html(
        '<time class="vg-age" datetime="{}" data-age{}{} title="{}">{}</time>',
        iso(at),
        format_html(' data-amber="{}"', amber) if amber else "",
        format_html(' data-red="{}"', red) if red else "",
        in_zone(at, "UTC"),
        age(at),
    )


_icon = icon
