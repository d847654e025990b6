"""The only writers of the choice of a house: candidates, answers, weights, wishes, decision."""

from typing import Any
from uuid import uuid4

from django.db import transaction

from varangian.kernel.clock import now
from varangian.kernel.results import Conflict, Refused
from varangian.operations.models import Operation
from varangian.platform.access.scope import Actor, require
from varangian.platform.live.services import publish
from varangian.platform.news.services import announce

from ..models import StayChoice
from ..queries import stays as queries
from ..shapes.stays import matrix_shape
from ..stays.library import KINDS, NO, YES, Item, StayLibrary, Veto, said_item, stays

MOST_HOUSES, MOST_WISHES = 12, 20
HEAVIEST = 10.0
ENDED = ("closed", "cancelled")


@transaction.atomic
def begin_choice(*, actor: Actor, operation: Operation, kind: str, title: str) -> StayChoice:
    """A hotel or a restaurant is to be found for this operation."""
    require(actor, "choice.change", operation.compartment_id)
    if kind not in KINDS:
        raise Refused("A hotel or a restaurant is chosen here", kind, ", ".join(KINDS))
    if operation.state in ENDED:
        raise Refused(f"This operation is {operation.state}", where=operation.slug)
    made = StayChoice.objects.create(
        key_id=operation.key_id, compartment_id=operation.compartment_id, operation=operation,
        kind=kind, title=words("title", title, least=2, most=120), made_by_id=actor.pk,
        content={"candidates": [], "weights": {}, "wishes": []},
    )  # fmt: skip
    _tell(made, "begun", f"{KINDS[kind]} to be chosen: {made.title}", actor)
    return made


@transaction.atomic
def add_house(*, actor: Actor, choice: StayChoice, name: str = "", place: Any = None) -> StayChoice:
    """A place on record with its survey, or a name."""
    choice = _locked(actor, choice)
    content = choice.content
    if place is not None and place.kind != choice.kind:
        what = KINDS[choice.kind].lower()
        raise Refused(f"This place is no {what}", place.name, "Give the place its kind first.")
    name = words("name", place.name if place is not None else name, least=2, most=120)
    if any(row["name"].casefold() == name.casefold() for row in content["candidates"]):
        raise Refused("This house is in it already", where=name)
    if len(content["candidates"]) >= MOST_HOUSES:
        raise Refused(f"At most {MOST_HOUSES} houses are compared", where=choice.title)
    key = uuid4().hex[:8]
    row = {"key": key, "name": name, "place": str(place.pk) if place else None, "answers": {}}
    content["candidates"].append(row)
    return _keep(choice, content)


@transaction.atomic
def drop_house(*, actor: Actor, choice: StayChoice, house: str) -> StayChoice:
    choice = _locked(actor, choice)
    content = choice.content
    gone = _house(content, house)
    content["candidates"].remove(gone)
    return _keep(choice, content)


@transaction.atomic
def answer_item(
    *, actor: Actor, choice: StayChoice, house: str, item: str, value: str, note: str = ""
) -> StayChoice:
    """What somebody knows of a house. Empty: nobody knows, or the survey answers again."""
    choice = _locked(actor, choice)
    content = choice.content
    row = _house(content, house)
    value = _checked(stays(choice.kind), content, item, value)
    if value:
        row["answers"][item] = {
            "value": value, "note": words("note", note, most=200),
            "by": str(actor)[:80], "at": now().isoformat(),
        }  # fmt: skip
    else:
        row["answers"].pop(item, None)
    return _keep(choice, content)


def _checked(library: StayLibrary, content: dict[str, Any], item: str, value: str) -> str:
    value = (value or "").strip().lower()
    wishes = {row["key"] for row in content["wishes"]}
    one = None if item in wishes else said_item(library, item)
    if not value:
        return ""
    if one is None or isinstance(one, Veto):
        return _among(value, (YES, NO), item if one is None else one.title)
    if one.levels:
        return _among(value, tuple(level.id for level in one.levels), one.title)
    return _number(value, one)


def _among(value: str, known: tuple[str, ...], where: str) -> str:
    if value not in known:
        raise Refused("This is none of the answers", where, f"{', '.join(known)}, or nothing.")
    return value


def _number(value: str, one: Item) -> str:
    try:
        found = float(value.replace(",", "."))
    except ValueError:
        found = -1.0
    if not 0 <= found <= 10_000:
        raise Refused("This is no number that fits", one.title, f"Such as 12, in {one.unit}.")
    return f"{found:g}"


@transaction.atomic
def weigh(*, actor: Actor, choice: StayChoice, weights: dict[str, Any]) -> StayChoice:
    """0 leaves an item out of the order; it stays on the screen."""
    choice = _locked(actor, choice)
    content, library = choice.content, stays(choice.kind)
    known = {one.id for one in library.items}
    for key, given in weights.items():
        if key not in known:
            raise Refused("There is no such item to weigh", key, ", ".join(sorted(known)))
        content["weights"][key] = _weight(key, given)
    if not any(_all_weights(library, content)):
        raise Refused("With no weight at all there is no order", mend="Leave one above 0.")
    return _keep(choice, content)


def _all_weights(library: StayLibrary, content: dict[str, Any]) -> list[float]:
    return [content["weights"].get(one.id, one.weight) for one in library.items]


def _weight(key: str, given: Any) -> float:
    try:
        found = float(given)
    except (TypeError, ValueError):
        found = -1.0
    if not 0 <= found <= HEAVIEST:
        raise Refused(f"A weight is a number from 0 to {HEAVIEST:g}", key)
    return round(found, 3)


@transaction.atomic
def add_wish(
    *, actor: Actor, choice: StayChoice, words: str, must: bool = False, weight: Any = 3
) -> StayChoice:
    """What the principal asks for: a must rules houses out, else it weighs with the others."""
    choice = _locked(actor, choice)
    content = choice.content
    if len(content["wishes"]) >= MOST_WISHES:
        raise Refused(f"At most {MOST_WISHES} wishes", where=choice.title)
    asked = _words("wish", words, least=2, most=120)
    weighs = 0.0 if must else _weight("wish", weight)
    row = {"key": f"wish-{uuid4().hex[:6]}", "words": asked, "must": must, "weight": weighs}
    content["wishes"].append(row)
    return _keep(choice, content)


@transaction.atomic
def drop_wish(*, actor: Actor, choice: StayChoice, wish: str) -> StayChoice:
    choice = _locked(actor, choice)
    content = choice.content
    rows = [row for row in content["wishes"] if row["key"] != wish]
    if len(rows) == len(content["wishes"]):
        raise Refused("There is no such wish", where=wish)
    content["wishes"] = rows
    for house in content["candidates"]:
        house["answers"].pop(wish, None)
    return _keep(choice, content)


@transaction.atomic
def choose_house(*, actor: Actor, choice: StayChoice, house: str, reason: str) -> StayChoice:
    """A named leader decides. What is ruled out cannot be taken; what is open is kept in words."""
    require(actor, "choice.decide", choice.compartment_id)
    if actor.is_system:
        raise Refused("Only a named person decides", mend="Use --as with an e-mail.")
    choice = _locked(actor, choice, "choice.decide")
    reason = words("reason", reason, least=3, most=400)
    row = _house(choice.content, house)
    table = queries.matrix(actor, choice)
    rated = table.row(row["key"])
    if rated is not None and rated.out:
        raise Refused(
            f"{row['name']} is ruled out", "; ".join(rated.out),
            "Take another house, or answer that line again if it has changed.",
        )  # fmt: skip
    choice.payload = {**matrix_shape(table), "frozen_at": now().isoformat()}
    choice.chosen, choice.reason = row["key"], reason
    choice.state, choice.decided_by, choice.decided_at = StayChoice.State.DECIDED, actor, now()
    choice.save()
    open_ = f", not cleared: {'; '.join(rated.open)}" if rated and rated.open else ""
    _tell(choice, "decided", f"{choice.title}: {row['name']} chosen{open_}", actor)
    return choice


@transaction.atomic
def drop_choice(*, actor: Actor, choice: StayChoice, reason: str) -> StayChoice:
    choice = _locked(actor, choice)
    choice.reason = words("reason", reason, least=3, most=400)
    choice.state = StayChoice.State.DROPPED
    choice.save()
    _tell(choice, "dropped", f"{choice.title} is not chosen any more", actor)
    return choice


def _locked(actor: Actor, choice: StayChoice, action: str = "choice.change") -> StayChoice:
    require(actor, action, choice.compartment_id)
    rows = StayChoice.objects.visible_to(actor).select_related("operation")
    found = rows.select_for_update(of=("self",)).get(pk=choice.pk)
    if found.state != StayChoice.State.OPEN:
        what = found.get_state_display().lower()
        raise Conflict(f"This choice is {what}", found.title, "Begin a new one.")
    return found


def _house(content: dict[str, Any], house: str) -> dict[str, Any]:
    """By its key or its name."""
    for row in content["candidates"]:
        if house in (row["key"], row.get("place")) or house.casefold() == row["name"].casefold():
            return row
    names = ", ".join(row["name"] for row in content["candidates"]) or "none yet"
    raise Refused("This house is not among them", house, f"There is: {names}.")


def _keep(choice: StayChoice, content: dict[str, Any]) -> StayChoice:
    choice.content = content
    choice.save(update_fields=["content"])
    publish(topic="stays", kind="changed", record=choice.pk, compartment_id=choice.compartment_id)
    return choice


def words(where: str, given: str, *, least: int = 0, most: int) -> str:
    text = " ".join((given or "").replace("\x00", "").split())
    if len(text) < least:
        raise Refused("Say it in words", where=where)
    if len(text) > most:
        raise Refused(f"At most {most} signs", where=where)
    return text


_words = words
"""For functions one of whose arguments has that name."""


def _tell(choice: StayChoice, event: str, text: str, actor: Actor) -> None:
    announce(
        topic="stays", event=event, text=text, compartment_id=choice.compartment_id,
        operation_id=choice.operation_id, record=("stay_choice", choice.pk), actor=actor,
    )  # fmt: skip
