"""Surveys on paper, with their pictures. Every print is audited."""

from datetime import datetime
from typing import Any

from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor
from varangian.platform.audit.services import note
from varangian.platform.audit.signing import short
from varangian.platform.storage.images import smaller
from varangian.platform.storage.services import read
from varangian.platform.ui.pdf import render

from .models import Place, SurveyVersion
from .queries import surveys
from .snapshots import fault, snapshot
from .standing import TONES, WORDS, State

TEMPLATE = "places/survey.typ"
SIDE = 620
"""Pixels of a picture that is five centimetres wide on paper, at 300 dpi."""


def survey_pdf(actor: Actor, place: Place, number: int | None = None) -> bytes:
    """A signed version, or what is known now, which is marked as unsigned."""
    view = surveys.survey(actor, place)
    signed = surveys.version(actor, place, number) if number else None
    content = signed.content if signed else snapshot(view, [])
    if not content:
        raise Refused("The content was erased with the record of its subject", where=place.slug)
    words = f"survey of {place.slug}, {f'version {number}' if number else 'unsigned'}"
    note(kind="export", record=place, purpose=words, actor=actor)
    pictures = {str(photo.pk): photo for photo in surveys.photos(actor, place)}
    return render(TEMPLATE, _printed(actor, place, content, signed, pictures))


def _printed(
    actor: Actor, place: Place, content: Any, signed: SurveyVersion | None, pictures: Any
) -> dict[str, Any]:
    counted = content["counted"]
    return {
        "house": {
            "title": content["form_title"],
            "subtitle": content["place"],
            "classification": "Protect: need to know",
            "serial": f"{place.slug.upper()} SURVEY",
            "version": str(signed.number) if signed else "",
            "copy": str(actor),
        },
        "mark": "" if signed else "UNSIGNED",
        "facts": [
            ["Address", place.address or "not written down"],
            ["Known", f"{counted['known']} of {counted['total']}"],
            ["To re-verify", str(counted["to_verify"])],
            ["Form", f"{content['form']} {content['form_version']}"],
            ["As of", _day(content["at"])],
        ],
        "sections": [_section(section, pictures) for section in content["sections"]],
        "gaps": [[gap["title"], gap["why"], gap["reason"]] for gap in content["gaps"]],
        "signature": _signature(signed),
    }


def _section(section: Any, pictures: Any) -> dict[str, Any]:
    return {
        "title": section["title"],
        "facts": [_fact(fact) for fact in section["facts"]],
        "photos": [
            _photo(photo, pictures[photo["id"]])
            for photo in section["photos"]
            if photo["id"] in pictures
        ],
    }


def _fact(fact: Any) -> dict[str, Any]:
    state: State = fact["state"]
    return {
        "title": fact["title"],
        "state": "disputed" if fact["disputed"] else WORDS[state],
        "tone": "amber" if fact["disputed"] else TONES[state],
        "claims": [
            {
                "words": claim["words"],
                "note": claim["note"],
                "seen": f"{claim['by']}, {_day(claim['at'])}",
            }
            for claim in fact["claims"]
        ],
    }


def _photo(photo: Any, record: Any) -> dict[str, Any]:
    """Typst takes bytes as a list of numbers."""
    return {
        "title": photo["title"],
        "caption": photo["caption"],
        "seen": f"{photo['by']}, {_day(photo['at'])}",
        "bytes": list(smaller(read(record.preview), SIDE)),
    }


def _signature(signed: SurveyVersion | None) -> dict[str, str]:
    if signed is None:
        return {}
    return {
        "name": signed.signed_name,
        "at": f"{signed.signed_at:%d %b %Y %H:%M} UTC",
        "digest": short(signed.digest),
        "note": signed.note,
        "fault": fault(signed),
    }


def _day(iso: str | None) -> str:
    return f"{datetime.fromisoformat(iso):%d %b %Y}" if iso else ""
