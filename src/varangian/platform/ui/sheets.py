"""A list as a file for a spreadsheet: all rows of the filter, in the fields of the API."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from io import StringIO
from typing import Any

from django.http import HttpRequest, HttpResponse

from varangian.kernel.results import Refused
from varangian.platform.access.reauth import ask
from varangian.platform.audit.services import note

MOST_ROWS = 20_000
RISKY = ("=", "+", "-", "@", "\t", "\r")


def wanted(request: HttpRequest) -> bool:
    return request.GET.get("format") == "csv"


def sheet(
    request: HttpRequest, name: str, rows: Any, shape: Callable[[Any], Mapping[str, Any]]
) -> HttpResponse:
    """An export: whoever asks proves anew that it is them, and it is on record."""
    ask(request)
    found = list(rows[: MOST_ROWS + 1])
    if len(found) > MOST_ROWS:
        raise Refused(
            f"The list has more than {MOST_ROWS} rows", where=name, mend="Narrow the filter."
        )
    note(kind="export", purpose=f"{name} as CSV", actor=request.user)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    text = "\ufeff" + written(shape(row) for row in found)
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def written(rows: Iterable[Mapping[str, Any]]) -> str:
    out = StringIO()
    writer: Any = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(out, fieldnames=list(row))
            writer.writeheader()
        writer.writerow({name: cell(value) for name, value in row.items()})
    return out.getvalue()


def cell(value: Any) -> str:
    """As text; what a spreadsheet would run as a formula is quoted."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    words = "" if value is None else str(value)
    return f"'{words}" if words.startswith(RISKY) else words
