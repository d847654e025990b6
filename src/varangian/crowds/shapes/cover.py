"""Posts for cover as rows and over the picture of the plan."""

from typing import Any

from ..covering import weighed
from ..models import CrowdCover


def cover_row(cover: CrowdCover, *, whole: bool = True) -> dict[str, Any]:
    told = (cover.result or {}).get("cover") or {}
    shape: dict[str, Any] = {
        "id": str(cover.pk),
        "venue": str(cover.version.plan_id),  # pyright: ignore[reportAttributeAccessIssue]
        "version": cover.version.number,
        "state": cover.state,
        "step": cover.step.get("words", ""),
        "percent": round(100 * float(cover.step.get("share", 0.0))),
        "stopping": cover.stop and cover.under_way,
        "words": cover.words or told.get("words", ""),
        "wish": cover.wish,
        "accepted": cover.accepted.number if cover.accepted else None,
        "asked_at": cover.asked_at,
        "ended_at": cover.ended_at,
    }
    if whole:
        shape["result"] = cover.result or None
        shape["weights"] = weighed(cover.wish)
    return shape


def with_words(result: dict[str, Any]) -> dict[str, Any]:
    """Shares as per cent, for the page."""
    found = dict(result)
    if told := found.get("cover"):
        posts = [
            {**_per_cent(row, "seen", "seen_alone"),
             "alone_words": ", ".join(f"{name} ({share:.1%})" for name, share in row["alone"])}
            for row in told["posts"]
        ]  # fmt: skip
        unseen = [_per_cent(row, "share") for row in told["unseen"]]
        told = {**told, "posts": posts, "unseen": unseen}
        found["cover"] = _per_cent(told, "seen_twice", "greedy")
    if view := found.get("view"):
        rows = [_per_cent(row, "share") for row in view["overlooks"]]
        found["view"] = {**view, "overlooks": rows}
    return found


def _per_cent(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return row | {f"{name}_words": f"{row[name]:.1%}" for name in names}


def over_picture(picture: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    """Cover shaded, proposed posts, unseen places and stretches in view, level by level."""
    cover, view = result.get("cover") or {}, result.get("view") or {}
    for level in picture["levels"]:
        here = level["level"]
        level["shade"] = _rings(cover.get("shade", {}).get(str(here), []))
        level["proposed"] = [
            _spot(row)
            for row in cover.get("posts", [])
            if row["level"] == here and not row["drawn"]
        ]
        level["unseen"] = [_spot(row) for row in cover.get("unseen", []) if row["level"] == here]
        level["stretches"] = [
            {"d": _line(row["line"]), "name": row["name"]}
            for row in view.get("stretches", [])
            if row["level"] == here
        ]
    return picture


def _spot(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "x": row["at"][0], "y": -row["at"][1]}


def _rings(rings: list[list[list[float]]]) -> str:
    return " ".join("M" + " L".join(f"{x:.2f} {-y:.2f}" for x, y in ring) + "Z" for ring in rings)


def _line(points: list[list[float]]) -> str:
    """A stay of one point is a dot: a line of no length with round ends."""
    line = points if len(points) > 1 else points * 2
    return "M" + " L".join(f"{x:.2f} {-y:.2f}" for x, y in line)
