import re
from datetime import timedelta
from pathlib import Path

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory

import varangian
from varangian.kernel.clock import now
from varangian.platform.ui import errors

SOURCE = Path(varangian.__file__).parent
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
SPRITE = (next(SOURCE.glob("platform/ui/static/vendor/tabler-icons@*")) / "icons.svg").read_text()


class Form(forms.Form):
    radius = forms.IntegerField(help_text="Half the width.")


def show(text: str, **context) -> str:
    """What a template with cotton components becomes."""
    from django_cotton.compiler_regex import CottonCompiler

    compiled = CottonCompiler().process(text)
    request = RequestFactory().get("/?q=x")
    return engines["django"].from_string(compiled).render(context, request)


def test_a_badge_has_a_word_and_a_shape():
    html = show('{% badge "red" %}Act now{% endbadge %}')
    assert "Act now" in html
    assert "#alert-octagon" in html


def test_a_badge_escapes_its_title():
    html = show('{% badge "amber" title=bad %}stale{% endbadge %}', bad='"><script>')
    assert "<script>" not in html


def test_a_component_does_not_take_its_attributes_from_the_page_around_it():
    html = show(
        "<c-panel>inside</c-panel><c-empty>x</c-empty>", title="leak", tone="leak", icon="leak"
    )
    assert "leak" not in html


def test_text_in_attributes_is_escaped():
    html = show('<c-panel title="{{ bad }}"></c-panel>', bad='"><script>alert(1)</script>')
    assert "<script>" not in html


def test_an_age_counts_on_and_an_unknown_one_says_so():
    html = show("{% aged at amber=60 %}", at=now() - timedelta(minutes=3))
    assert "data-age" in html
    assert 'data-amber="60"' in html
    assert "3 min" in html
    assert "not checked" in show('{% aged at none="not checked" %}', at=None)


def test_a_span_with_an_unknown_end():
    html = show('{% when at "UTC" to=to %}', at=now(), to=None)
    assert "–?" in html


def test_a_field_has_its_error_in_words_beside_it():
    html = show('<c-field :field="form.radius" unit="km" />', form=Form({"radius": "far"}))
    assert "(km)" in html
    assert 'id="id_radius_error"' in html
    assert "Enter a whole number" in html


def test_a_form_carries_token_draft_and_folded_part():
    html = show('<c-form action="/x" draft="op-1">a<c-slot name="more">rare</c-slot></c-form>')
    assert "csrfmiddlewaretoken" in html
    assert 'data-draft="op-1"' in html
    assert re.search(r"<details.*rare.*</details>", html, re.S)


def test_what_is_destroyed_is_named():
    html = show('<c-confirm id="d" title="Remove" loses="two alerts" action="/x" />')
    assert "You lose <strong>two alerts</strong>" in html


def test_a_live_region_names_its_topics_and_source():
    html = show('<c-live topic="alerts,stale" url="/queue" id="q">first</c-live>')
    assert 'data-topics="alerts,stale"' in html
    assert 'hx-get="/queue"' in html
    assert 'hx-swap="innerMorph"' in html


def test_nothing_stale_shows_nothing():
    assert show('<c-stale :reasons="reasons" kind="order" record="1" />', reasons=[]).strip() == ""


def test_a_refusal_of_a_part_goes_to_the_notices():
    request = RequestFactory().get("/x", headers={"HX-Request": "true"})
    answer = errors.refusal(request, errors.Refused("No", where="line 3", mend="Do this."))
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#vg-notices"
    assert b"line 3" in answer.content


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_templates_keep_the_content_security_policy(file: Path):
    text = file.read_text()
    assert not re.search(r"\sstyle\s*=\s*[\"']", text), "style attribute"
    assert not re.search(r"<[^>{]*\son[a-z]+\s*=\s*[\"']", text), "event handler attribute"
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text), "inline script"
    assert not re.search(r"(href|src)=[\"'](https?:)?//", text), "foreign host"


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_icons_that_are_named_exist(file: Path):
    text = file.read_text()
    named = set(re.findall(r"{% icon \"([a-z0-9-]+)\"", text))
    named |= set(re.findall(r"(?:<c-[a-z]+[^>]*|{% badge[^%]*)\sicon=\"([a-z0-9-]+)\"", text)) - {
        "none"
    }
    missing = {name for name in named if f'id="{name}"' not in SPRITE}
    assert not missing
