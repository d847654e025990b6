"""Data libraries: versioned YAML shipped with a package, replaceable by the customer.

A file of the same name in ``$VARANGIAN_HOME/library/`` replaces the whole shipped one.
"""

import os
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError
from yaml.composer import ComposerError
from yaml.nodes import MappingNode, Node, SequenceNode

from varangian.kernel.results import NotFound, Refused

MAX_BYTES = 2_000_000
PLAIN_WORDS = {
    "missing": "this field is missing",
    "extra_forbidden": "this field is not known",
    "string_type": "this should be text; put it in quotes",
}

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=400)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=60)]
Responsibility = Literal[
    "threat_assessment",
    "security_planning",
    "personal_protection",
    "crowd_management",
    "surveillance",
    "travel_security",
    "privacy_wellbeing",
]
Setting = Literal[
    "residence", "road", "foot", "flight", "venue", "public_event", "hotel", "online", "any"
]


class _PlainLoader(yaml.SafeLoader):
    """YAML without aliases: a few bytes of them can unfold into gigabytes."""

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise ComposerError(problem="aliases are not used here", problem_mark=mark)
        return super().compose_node(parent, index)


class Entry(BaseModel):
    """One item of a library file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Keyed(Entry):
    """An item other files refer to by its id."""

    id: Key


class LibraryFile(Entry):
    """A whole file: layout number, version of the content, day somebody last read it through."""

    format: Literal[1]
    version: str
    reviewed: date


def unique[T: Keyed](items: tuple[T, ...]) -> tuple[T, ...]:
    """Field validator: refuse a second item with the same id."""
    seen: set[str] = set()
    for index, item in enumerate(items):
        if item.id in seen:
            where = {"id": item.id, "at": index}
            raise PydanticCustomError("twice", "id '{id}' is used twice", where)
        seen.add(item.id)
    return items


def pick[T: Keyed](items: Iterable[T], key: str, kind: str) -> T:
    """The item with this id; ``kind`` is the word for it in the refusal."""
    known = {item.id: item for item in items}
    if key not in known:
        near = get_close_matches(key, known, n=3, cutoff=0.4) or list(known)[:8]
        raise NotFound(f"There is no {kind} '{key}'", mend=f"There is: {', '.join(near)}.")
    return known[key]


def load_yaml[M: BaseModel](package: str, name: str, model: type[M]) -> M:
    """Load ``name`` (e.g. "risks.yaml") from the customer's library folder, else from ``package``.

    Raises Refused with file, line and cure when it cannot be read or does not fit ``model``.
    """
    own = Path(os.environ.get("VARANGIAN_HOME", "var")) / "library" / name
    if own.is_file():
        return parse_yaml(_read(own), str(own), model)
    return parse_yaml(resources.files(package).joinpath(name).read_text("utf-8"), name, model)


def parse_yaml[M: BaseModel](text: str, file: str, model: type[M]) -> M:
    """Check ``text`` against ``model``; ``file`` is named in the refusal."""
    try:
        loader = _PlainLoader(text)
        node = loader.get_single_node()
        if not isinstance(node, MappingNode):
            mend = "Start it with 'format: 1'."
            raise Refused("The library file holds no fields", f"{file}, line 1", mend)
        _refuse_repeated_fields(node, file)
        data = loader.construct_document(node)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _unreadable(error, file) from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise _misfit(error.errors(include_url=False), node, file) from error


def _read(path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        mend = f"Keep it under {MAX_BYTES // 1_000_000} MB."
        raise Refused("The library file is too large", str(path), mend)
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise Refused(
            "The library file cannot be opened", str(path), "Give the service the right to read it."
        ) from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise Refused(
            "The library file is not UTF-8", f"{path}, line {line}", "Save it again as UTF-8."
        ) from error


def _unreadable(error: Exception, file: str) -> Refused:
    mark = getattr(error, "problem_mark", None)
    where = f"{file}, line {mark.line + 1}" if mark else file
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    mend = "Check indentation (spaces, no tabs) and put text with ': ' in quotes."
    return Refused(f"The library file is not valid YAML: {problem}", where, mend)


def _refuse_repeated_fields(node: Node, file: str) -> None:
    if isinstance(node, SequenceNode):
        for item in node.value:
            _refuse_repeated_fields(item, file)
    if isinstance(node, MappingNode):
        fields: set[str] = set()
        for key, value in node.value:
            if str(key.value) in fields:
                where = f"{file}, line {_line(key)}"
                raise Refused(f"Field '{key.value}' stands twice", where, "Keep one of the two.")
            fields.add(str(key.value))
            _refuse_repeated_fields(value, file)


def _misfit(errors: list[ErrorDetails], node: Node, file: str) -> Refused:
    first = errors[0]
    path = (*first["loc"], *_inside(first))
    line = _line(_walk(node, path))
    field = ".".join(str(part) for part in path) or "the file"
    words = PLAIN_WORDS.get(first["type"], first["msg"].removeprefix("Value error, "))
    more = f", and {len(errors) - 1} more" if len(errors) > 1 else ""
    return Refused(
        f"The library file does not fit: {field}: {words}{more}",
        f"{file}, line {line}",
        "Correct the line, or delete the file to return to the one that is shipped.",
    )


def _inside(error: ErrorDetails) -> tuple[int, ...]:
    at = error.get("ctx", {}).get("at")
    return () if at is None else (at,)


def _walk(node: Node, path: Iterable[Any]) -> Node:
    for part in path:
        if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
        elif isinstance(node, MappingNode):
            found = [value for key, value in node.value if key.value == str(part)]
            if not found:
                break
            node = found[0]
        else:
            break
    return node


def _line(node: Node) -> int:
    return node.start_mark.line + 1
