"""Reports from the field, and phones, as data."""

from typing import Any

from django.urls import reverse

from ..models import FieldReport, Phone


def report_shape(report: FieldReport) -> dict[str, Any]:
    """With the addresses of its picture and voice note."""
    return {
        "id": str(report.pk),
        "kind": report.kind,
        "person": str(report.person),
        "at": report.at,
        "received_at": report.received_at,
        "entry": report.entry.serial,
        **report.content,
        "photo": _url(report, "photo") if report.photo_id else None,
        "voice": _url(report, "voice") if report.voice_id else None,
    }


def _url(report: FieldReport, what: str) -> str:
    return reverse("on_duty:attachment", args=[report.pk, what])


def phone_shape(phone: Phone) -> dict[str, Any]:
    return {
        "id": str(phone.pk),
        "person": phone.person.email,
        "label": phone.label,
        "keeps": phone.secret is not None,
        "first_at": phone.first_at,
        "seen_at": phone.seen_at,
        "wiped_at": phone.wiped_at,
        "emptied_at": phone.emptied_at,
    }
