"""Files: kept as they came, shown before anything is taken, told row by row after it."""

import base64
from datetime import date
from typing import Any

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require

from ... import exposure_rules
from ...models import Exposure, ExposureChange, ExposureImport, Principal
from ...reading import cards, table
from ...reading.candidate import Candidate, Reading
from ..common import held
from .common import change_of, named, say
from .items import draft, next_serial

State, Format = ExposureImport.State, ExposureImport.Format
STANDS_FOR = ("where", "found_by", "seen_on", "kind")
"""What is given once for all rows that do not say it themselves."""


@transaction.atomic
def take_in(
    *, actor: Actor, principal: Principal, data: bytes, name: str, **stands_for: Any
) -> ExposureImport:
    """Keep the file and propose how to read it. Nothing of it is an item yet."""
    require(actor, "exposure.change", principal.compartment_id)
    principal = held(actor, principal)
    form = Format.VCARD if b"BEGIN:VCARD" in data[:200_000].upper() else Format.CSV
    if form == Format.VCARD:
        cards.read_vcards(data)
        columns: dict[str, int] = {}
    else:
        columns = table.propose(table.read_table(data).head)
    made = ExposureImport(
        key_id=principal.key_id,
        compartment_id=principal.compartment_id,
        principal=principal,
        name=name.strip()[:200] or "unnamed",
        original=base64.b64encode(data).decode(),
        format=form,
        reading={"columns": columns, **_stands_for(stands_for)},
        by_id=actor.pk,
        at=now(),
    )
    made.save(force_insert=True)
    say(principal, "file", f"a file ({made.get_format_display()}) waits to be taken", actor)
    return made


@transaction.atomic
def take_import(
    *,
    actor: Actor,
    upload: ExposureImport,
    columns: dict[str, int] | None = None,
    **stands_for: Any,
) -> ExposureImport:
    """Every row becomes an item, is known already, or is kept with the reason."""
    require(actor, "exposure.change", upload.compartment_id)
    upload, principal = _waiting(actor, upload)
    settings = {**upload.reading, **_stands_for(stands_for)}
    if columns is not None and upload.format == Format.CSV:
        settings["columns"] = columns
    reading = read_upload(upload, settings)
    report, items = _judged(actor, principal, reading, settings)
    Exposure.objects.bulk_create(items)
    words = f"Imported from {upload.name}"
    ExposureChange.objects.bulk_create(
        [ExposureChange(**change_of(item, "added", words, actor)) for item in items]
    )
    counts = [sum(1 for row in report if row["result"] == one) for one in RESULTS]
    upload.added, upload.duplicates, upload.refused = counts
    upload.reading, upload.report = settings, report
    upload.state, upload.ended_at = State.TAKEN, now()
    upload.save()
    told = f"{counts[0]} added, {counts[1]} known already, {counts[2]} not taken"
    say(principal, "imported", f"file taken: {told}", actor)
    return upload


RESULTS = ("added", "duplicate", "refused")


@transaction.atomic
def drop_import(*, actor: Actor, upload: ExposureImport) -> ExposureImport:
    """The file is not what was wanted: its content goes, that it was there stays."""
    require(actor, "exposure.change", upload.compartment_id)
    upload, _ = _waiting(actor, upload)
    upload.original, upload.state, upload.ended_at = "", State.DROPPED, now()
    upload.save()
    return upload


def read_upload(upload: ExposureImport, settings: dict[str, Any] | None = None) -> Reading:
    """The file, read as the settings say."""
    given = settings if settings is not None else upload.reading
    data = base64.b64decode(upload.original)
    if upload.format == Format.VCARD:
        return cards.read_vcards(data)
    found = table.read_table(data)
    columns = table.checked_mapping(given["columns"], found.head)
    return table.candidates(found, columns, given.get("kind", ""))


def _waiting(actor: Actor, upload: ExposureImport) -> tuple[ExposureImport, Principal]:
    named(actor, "take a file")
    principal = held(actor, upload.principal)
    rows = ExposureImport.objects.visible_to(actor).select_related("principal")
    found = rows.select_for_update(of=("self",), no_key=True).get(pk=upload.pk)
    if found.state != State.PREVIEW:
        raise Refused("This file is no longer waiting", where=found.get_state_display())
    return found, principal


def _judged(
    actor: Actor, principal: Principal, reading: Reading, settings: dict[str, Any]
) -> tuple[list[dict[str, Any]], list[Exposure]]:
    known = {
        exposure_rules.sameness(one.kind, one.detail, one.what): one.label
        for one in Exposure.objects.visible_to(actor).filter(principal=principal)
    }
    report: list[dict[str, Any]] = [_row("", "noted", words=one) for one in reading.remarks]
    items: list[Exposure] = []
    serial = next_serial(principal)
    for one in reading.candidates:
        report.append(_unusable(one) if one.problem else {})
        if one.problem:
            continue
        same = exposure_rules.sameness(one.fields["kind"], one.fields["detail"], one.fields["what"])
        if same in known:
            words = f"Known already as {known[same]}"
            report[-1] = _row(one.where, "duplicate", words=words, raw=one.raw)
            continue
        try:
            item = draft(principal, serial, actor, _filled(one.fields, settings))
        except Refused as refused:
            report[-1] = _row(one.where, "refused", refused.what, refused.mend, one.raw)
            continue
        known[same], serial = item.label, serial + 1
        items.append(item)
        report[-1] = _row(one.where, "added", words=f"{item.label}, {item.get_kind_display()}")
    return report, items


def _unusable(one: Candidate) -> dict[str, Any]:
    return _row(one.where, "noted" if one.noted else "refused", one.problem, one.mend, one.raw)


def _row(where: str, result: str, words: str = "", mend: str = "", raw: str = "") -> dict[str, Any]:
    return {"where": where, "result": result, "words": words, "mend": mend, "raw": raw}


def _filled(fields: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    usual = {name: settings.get(name) for name in ("where", "found_by", "seen_on")}
    if usual["seen_on"]:
        usual["seen_on"] = date.fromisoformat(usual["seen_on"])
    said = {name: value for name, value in fields.items() if value}
    return {**usual, **said, "detail": fields["detail"]}


def _stands_for(given: dict[str, Any]) -> dict[str, str]:
    unknown = set(given) - set(STANDS_FOR)
    if unknown:
        raise Refused("No such field", where=", ".join(sorted(unknown)))
    found = {name: str(value).strip()[:1000] for name, value in given.items() if value}
    if found.get("kind"):
        table.read_kind(found["kind"])
    return found
