"""``varangian measure propose|take|wishes``: which measures pay."""

from decimal import Decimal
from typing import Annotated, Any

import typer

from varangian.kernel.results import Refused
from varangian.platform.ui import console

from ..queries import paying
from ..services.wishes import set_wishes, take_set
from ..shapes.measures import measure_shape
from ..shapes.paying import paying_shape, wishes_shape
from .measures import COLUMNS, _decimal, measure

Money = Annotated[str | None, typer.Option(metavar="AMOUNT")]
Keys = Annotated[list[str] | None, typer.Option(help="M4, or an id of the library; repeat")]
Limit = Annotated[int | None, typer.Option(min=0)]


@measure.command("propose")
def propose(
    operation: str,
    budget_money: Money = None,
    budget_hours: Money = None,
    budget_people: Limit = None,
    day_fee: Annotated[
        str | None, typer.Option(help="fee of one officer a day: turns bands into money")
    ] = None,
    against: Annotated[str, typer.Option(help="cost of the frontier: money or hours")] = "money",
    must: Keys = None,
    point: Annotated[int | None, typer.Option(help="a set of the frontier, from 0")] = None,
    take: Annotated[
        bool, typer.Option("--take", help="propose its measures of the library")
    ] = False,
    as_json: console.AsJson = False,
) -> None:
    """The set that leaves least risk within a budget, the frontier, and why each is in or out."""
    if against not in ("money", "hours"):
        raise Refused("The frontier is against money or hours", where=against)
    with console.unit() as actor:
        found = paying.operation_to_weigh(actor, operation)
        ask = paying.Ask(
            money=_amount(budget_money, "--budget-money"),
            hours=_amount(budget_hours, "--budget-hours"),
            people=budget_people,
            day_fee=_amount(day_fee, "--day-fee"),
            axis=against,  # pyright: ignore
            must=frozenset(must or ()),
        )
        answer = paying_shape(paying.pay(actor, found, ask), point)
        if take and answer["chosen"]:
            keys = answer["chosen"]["measures"]
            added, refused = take_set(actor=actor, operation=found, keys=keys)
            answer["taken"] = [measure_shape(row, actor) for row in added]
            answer["refused"] = [{"id": key, "why": why} for key, why in refused]
    _emit(answer, as_json)


def _amount(words: str | None, name: str) -> Decimal | None:
    if words is None:
        return None
    value = _decimal(words, name)
    if not 0 <= value <= 10**9:
        raise Refused("An amount is not below zero, and below 1,000,000,000", where=name)
    return value


def _emit(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        console.emit(answer, True)
        return
    if answer["conflict"]:
        raise Refused("These wishes do not go together", where="; ".join(answer["conflict"]))
    console.say(f"{answer['before']} points now, {answer['meaning']}")
    console.emit(answer["frontier"], False, ("points", "money", "hours", "discomfort"))
    console.emit(answer["measures"], False, ("in", "measure", "points", "money", "hours", "why"))
    for note in answer["notes"]:
        console.say(note)
    if "taken" in answer:
        console.emit(answer["taken"], False, COLUMNS)


@measure.command("wishes")
def wishes(
    operation: str,
    refuse: Annotated[list[str] | None, typer.Option(metavar="MEASURE=WHY")] = None,
    accept: Keys = None,
    most: Annotated[int | None, typer.Option(help="discomfort of all together")] = None,
    each: Annotated[int | None, typer.Option(help="discomfort of any one, 0 to 3")] = None,
    agreed_with: Annotated[str | None, typer.Option()] = None,
    as_json: console.AsJson = False,
) -> None:
    """What the principal accepts of measures; with options, changes it."""
    with console.unit("what the principal accepts") as actor:
        found = paying.operation_to_weigh(actor, operation)
        held = paying.wishes_of(actor, found)
        if any(value is not None for value in (refuse, accept, most, each, agreed_with)):
            pairs = (one.partition("=") for one in refuse or ())
            refused = held["refused"] | {key.strip(): why.strip() for key, _, why in pairs}
            set_wishes(
                actor=actor,
                operation=found,
                refused={key: why for key, why in refused.items() if key not in (accept or ())},
                most=held["most"] if most is None else most,
                each=held["each"] if each is None else each,
                agreed_with=held["agreed_with"] if agreed_with is None else agreed_with,
            )
        row = wishes_shape(paying.wishes_of(actor, found))
    console.emit(row, as_json)


groups = {"measure": measure}
