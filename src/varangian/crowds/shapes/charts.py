"""Pictures of figures over time, as points of a small SVG."""

from typing import Any

WIDE, HIGH = 600.0, 160.0
DOORS = 8


def queue_chart(shape: dict[str, Any]) -> dict[str, Any]:
    """The queue over the minutes: the band and its middle."""
    minutes, bands = shape["minutes"], shape["queue"]
    if len(minutes) < 2:
        return {}
    top = max(max((band[2] or 0) for band in bands), 1.0)
    first, last = minutes[0], minutes[-1]

    def at(minute: float, value: float | None) -> str:
        x = WIDE * (minute - first) / max(last - first, 1e-9)
        return f"{x:.1f},{HIGH - HIGH * (value or 0.0) / top:.1f}"

    pairs = list(zip(minutes, bands, strict=True))
    upper = [at(m, b[2]) for m, b in pairs]
    lower = [at(m, b[0]) for m, b in reversed(pairs)]
    return {
        "band": " ".join(upper + lower),
        "middle": " ".join(at(m, b[1]) for m, b in pairs),
        "top": round(top), "first": round(first), "last": round(last),
        "start": round(WIDE * (0 - first) / max(last - first, 1e-9), 1)
        if first <= 0 <= last else None,
    }  # fmt: skip


def door_charts(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """People a minute by door, those that carry most first."""
    doors = sorted(answer["exits"], key=lambda door: -(door["people"][1] or 0))[:DOORS]
    top = max((max(door["minutes"], default=0.0) for door in doors), default=0.0) or 1.0
    found = []
    for door in doors:
        bars = [
            {"x": 6 * n, "high": round(28 * value / top, 1), "y": round(28 - 28 * value / top, 1),
             "words": f"minute {n + 1}: {value:g}"}
            for n, value in enumerate(door["minutes"][:40])
        ]  # fmt: skip
        found.append({**door, "bars": bars, "wide": max(6 * len(bars), 6)})
    return found
