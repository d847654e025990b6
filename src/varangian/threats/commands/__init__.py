"""Commands of threats."""

from . import bolo, judgement, letters, persons, threats, tvra

groups = {
    **threats.groups,
    **bolo.groups,
    **letters.groups,
    **persons.groups,
    **judgement.groups,
    **tvra.groups,
}
