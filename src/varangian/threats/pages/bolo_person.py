"""A BOLO card drawn from the file of a person: filled in beforehand, looked through, kept."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from varangian.kernel.results import Refused

from ..forms.bolo import PREFIX
from ..models import BoloCard, Person
from ..queries import persons as queries
from ..services import persons as services


def asked_for(request: HttpRequest) -> Person | None:
    """``?person=`` names the file."""
    asked = request.GET.get("person", "")
    if not asked:
        return None
    try:
        return queries.check_readable(queries.person(request.user, UUID(asked)))
    except ValueError as error:
        raise Refused("This names no person", where="person") from error


def first_words(request: HttpRequest, person: Person | None, kind: str) -> dict[str, Any]:
    if person is None:
        return {}
    services.looked(actor=request.user, person=person, purpose="for a BOLO card")
    found = services.prefilled(request.user, person, kind)
    words = {PREFIX + name: value for name, value in found.pop("features").items()}
    return found | words | {"reviewer": str(person.reviewer_id)}


def draw(request: HttpRequest, person: Person, given: dict[str, Any]) -> BoloCard:
    """The newest picture of the file comes along, unless another was sent."""
    own = "picture" not in request.FILES
    return services.draw_card_of(person=person, with_image=own, **given)
