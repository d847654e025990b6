"""Screens of a survey: fill, compare, sign, print."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from varangian.kernel.results import NotFound, Refused
from varangian.kernel.words import plural
from varangian.platform.access.reauth import reauthenticated
from varangian.platform.access.scope import may
from varangian.platform.audit.services import note
from varangian.platform.storage.services import read

from .. import printing, queries, remarks, services
from ..comparing import difference
from ..forms import SectionForm
from ..forms.surveys import waits
from ..queries import surveys
from ..queries.survey_views import SectionView, SurveyView
from ..snapshots import fault
from ..tabs import of_place

ONLY = {"verify": "To re-verify", "never": "Never checked"}


@login_required
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    place = queries.place(request.user, pk)
    return _page(request, surveys.survey(request.user, place))


def _page(request: HttpRequest, view: SurveyView, bound: SectionForm | None = None) -> HttpResponse:
    only = request.GET.get("only", "")
    wanted = bound.section.section.id if bound else request.GET.get("open", "")
    forms = [_form(section, bound, only) for section in view.sections]
    shown = [form for form in forms if only not in ONLY or _any(form, only)]
    chosen = wanted or next((f.section.section.id for f in shown if _any(f, "verify")), "")
    chosen = chosen or next((f.section.section.id for f in shown if _any(f, "never")), "")
    context = _progress(request, view) | {
        "tabs": of_place(view.place, "survey"),
        "forms": shown,
        "only": only if only in ONLY else "",
        "filters": _filters(view, only),
        "open": chosen,
        "remarks": remarks.at_place(request.user, view.place),
    }
    return render(request, "places/survey.html", context, status=422 if bound else 200)


def _form(section: SectionView, bound: SectionForm | None, only: str) -> SectionForm:
    if bound is not None and bound.section.section.id == section.section.id:
        return bound
    return SectionForm(section=section, only=only)


def _any(form: SectionForm, only: str) -> bool:
    return any(waits(fact.standing, only) for fact in form.section.facts)


def _filters(view: SurveyView, only: str) -> list[dict[str, Any]]:
    rows = [
        ("", "All", view.total),
        ("verify", ONLY["verify"], view.to_verify),
        ("never", ONLY["never"], view.never),
    ]
    url = reverse("places:survey", args=[view.place.pk])
    return [
        {
            "words": words,
            "count": count,
            "url": f"{url}?{urlencode({'only': key})}" if key else url,
            "here": key == (only if only in ONLY else ""),
        }
        for key, words, count in rows
    ]


def _progress(request: HttpRequest, view: SurveyView) -> dict[str, Any]:
    circle = view.place.compartment_id
    signed = list(surveys.versions(request.user, view.place)[:12])
    return {
        "place": view.place,
        "survey": view,
        "gaps": view.gaps(),
        "versions": signed,
        "since": surveys.since(request.user, view.place, signed[0]) if signed else 0,
        "may_answer": may(request.user, "survey.answer", circle),
        "may_settle": may(request.user, "survey.settle", circle),
        "may_sign": may(request.user, "survey.sign", circle),
    }


@login_required
def part(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far it is, after somebody else has answered."""
    view = surveys.survey(request.user, queries.place(request.user, pk))
    return render(request, "places/_survey_progress.html", _progress(request, view))


@login_required
@require_POST
def write(request: HttpRequest, pk: UUID, section: str) -> HttpResponse:
    """A section sent whole: answers, pictures, and the one button that was pressed."""
    place = queries.place(request.user, pk)
    view = surveys.survey(request.user, place)
    found = next((one for one in view.sections if one.section.id == section), None)
    if found is None:
        raise NotFound("This survey has no such section", where=section)
    form = SectionForm(request.POST, request.FILES, section=found)
    form.full_clean()
    done = _take(request, place, form)
    if form.errors:
        return _page(request, surveys.survey(request.user, place), form)
    if done:
        messages.info(request, f"Kept: {', '.join(done)}.")
    else:
        messages.info(request, "Nothing was different from what is known.")
    query = {name: request.GET[name] for name in ("only",) if request.GET.get(name)}
    url = reverse("places:survey", args=[pk])
    return redirect(f"{url}?{urlencode({**query, 'open': section})}#{section}")


def _take(request: HttpRequest, place: Any, form: SectionForm) -> list[str]:
    """What was kept, in words; what was refused stands in the errors of the form."""
    rows = form.answers() if not form.errors else []
    item = request.POST.get("still", "")
    if item:
        rows = [row for row in rows if row["item"] != item] + [{"item": item, "still_so": True}]
    chosen, _, number = request.POST.get("settle", "").partition(":")
    rows = [row for row in rows if row["item"] != chosen]
    report = services.answer_many(actor=request.user, place=place, answers=rows)
    for row in report:
        if row["problem"]:
            form.blame(row["item"], row["problem"])
    taken = sum(row["taken"] for row in report)
    pictures = _take_pictures(request, place, form)
    done = [plural(taken, "answer")] if taken else []
    done += [plural(pictures, "picture")] if pictures else []
    if chosen:
        note_ = request.POST.get(f"s-{chosen}", "")
        services.settle_fact(
            actor=request.user, place=place, item=chosen, number=_number(number), note=note_
        )
        done.append("one dispute settled")
    return done


def _take_pictures(request: HttpRequest, place: Any, form: SectionForm) -> int:
    count = 0
    for item, file, caption in form.pictures() if not form.errors else []:
        try:
            services.add_photo(
                actor=request.user,
                place=place,
                item=item,
                data=file.read(),
                name=file.name or "",
                caption=caption,
            )
            count += 1
        except Refused as error:
            form.blame(item, str(error))
    return count


def _number(text: str) -> int:
    if not text.isdecimal():
        raise Refused("This is no number of an answer", where=text)
    return int(text)


@login_required
def photo(request: HttpRequest, pk: UUID, photo: UUID) -> HttpResponse:
    """The preview; browsers keep it in memory only."""
    found = surveys.photo(request.user, queries.place(request.user, pk), photo)
    answer = HttpResponse(read(found.preview), content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer


@reauthenticated
def original(request: HttpRequest, pk: UUID, photo: UUID) -> HttpResponse:
    found = surveys.photo(request.user, queries.place(request.user, pk), photo)
    note(kind="export", record=found, purpose="original of a survey picture")
    answer = HttpResponse(read(found.original), content_type=found.original.media_type)
    ending = found.original.media_type.rpartition("/")[2]
    answer["Content-Disposition"] = f'attachment; filename="{found.item}.{ending}"'
    return answer


@reauthenticated
def sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Each gap with the room for its reason; then the signature."""
    place = queries.place(request.user, pk)
    view = surveys.survey(request.user, place)
    gaps = view.gaps()
    if request.method == "POST":
        reasons = {gap.item: request.POST.get(f"gap-{gap.item}", "") for gap in gaps}
        note_ = request.POST.get("note", "")
        made = services.sign_survey(actor=request.user, place=place, gaps=reasons, note=note_)
        return redirect("places:survey_version", pk=pk, number=made.number)
    context = {"place": place, "survey": view, "gaps": gaps, "tabs": of_place(place, "survey")}
    return render(request, "places/survey_sign.html", context)


@login_required
def version(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    place = queries.place(request.user, pk)
    found = surveys.version(request.user, place, number)
    context = {
        "place": place,
        "version": found,
        "content": found.content,
        "fault": fault(found),
        "tabs": of_place(place, "survey"),
        "others": [row for row in surveys.versions(request.user, place) if row.pk != found.pk],
    }
    return render(request, "places/survey_version.html", context)


@login_required
def compare(request: HttpRequest, pk: UUID) -> HttpResponse:
    place = queries.place(request.user, pk)
    numbers = list(surveys.versions(request.user, place).values_list("number", flat=True))
    first = _number(request.GET.get("first", "") or str(surveys.latest(request.user, place)))
    second = _number(request.GET["second"]) if request.GET.get("second", "now") != "now" else None
    context = {
        "place": place,
        "numbers": numbers,
        "first": first,
        "second": second,
        "rows": difference(request.user, place, first, second)["rows"],
        "tabs": of_place(place, "survey"),
    }
    return render(request, "places/survey_compare.html", context)


@reauthenticated
def pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    place = queries.place(request.user, pk)
    number = _number(request.GET["version"]) if request.GET.get("version") else None
    answer = HttpResponse(
        printing.survey_pdf(request.user, place, number), content_type="application/pdf"
    )
    ending = f"v{number}" if number else "unsigned"
    answer["Content-Disposition"] = f'attachment; filename="{place.slug}-survey-{ending}.pdf"'
    return answer


HERE = "<uuid:pk>/survey/"
paths = [
    path(HERE, show, name="survey"),
    path(f"{HERE}part/", part, name="survey_part"),
    path(f"{HERE}sections/<slug:section>/", write, name="survey_write"),
    path(f"{HERE}photos/<uuid:photo>/", photo, name="survey_photo"),
    path(f"{HERE}photos/<uuid:photo>/original/", original, name="survey_original"),
    path(f"{HERE}sign/", sign, name="survey_sign"),
    path(f"{HERE}versions/<int:number>/", version, name="survey_version"),
    path(f"{HERE}compare/", compare, name="survey_compare"),
    path(f"{HERE}survey.pdf", pdf, name="survey_pdf"),
]
