"""Printed pages: one house style for orders, logs and reports, set by typst.

A template is a ``.typ`` file inside the package that starts with

    #import "/platform/ui/pdf/house.typ": *
    #show: house

and reads what it shows from ``data``. Texts reach it as strings, never as markup: show them with
``#data.title`` or ``#lines(data.body)``, never with ``eval``.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst

from varangian.kernel.clock import now

ROOT = Path(__file__).resolve().parents[3]


def render(template: str, data: dict[str, Any]) -> bytes:
    """PDF of ``template`` (path inside the package, as ``log/log.typ``) over ``data``.

    ``data["house"]`` is what header and footer say; all texts, all optional: ``title`` and
    ``subtitle`` of the first page, ``classification``, ``serial``, ``version``, ``destroy_after``,
    ``copy`` (for whom) and ``printed`` (defaults to now, UTC). Dates must come as words, in the
    time zone of their reader.
    """
    house = {"printed": f"{now():%d %b %Y %H:%M} UTC"} | data.get("house", {})
    words = json.dumps({**data, "house": house}, ensure_ascii=False, default=str)
    pdf = typst.compile(
        ROOT / template,
        root=ROOT,
        font_paths=_fonts(),
        sys_inputs={"data": words},
        format="pdf",
    )
    assert isinstance(pdf, bytes)
    return pdf


@cache
def _fonts() -> typst.Fonts:
    """The fonts inside typst set our pages; those of the machine only fill in foreign scripts."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)
