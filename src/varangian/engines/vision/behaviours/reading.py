"""From a file of rules to behaviours; what does not fit is told with rule, key and mending."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from varangian.kernel.results import Refused

from ..model import Behaviour
from .ground import Ground, ground_of
from .making import Maker
from .profile import KINDS, Common, Head

MOST_BYTES = 1_000_000
MOST_RULES = 200
HELP = "See varangian behaviours schema."


@dataclass(frozen=True)
class Fault:
    what: str
    where: str
    mend: str


@dataclass(frozen=True)
class Read:
    behaviours: list[Behaviour]
    faults: list[Fault]
    notes: list[str]


def read(
    yaml_text: str, size: tuple[int, int] | None = None, *, began: float | None = None
) -> list[Behaviour]:
    """Behaviours of one camera, all of one scene. ``size``: width and height of the frames, else
    those of the file. ``began``: seconds since 1970 at second 0, when the source counts from 0.

    Raises Refused for the first fault.
    """
    found = look_over(yaml_text, size, began=began)
    if found.faults:
        first, more = found.faults[0], len(found.faults) - 1
        rest = f", and {more} more" if more else ""
        raise Refused(first.what + rest, first.where, first.mend)
    return found.behaviours


def look_over(
    yaml_text: str, size: tuple[int, int] | None = None, *, began: float | None = None
) -> Read:
    """The same, with every fault and with what one should know. Refused when nothing can be read"""
    document = _document(yaml_text)
    listed = document.get("rules")
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_RULES:
        mend = f"A list of 1 to {MOST_RULES} rules, each with id and rule. {HELP}"
        raise Refused("The file holds no rules", "rules", mend)
    head = _head({key: value for key, value in document.items() if key != "rules"})
    scale = _scale(head.picture, size or head.picture)
    maker = Maker(head, size or head.picture, _ground(head, scale), began)
    faults: list[Fault] = []
    behaviours: list[Behaviour] = []
    ids: set[str] = set()
    for number, given in enumerate(listed):
        try:
            said = _said(given, number)
            where = f"rules[{number}] {said.id}"
            if said.id in ids:
                raise Refused(f"The id {said.id} stands twice", where, "One id for each rule.")
            ids.add(said.id)
            behaviours.append(maker.make(said, where))
        except Refused as refused:
            faults.append(Fault(refused.what, refused.where, refused.mend))
    return Read(behaviours, faults, maker.notes())


def _ground(head: Head, scale: tuple[float, float]) -> Ground | None:
    if not head.ground:
        return None
    across, down = scale
    points = [(one.picture[0] * across, one.picture[1] * down) for one in head.ground]
    return ground_of(points, [one.metres for one in head.ground])


def _scale(drawn: tuple[int, int], size: tuple[int, int]) -> tuple[float, float]:
    if min(size) < 16:
        raise Refused(f"No picture has the size {size[0]} x {size[1]}", "size", "Width, height.")
    across, down = size[0] / drawn[0], size[1] / drawn[1]
    if abs(across / down - 1) > 0.03:
        raise Refused(
            f"The rules were drawn on {drawn[0]} x {drawn[1]}, the frames have "
            f"{size[0]} x {size[1]}, which is another shape",
            "picture",
            "Draw them on a frame of this stream, or cut the stream to the same shape.",
        )
    return across, down


class _Loader(yaml.SafeLoader):
    """Without aliases, which unfold into gigabytes, and without a key twice."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.composer.ComposerError(problem="aliases are not used", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and keys.count(key.value) > 1:
                what = f"the key {key.value} stands twice"
                raise yaml.constructor.ConstructorError(problem=what, problem_mark=key.start_mark)
        return super().construct_mapping(node, deep=deep)


def _document(text: str) -> dict[str, Any]:
    if len(text) > MOST_BYTES:
        raise Refused("The file of rules is too large", "", "Keep it under 1 MB.")
    try:
        document = yaml.load(text, _Loader)  # noqa: S506  (a SafeLoader)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or type(error).__name__
        mend = "Check indentation (spaces, no tabs) and put text with ': ' in quotes."
        raise Refused(f"The file is not valid YAML: {problem}", where, mend) from error
    if not isinstance(document, dict):
        raise Refused("The file holds no keys", "line 1", f"Start it with format: 1. {HELP}")
    return document


def _head(given: dict[Any, Any]) -> Head:
    try:
        return Head.model_validate(given)
    except ValidationError as error:
        raise _refused(error, "", Head) from error


def _said(given: Any, number: int) -> Common:
    where = f"rules[{number}]"
    if not isinstance(given, dict):
        raise Refused("This is no rule", where, f"Keys and values: id, rule, ... {HELP}")
    where = f"{where} {given['id']}" if isinstance(given.get("id"), str) else where
    kind = given.get("rule")
    if not isinstance(kind, str) or kind not in KINDS:
        near = get_close_matches(str(kind), KINDS, n=1) or sorted(KINDS)
        what = f"There is no rule {kind}" if kind else "The key rule is missing"
        raise Refused(what, f"{where}: rule", f"There is: {', '.join(near)}.")
    try:
        return KINDS[kind].model_validate(given)
    except ValidationError as error:
        raise _refused(error, where, KINDS[kind]) from error


def _refused(error: ValidationError, where: str, model: type[BaseModel]) -> Refused:
    first = error.errors(include_url=False)[0]
    key = ".".join(map(str, first["loc"]))
    place = ": ".join(part for part in (where, key) if part)
    return Refused(_what(first, key), place, _mend(first, key, model))


def _what(error: ErrorDetails, key: str) -> str:
    if error["type"] == "missing":
        return f"The key {key} is missing"
    if error["type"] == "extra_forbidden":
        return f"The key {key} is not known here"
    said = error["msg"].removeprefix("Value error, ")
    return f"{key} does not fit: {said[:1].lower()}{said[1:]}" if key else said


def _mend(error: ErrorDetails, key: str, model: type[BaseModel]) -> str:
    known = [field.alias or name for name, field in model.model_fields.items()]
    top = str(error["loc"][0]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        near = get_close_matches(key, known, n=1)
        return f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(known)}."
    hint = next((f.description for n, f in model.model_fields.items() if top in (n, f.alias)), None)
    if top in SHAPES:
        hint = SHAPES[top]
    return f"{top}: {hint}." if hint else HELP


SHAPES = {
    "area": "at least three corners, such as [[100, 400], [300, 400], [300, 200]]",
    "line": "two ends, such as [[100, 400], [300, 400]]",
    "ground": "points such as {picture: [100, 400], metres: [0, 0]}",
    "earth": "such as {zero: [60.16952, 24.93545], y_bearing: 40}",
    "picture": "width and height of the frame that was drawn on, such as [768, 432]",
}
