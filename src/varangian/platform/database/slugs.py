"""Short names that are unique among rows which the writer may not see."""

from django.db import IntegrityError, models, transaction

from varangian.kernel.results import Conflict

TRIES = 100
LONGEST = 44


def save_under_free_slug(record: models.Model, wanted: str, *, exact: bool) -> None:
    """Insert ``record`` as ``wanted``, or as ``wanted-2`` and so on unless it must be exact.

    Only the unique index knows of rows in foreign circles: row security hides them from a query.
    """
    for number in range(1, TRIES):
        record.slug = wanted if number == 1 else f"{wanted[:LONGEST]}-{number}"  # pyright: ignore
        try:
            with transaction.atomic():
                record.save(force_insert=True)
        except IntegrityError:
            if exact:
                break
        else:
            return
    raise Conflict("This short name is taken", where=wanted, mend="Choose another.")
