"""An operation order of 60 lines as a PDF, beside a blank page and beside another typesetter.

Prints JSON: seconds (median of the repeats, after one warm-up), seconds of the first print in the
process, ratio to an empty document of the house style, and, where WeasyPrint is installed, ratio to
the same lines set by it from HTML.
"""

import html
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from varangian.planning.library import order_structure
from varangian.platform.ui.pdf import render

LINES = 60
REPEATS = 7
WORDS = "The car stands facing out at the side door, engine on at the two-minute warning. "


def order(lines: int, salt: int = 0) -> dict[str, Any]:
    """Invented lines under the real headings, in the shape that planning.printing gives.

    ``salt`` makes every word new: typst remembers what it has laid out before.
    """
    headings = order_structure().headings()
    paragraphs = []
    for number, paragraph in enumerate(order_structure().paragraphs, start=1):
        parts = []
        for place, heading in enumerate(paragraph.headings, start=1):
            share = lines * (headings.index(heading) + 1) // len(headings)
            before = lines * headings.index(heading) // len(headings)
            rows = [row(f"{number}.{place}.{at}", salt) for at in range(1, share - before + 1)]
            parts.append({"number": f"{number}.{place}", "title": heading.title, "lines": rows})
        paragraphs.append({"number": str(number), "title": paragraph.title, "headings": parts})
    legs = [["Wed 25 Nov", f"Leg {n}", "08:10", "08:20", "08:28", "08:30"] for n in range(8)]
    head = ["Day", "Leg or stop", "Car staged", "Call forward", "2 minutes", "Depart"]
    house = {
        "title": "Operation order 1",
        "subtitle": "Invented operation",
        "classification": "Protect: need to know",
        "serial": "INVENTED OPO 1",
        "version": "1",
    }
    return {
        "house": house,
        "mark": "",
        "facts": [["State", "Issued"], ["For", "Drivers of every car"]],
        "paragraphs": [p for p in paragraphs if p["headings"]],
        "timings": {"head": head, "rows": legs},
        "signature": {"name": "Invented Leader", "at": "24 Nov 2026 12:00", "digest": "0123 4567"},
        "slip": ["INVENTED OPO 1", "version 1"],
    }


def row(number: str, salt: int) -> dict[str, Any]:
    same = {"gap": False, "change": "", "replaces": "", "by": "", "stale": False}
    return {"number": number, "text": f"{salt} " + WORDS.replace(" ", f" {salt} ") + WORDS, **same}


def empty() -> dict[str, Any]:
    blank = order(0)
    return {**blank, "paragraphs": [], "facts": [], "timings": {"head": [], "rows": []}}


def as_html(data: dict[str, Any]) -> str:
    parts = []
    for paragraph in data["paragraphs"]:
        parts.append(f"<h1>{html.escape(paragraph['title'])}</h1>")
        for heading in paragraph["headings"]:
            parts.append(f"<h2>{html.escape(heading['title'])}</h2>")
            parts += [f"<p>{x['number']} {html.escape(x['text'])}</p>" for x in heading["lines"]]
    return f"<html><body>{''.join(parts)}</body></html>"


def seconds(call: Callable[[dict[str, Any]], object], lines: int = LINES) -> float:
    spent = []
    for salt in range(1, REPEATS + 1):
        data = order(lines, salt) if lines else empty()
        began = time.perf_counter()
        call(data)
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


def peer() -> float | None:
    try:
        from weasyprint import HTML  # pyright: ignore
    except (ImportError, OSError):
        return None
    HTML(string=as_html(order(LINES))).write_pdf()
    return seconds(lambda data: HTML(string=as_html(data)).write_pdf())


def main() -> int:
    data, blank = order(LINES), empty()
    began = time.perf_counter()
    body = render("planning/order.typ", data)
    first = time.perf_counter() - began
    render("planning/order.typ", blank)
    whole = seconds(lambda data: render("planning/order.typ", data))
    bare = seconds(lambda data: render("planning/order.typ", data), lines=0)
    other = peer()
    print(
        json.dumps(
            {
                "bench": "order_pdf",
                "lines": sum(len(h["lines"]) for p in data["paragraphs"] for h in p["headings"]),
                "kilobytes": round(len(body) / 1024, 1),
                "first_seconds": round(first, 3),
                "seconds": round(whole, 3),
                "budget_seconds": 3.0,
                "within_budget": first < 3.0,
                "empty_seconds": round(bare, 3),
                "ratio_to_empty": round(whole / bare, 2),
                "weasyprint_seconds": None if other is None else round(other, 3),
                "ratio_to_weasyprint": None if other is None else round(whole / other, 3),
            }
        )
    )
    return 0 if first < 3.0 else 1


if __name__ == "__main__":
    sys.exit(main())
