"""How much the alerts ask of people, as EEMUA 191 counts it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from .. import queries, rules
from ..queries.load import SPANS, Page

TONES = {"acceptable": "green", "manageable": "amber", "over-demanding": "red"}
HEIGHT, STEP, ROOF = 80, 8, 12


@login_required
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    days = request.GET.get("days", "7")
    days = days if days in SPANS else "7"
    operation = request.GET.get("operation", "")[:60]
    page = queries.load(request.user, days=int(days), operation=operation)
    limits = rules.load()
    context = {
        "page": page,
        "limits": limits,
        "tone": TONES[page.load.band],
        "spans": [
            {"words": words, "url": f"?days={key}", "here": key == days}
            for key, words in SPANS.items()
        ],
        "chart": chart(page),
        "answer": [_words(page.answer.middle), _words(page.answer.nine_of_ten)],
        "ways": [
            (way, _words(way.times.middle), _words(way.times.nine_of_ten)) for way in page.ways
        ],
    }
    return render(request, "alerts/load.html", context)


def _words(seconds: float | None) -> str:
    """``0.4 s``, ``48 s``, ``3 min 05 s``, ``2 h 10 min``."""
    if seconds is None:
        return "unknown"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def chart(page: Page) -> dict[str, Any]:
    """Bars of the worst ten minutes of each stretch, under the lines of what people can bear."""
    limits, bars = rules.load(), page.load.bars
    top = max(ROOF, *(count for _, count in bars))
    lines = [
        (round(HEIGHT - HEIGHT * value / top, 1), words)
        for value, words in (
            (limits.manageable_per_10_min, "manageable"),
            (float(limits.flood_alerts), "flood"),
        )
    ]
    drawn = [
        {
            "x": number * STEP,
            "y": round(HEIGHT - HEIGHT * count / top, 1),
            "height": round(HEIGHT * count / top, 1),
            "tone": _tone(count),
            "words": f"{at:%d %b %H:%M}: {count} in ten minutes",
        }
        for number, (at, count) in enumerate(bars)
        if count
    ]
    worst = max((count for _, count in bars), default=0)
    return {
        "width": STEP * len(bars),
        "height": HEIGHT,
        "bar": STEP - 2,
        "bars": drawn,
        "lines": lines,
        "words": f"Alerts in ten minutes over the span, at most {worst}",
    }


def _tone(count: int) -> str:
    limits = rules.load()
    if count > limits.flood_alerts:
        return "red"
    return "amber" if count > limits.manageable_per_10_min else "green"
