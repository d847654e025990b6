"""Two items are one, some are masked, and the library is whole."""

import pytest

from varangian.principals.exposure_rules import sameness
from varangian.principals.library import exposure
from varangian.principals.models.exposure import Kind, Sensitivity
from varangian.principals.reading.values import DETAILS, KINDS, SENSITIVITIES


@pytest.mark.parametrize(
    ("detail", "one", "other"),
    [
        ("phone", "+47 00 00 01 02", "0047-0000-0102"),
        ("handle", "https://www.photos.invalid/heron/", "photos.invalid/Heron"),
        ("", "Her  boat.", "her boat"),
    ],
)
def test_the_same_thing_written_otherwise(detail, one, other):
    assert sameness("footprint", detail, one) == sameness("footprint", detail, other)


def test_other_things_are_not_the_same():
    assert sameness("wealth", "", "her boat") != sameness("work", "", "her boat")


def test_library_models_and_readers_speak_the_same_words():
    library = exposure()
    assert [one.id for one in library.kinds] == Kind.values == list(KINDS)
    assert [one.id for one in library.sensitivities] == Sensitivity.values == list(SENSITIVITIES)
    assert {one.id for one in library.details} == set(DETAILS)


def test_what_is_masked_in_the_file_is_masked_here():
    library = exposure()
    assert library.masked("household", "") and library.masked("routine", "")
    assert library.masked("footprint", "address") and not library.masked("footprint", "handle")
    assert library.masked("footprint", "no longer known")
