"""Sign a survey: what is known today becomes a numbered version that never changes."""

from django.db import transaction

from varangian.kernel.chain import digest
from varangian.kernel.clock import now
from varangian.kernel.results import Refused
from varangian.platform.access.scope import Actor, require
from varangian.platform.audit.signing import sign
from varangian.platform.news.services import announce

from ..models import Place, SurveyVersion
from ..queries.survey_views import Gap
from ..queries.surveys import survey, versions
from ..snapshots import message, snapshot
from .surveys import named


@transaction.atomic
def sign_survey(
    *, actor: Actor, place: Place, gaps: dict[str, str] | None = None, note: str = ""
) -> SurveyVersion:
    """``gaps`` has a reason for each item that is missing, out of date or disputed.

    Without gaps the version is complete. A gap without a reason refuses the signature.
    """
    require(actor, "survey.sign", place.compartment_id)
    named(actor)
    Place.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=place.pk)
    view = survey(actor, place)
    if not view.known:
        raise Refused("Nothing has been answered yet", where=place.slug)
    given = {item: reason.strip() for item, reason in (gaps or {}).items() if reason.strip()}
    reasons = _reasoned(view.gaps(), given)
    last = versions(actor, place).first()
    signed = SurveyVersion(
        compartment_id=place.compartment_id,
        key_id=place.key_id,
        place=place,
        form=view.form.id,
        number=last.number + 1 if last else 1,
        complete=not reasons,
        content=snapshot(view, reasons),
        note=note.strip(),
        signed_by=actor,
        signed_name=str(actor),
        signed_at=now(),
    )
    signed.digest = digest(signed.content)
    signed.signature, signed.public_key = sign(message(signed))
    signed.save(force_insert=True)
    _tell(signed, len(reasons), actor)
    return signed


def _reasoned(gaps: list[Gap], given: dict[str, str]) -> list[dict[str, str]]:
    bare = [f"{gap.title} ({gap.why})" for gap in gaps if gap.item not in given]
    if bare:
        shown = ", ".join(bare[:5]) + (f" and {len(bare) - 5} more" if len(bare) > 5 else "")
        raise Refused(
            "The survey is not complete",
            where=shown,
            mend="Answer them, or sign with the reason for each gap.",
        )
    return [
        {"item": gap.item, "title": gap.title, "why": gap.why, "reason": given[gap.item]}
        for gap in gaps
    ]


def _tell(signed: SurveyVersion, gaps: int, actor: Actor) -> None:
    how = "complete" if signed.complete else f"with {gaps} gaps"
    announce(
        topic="surveys",
        event="signed",
        text=f"Survey of {signed.place.slug} version {signed.number} signed by {actor}, {how}",
        compartment_id=signed.compartment_id,
        record=("place", signed.place_id),  # pyright: ignore
        actor=actor,
    )
