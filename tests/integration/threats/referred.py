"""An invented person of interest, and how the tests refer one."""

from datetime import timedelta

from varangian.kernel.clock import now
from varangian.threats.models import Person
from varangian.threats.services import persons as services

NAME = "Rufus Quillfeather"
GIVEN = {
    "name": NAME,
    "identified": True,
    "concern": "Eleven letters since April",
    "description": "Tall, grey parka",
    "legal_basis": "legitimate_interests",
    "purpose": "To notice an approach in time",
    "proportionality": "Only the desk of this contract",
}
FROM = {"source": "Letter of 3 April", "source_grade": "B", "information_grade": "2"}


def refer(desk, operation, **fields):
    return services.refer_person(
        actor=desk["analyst"],
        engagement=operation.engagement,
        **{**GIVEN, "reviewer": desk["operator"], **fields},
    )


def end(person):
    """Its time has run out: referred long ago, ended just now."""
    long_ago, just_now = now() - timedelta(days=40), now() - timedelta(seconds=1)
    Person.objects.filter(pk=person.pk).update(
        referred_at=long_ago, review_due=long_ago + timedelta(days=1), expires_at=just_now
    )
    person.refresh_from_db()
    return person
