"""A survey as plain data: what a version keeps, and how two of them differ."""

from datetime import datetime
from typing import Any

from varangian.kernel.chain import digest
from varangian.platform.audit import signing

CHANGES = ("changed", "removed", "added", "verified")


def snapshot(view: Any, gaps: list[dict[str, str]]) -> dict[str, Any]:
    """Words and values, names and times: readable without the form that it was made with."""
    return {
        "form": view.form.id,
        "form_title": view.form.title,
        "form_version": view.form.version,
        "place": view.place.name,
        "at": view.at.isoformat(),
        "counted": {
            "total": view.total,
            "known": view.known,
            "to_verify": view.to_verify,
            "never": view.never,
        },
        "sections": [_section(section) for section in view.sections],
        "gaps": gaps,
    }


def _section(section: Any) -> dict[str, Any]:
    return {
        "title": section.section.title,
        "facts": [_fact(fact) for fact in section.facts],
        "photos": [_photo(photo) for photo in section.photos],
    }


def _fact(fact: Any) -> dict[str, Any]:
    return {
        "item": fact.rule.id,
        "title": fact.rule.title,
        "state": fact.standing.state,
        "disputed": fact.standing.disputed,
        "expires_at": _iso(fact.standing.expires_at),
        "claims": [
            {
                "words": claim["words"],
                "note": claim["note"],
                "by": str(claim["by"]),
                "at": _iso(claim["at"]),
            }
            for claim in fact.claims
        ],
    }


def _photo(view: Any) -> dict[str, Any]:
    photo = view.photo
    return {
        "item": view.rule.id,
        "title": view.rule.title,
        "kind": view.rule.kind,
        "id": str(photo.pk) if photo else None,
        "blob": photo.original.blob if photo else "",
        "caption": photo.caption if photo else "",
        "by": str(photo.by) if photo else "",
        "at": _iso(photo.taken_at) if photo else None,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def message(version: Any) -> bytes:
    """Bytes under the signature: which survey, its content, who signed it, and when."""
    return signing.covers(
        content=version.digest,
        name=version.signed_name,
        person=version.signed_by_id,
        at=version.signed_at,
        place=str(version.place_id),
        form=version.form,
        number=version.number,
        note=digest(version.note),
    )


def fault(version: Any) -> str:
    """Why the signature does not hold; empty when it does."""
    if not version.content:
        return "The content was erased with the record of its subject"
    return signing.fault(
        content=digest(version.content),
        signed=version.digest,
        message=message(version),
        signature=version.signature,
        key=version.public_key,
    )


def compared(first: dict[str, Any], second: dict[str, Any]) -> list[dict[str, Any]]:
    """Facts and pictures that differ: ``{item, title, section, change, before, after}``.

    ``change`` is changed, removed, added or verified, in this order, then that of the form.
    """
    before, after = _flat(first), _flat(second)
    rows = []
    for item in [*after, *(item for item in before if item not in after)]:
        old, new = before.get(item, {}), after.get(item, {})
        change = _change(old, new)
        if change:
            shown = new or old
            rows.append(
                {
                    "item": item,
                    "title": shown["title"],
                    "section": shown["section"],
                    "change": change,
                    "before": old.get("words", ""),
                    "after": new.get("words", ""),
                }
            )
    return sorted(rows, key=lambda row: CHANGES.index(row["change"]))


def _change(old: dict[str, Any], new: dict[str, Any]) -> str:
    was, is_ = old.get("words", ""), new.get("words", "")
    if was != is_:
        return "added" if not was else "removed" if not is_ else "changed"
    return "verified" if was and old.get("at") != new.get("at") else ""


def _flat(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = {}
    for section in content.get("sections", []):
        for fact in section["facts"]:
            claims = fact["claims"]
            found[fact["item"]] = {
                "title": fact["title"],
                "section": section["title"],
                "words": " / ".join(_with_note(claim) for claim in claims),
                "at": max((claim["at"] for claim in claims), default=None),
            }
        for photo in section["photos"]:
            found[photo["item"]] = {
                "title": photo["title"],
                "section": section["title"],
                "words": f"{photo['kind']} of {photo['at'][:10]}" if photo["at"] else "",
                "at": photo["at"],
            }
    return found


def _with_note(claim: dict[str, Any]) -> str:
    return f"{claim['words']} ({claim['note']})" if claim["note"] else claim["words"]
