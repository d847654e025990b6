from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context
from django.test import RequestFactory

from varangian.kernel.clock import frozen
from varangian.platform.ui.templatetags import varangian as tags

START = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


class Form(forms.Form):
    title = forms.CharField()
    kind = forms.ChoiceField(choices=[("a", "A")])
    secret = forms.BooleanField(required=False)


def context(query: str = "") -> Context:
    return Context({"request": RequestFactory().get(f"/list{query}")})


def test_an_age_that_is_not_known_is_never():
    assert tags.age(None) == "never"
    with frozen(START + timedelta(hours=3, minutes=5)):
        assert tags.age(START) == "3 h 05 min"


def test_a_time_is_written_in_its_zone_with_the_zone():
    assert tags.in_zone(START, "Europe/Helsinki") == "Tue 24 Nov 14:30 EET"
    assert tags.in_zone(None, "UTC") == "unknown"


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (START + timedelta(minutes=40), "Tue 24 Nov 14:30–15:10 EET"),
        (START + timedelta(hours=12), "Tue 24 Nov 14:30–Wed 25 Nov 02:30 EET"),
        (None, "Tue 24 Nov 14:30–? EET"),
    ],
)
def test_a_span_never_guesses_its_end(end: datetime | None, words: str):
    assert tags.span(START, end, "Europe/Helsinki") == words


def test_a_span_over_the_change_of_the_clocks_names_both_zones():
    start = datetime(2026, 10, 24, 23, 0, tzinfo=UTC)
    words = tags.span(start, start + timedelta(hours=4), "Europe/Helsinki")
    assert words == "Sun 25 Oct 02:00–05:00 EET EEST"


def test_a_changed_query_keeps_the_rest():
    assert tags.qs(context("?q=gate&page=3"), page=2) == "?page=2&q=gate"
    assert tags.qs(context("?q=gate&page=3"), page=None) == "?q=gate"
    assert tags.qs(context("?tag=a&tag=b"), page=2) == "?page=2&tag=a&tag=b"


def test_a_query_cannot_break_out_of_its_attribute():
    html = tags.sort_link(context('?q="><script>'), "starts", "Starts")
    assert "<script>" not in html
    assert 'href="?q=%22%3E%3Cscript%3E&amp;sort=starts"' in html


def test_a_heading_sorts_up_then_down():
    assert 'href="?sort=starts"' in tags.sort_link(context("?page=4"), "starts", "Starts")
    again = tags.sort_link(context("?sort=starts"), "starts", "Starts")
    assert 'href="?sort=-starts"' in again
    assert "sorted up" in again


def test_what_is_not_known_is_never_green():
    assert tags.tone("under_way") == "blue"
    assert tags.tone("Under way") == "blue"
    assert {tags.tone(word) for word in ("", None, "unknown", "unheard of", "planned")} == {"grey"}


def test_a_control_says_where_its_error_is():
    bound = Form({"kind": "a"})
    html = tags.control(bound["title"])
    assert "form-control" in html
    assert "is-invalid" in html
    assert 'aria-describedby="id_title_error"' in html
    assert "form-select" in tags.control(bound["kind"])
    assert "form-check-input" in tags.control(bound["secret"])
    assert tags.is_check(bound["secret"])


def test_vendored_files_are_named_without_their_version():
    assert tags.vendor("htmx.min.js").startswith("/static/vendor/htmx.org%40")


def test_a_page_that_is_not_there_has_no_address():
    assert tags.route("nowhere:list") == ""
