"""How presence looks in the API and in ``--json``."""

from typing import Any

from ..models import PartyPerson, PresenceFact
from ..presence_rules import Interval
from ..queries.presence import Line


def line_shape(line: Line, *, whole: bool = False) -> dict[str, Any]:
    """``end_known`` False: until when is not known, and ``until`` is null or the latest guess."""
    shown = {
        "person": str(line.person.pk) if line.person else None,
        "name": line.name,
        "relation": line.person.relation if line.person else "principal",
        "operation": line.operation.slug,
        "now": interval_shape(line.interval) if line.interval else None,
        "confirmed_safe_at": line.confirmed_at,
        "clock_minutes": line.clock.minutes if line.clock else None,
        "due_at": line.due_at,
        "overdue": line.overdue,
        "position": line.position.words if line.position else None,
        "position_at": line.position.at if line.position else None,
        "metres_from_plan": line.metres_off,
    }
    return shown | ({"intervals": [interval_shape(one) for one in line.intervals]} if whole else {})


def interval_shape(interval: Interval) -> dict[str, Any]:
    towards = interval.towards
    return {
        "where": interval.where.value,
        "place": interval.spot.words,
        "country": interval.spot.country,
        "towards": towards.words if towards else None,
        "towards_country": towards.country if towards else None,
        "since": interval.since,
        "until": interval.until,
        "end_known": interval.until_known,
        "known_at": interval.known_at,
        "evidence": [
            {"how": one.how, "words": one.words, "at": one.at, "by": one.by}
            for one in interval.evidence
        ],
    }


def traveller_shape(person: PartyPerson) -> dict[str, Any]:
    return {
        "id": str(person.pk),
        "name": person.name,
        "relation": person.relation,
        "phone": person.phone,
        "joined_at": person.joined_at,
        "left_at": person.left_at,
    }


def fact_shape(fact: PresenceFact) -> dict[str, Any]:
    return {
        "id": str(fact.pk),
        "person": str(fact.person_id) if fact.person_id else None,  # pyright: ignore
        "how": fact.how,
        "at": fact.at,
        "until": fact.until,
        "place": fact.place.name if fact.place else fact.words,
        "note": fact.note,
        "safe": fact.safe,
        "over": fact.over,
        "by": str(fact.by) if fact.by else "console",
    }
