"""How surveys look in the API and in ``--json``."""

from typing import Any

from ..models import SurveyPhoto, SurveyVersion
from ..queries.survey_views import FactView, PhotoView, SurveyView
from ..snapshots import fault
from ..values import words


def survey_shape(view: SurveyView) -> dict[str, Any]:
    return {
        "place": str(view.place.pk),
        "slug": view.place.slug,
        "form": view.form.id,
        "title": view.form.title,
        "form_version": view.form.version,
        "at": view.at,
        "total": view.total,
        "known": view.known,
        "to_verify": view.to_verify,
        "never": view.never,
        "progress": view.progress,
        "facts": [
            {"section": section.section.id, **fact_shape(fact)}
            for section in view.sections
            for fact in section.facts
        ],
        "photos": [photo_slot_shape(photo) for photo in view.photos],
        "gaps": [{"item": gap.item, "title": gap.title, "why": gap.why} for gap in view.gaps()],
    }


def fact_shape(fact: FactView) -> dict[str, Any]:
    return {
        "item": fact.rule.id,
        "title": fact.rule.title,
        "ask": fact.rule.ask,
        "type": fact.rule.type,
        "options": fact.rule.options or None,
        "unit": fact.rule.unit or None,
        "required": fact.rule.required,
        "shelf_life_days": fact.rule.days,
        "state": fact.standing.state,
        "disputed": fact.standing.disputed,
        "answer": fact.words or None,
        "note": fact.note or None,
        "verified_by": str(fact.by) if fact.by else None,
        "verified_at": fact.standing.verified_at,
        "expires_at": fact.standing.expires_at,
        "claims": [
            {
                "number": claim["number"],
                "answer": claim["words"],
                "note": claim["note"] or None,
                "by": str(claim["by"]),
                "at": claim["at"],
            }
            for claim in fact.claims
        ],
    }


def photo_slot_shape(view: PhotoView) -> dict[str, Any]:
    photo = view.photo
    return {
        "item": view.rule.id,
        "title": view.rule.title,
        "ask": view.rule.ask,
        "kind": view.rule.kind,
        "required": view.rule.required,
        "state": view.standing.state,
        "photo": photo_shape(photo) if photo else None,
    }


def photo_shape(photo: SurveyPhoto) -> dict[str, Any]:
    return {
        "id": str(photo.pk),
        "item": photo.item,
        "caption": photo.caption or None,
        "by": str(photo.by),
        "taken_at": photo.taken_at,
    }


def version_shape(version: SurveyVersion, *, whole: bool = False) -> dict[str, Any]:
    row = {
        "number": version.number,
        "form": version.form,
        "complete": version.complete,
        "signed_by": version.signed_name,
        "signed_at": version.signed_at,
        "note": version.note or None,
        "gaps": version.content.get("gaps", []),
        "digest": version.digest,
        "fault": fault(version) or None,
    }
    return {**row, "content": version.content} if whole else row


def history_shape(fact: FactView) -> list[dict[str, Any]]:
    return [
        {
            "number": row.number,
            "act": row.act,
            "answer": words(fact.rule, row.content),
            "note": row.content.get("note") or None,
            "by": str(row.by),
            "verified_at": row.verified_at,
            "made_at": row.made_at,
        }
        for row in fact.history
    ]
