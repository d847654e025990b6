"""A tracking plan as it is typed: limits in their units, marks in rows."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms

from varangian.kernel.results import Refused
from varangian.operations.forms import LocalTime
from varangian.tracking.models import Device

from ..board.marks import WORDS
from ..models import TrackingPlan

SPARE = 3
"""Empty rows for further marks."""
NO_SOURCE = ""


class TrackingPlanForm(forms.Form):
    route = forms.ChoiceField(label="Route to follow")
    source = forms.ChoiceField(label="Position from", required=False)
    watcher = forms.ChoiceField(label="Who watches", required=False)
    corridor_m = forms.IntegerField(label="Corridor to each side (m)", min_value=30, max_value=2000)
    silence_s = forms.IntegerField(label="Silent after (s)", min_value=30, max_value=3600)
    stop_s = forms.IntegerField(label="Unplanned stop after (s)", min_value=30, max_value=3600)
    late_min = forms.FloatField(label="Report line late after (min)", min_value=0, max_value=120)
    loading_min = forms.FloatField(label="Loading (min)", min_value=0, max_value=120)
    spread = forms.FloatField(
        label="Uncertainty of driving time (%)", min_value=0, max_value=100,
        help_text="Of three such drives, two lie within so much of the planned time.",
    )  # fmt: skip
    not_before = LocalTime(
        required=False, label="Do not arrive before",
        help_text="When the destination is ready. Coming sooner, the leg is told where to wait.",
    )  # fmt: skip
    traffic = forms.CharField(
        label="Traffic by hour", required=False, max_length=200,
        help_text="Such as 07-09 1.5, 16-18 1.4. Hours not named are free road: 1.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, routes: list[Any], devices: list[Device], people: list[Any], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.fields["route"].choices = [  # pyright: ignore
            (row["key"], f"{row['name']} {row['role']}".strip()) for row in routes
        ]
        things = [(f"device:{row.pk}", row.label) for row in devices if row.live]
        team = [(f"person:{row.pk}", str(row)) for row in people]
        self.fields["source"].choices = [  # pyright: ignore
            (NO_SOURCE, "Nothing: report lines by radio"),
            *things,
            *team,
        ]
        named = [(str(row.pk), str(row)) for row in people]
        self.fields["watcher"].choices = [("", "Nobody named"), *named]  # pyright: ignore

    def clean_traffic(self) -> list[float]:
        return read_traffic(self.cleaned_data["traffic"])

    def given(self, zone: ZoneInfo) -> dict[str, Any]:
        kept = self.cleaned_data
        ready = kept["not_before"]
        kind, _, pk = kept["source"].partition(":")
        return {
            "route": kept["route"], "traffic": kept["traffic"], "spread": kept["spread"] / 100,
            "corridor_m": kept["corridor_m"], "silence_s": kept["silence_s"],
            "stop_s": kept["stop_s"], "late_s": round(kept["late_min"] * 60),
            "loading_s": round(kept["loading_min"] * 60),
            "device": UUID(pk) if kind == "device" else None,
            "person": UUID(pk) if kind == "person" else None,
            "watcher": UUID(kept["watcher"]) if kept["watcher"] else None,
            "no_source": not kept["source"], "any_time": ready is None,
            "not_before": ready.replace(tzinfo=zone) if ready else None,
        }  # fmt: skip


def initial(plan: TrackingPlan | None, route: str, zone: ZoneInfo) -> dict[str, Any]:
    kept = plan or TrackingPlan()
    ready = plan.payload.get("not_before") if plan else ""
    source = f"device:{kept.device_id}" if kept.device_id else ""
    source = source or (f"person:{kept.person_id}" if kept.person_id else "")
    return {
        "route": (plan.payload["route"] if plan else "") or route, "source": source,
        "watcher": str(kept.watcher_id or ""), "corridor_m": kept.corridor_m,
        "silence_s": kept.silence_s, "stop_s": kept.stop_s, "late_min": f"{kept.late_s / 60:g}",
        "loading_min": f"{kept.loading_s / 60:g}", "spread": round(kept.spread * 100),
        "traffic": tell_traffic(plan.payload["traffic"]) if plan else "",
        "not_before": f"{datetime.fromisoformat(ready).astimezone(zone):%Y-%m-%dT%H:%M}" if ready
        else "",
    }  # fmt: skip


def read_traffic(text: str) -> list[float]:
    """24 factors from words such as ``07-09 1.5, 16-18 1.4``."""
    found = [1.0] * 24
    for piece in filter(None, (one.strip() for one in text.replace(";", ",").split(","))):
        try:
            hours, factor = piece.split()
            first, _, last = hours.partition("-")
            begin, end, value = int(first), int(last or int(first) + 1), float(factor)
        except ValueError:
            wanted = f"{piece}: write hours and a factor, such as 07-09 1.5."
            raise forms.ValidationError(wanted) from None
        if not (0 <= begin < 24 and begin < end <= 24 and 0.1 <= value <= 10):
            raise forms.ValidationError(f"{piece}: hours 0 to 24, a factor from 0.1 to 10.")
        found[begin:end] = [value] * (end - begin)
    return found


def tell_traffic(factors: list[float]) -> str:
    words, hour = [], 0
    while hour < 24:
        last = hour
        while last < 24 and factors[last] == factors[hour]:
            last += 1
        if factors[hour] != 1:
            words.append(f"{hour:02d}-{last:02d} {factors[hour]:g}")
        hour = last
    return ", ".join(words)


def mark_rows(plan: TrackingPlan | None, post: Any = None) -> list[dict[str, Any]]:
    """What stands in the rows: as typed, as kept, and spare ones."""
    if post is not None:
        rows = typed(post)
    else:
        rows = [
            {"name": one["name"], "kind": one["kind"], "km": round(one["along_m"] / 1000, 2),
             "stay_min": f"{one['stay_s'] / 60:.3g}" if one["stay_s"] else "",
             "code": one["code"], "until": one.get("until", "")}
            for one in (plan.payload["marks"] if plan else [])
        ]  # fmt: skip
    blank = {"name": "", "kind": "report", "km": "", "stay_min": "", "code": "", "until": ""}
    return [{**row, "until_at": _moment(row["until"])} for row in [*rows, *[blank] * SPARE]]


def _moment(text: str) -> datetime | None:
    """What the page keeps of it, not typed by anybody."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def typed(post: Any) -> list[dict[str, Any]]:
    """Rows with a name; one without is a row that was emptied."""
    columns = ("name", "kind", "km", "stay_min", "code", "until")
    given = {name: post.getlist(f"mark_{name}") for name in columns}
    found: list[dict[str, Any]] = [
        {name: (rows[number] if number < len(rows) else "") for name, rows in given.items()}
        for number in range(len(given["name"]))
    ]
    for row in found:
        if row["kind"] not in WORDS:
            raise Refused("There is no such mark", row["kind"], "hold or report.")
    return [row for row in found if row["name"].strip()]
