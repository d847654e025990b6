"""Lines of text and what is kept of them."""

import pytest

from varangian.kernel.results import Refused
from varangian.travel.fleet_forms import DriverForm

FACTS = {
    "licences": [{"name": "B", "until": "2027-06-30"}, {"name": "C1"}],
    "courses": [{"name": "Evasive", "on": "2026-01-15", "until": "2028-01-15"}],
    "medical": {"until": "2027-05-01"},
    "languages": ["fi", "en"],
    "places": [{"place": "Helsinki", "note": "every day"}],
}


def test_what_is_shown_and_sent_back_is_what_was_known():
    form = DriverForm(DriverForm.of(FACTS).initial)
    assert form.is_valid()
    assert form.fields_of() == FACTS


def test_what_is_no_day_is_refused_with_its_line():
    form = DriverForm({"licences": "B until summer"})
    assert form.is_valid()
    with pytest.raises(Refused, match="no day") as refused:
        form.fields_of()
    assert refused.value.where == "B until summer"
