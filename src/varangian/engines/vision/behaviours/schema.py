"""The JSON Schema of a file of rules, made from the models that read it."""

from typing import Any

from .profile import KINDS, Head


def schema() -> dict[str, Any]:
    whole = Head.model_json_schema(by_alias=True)
    definitions = whole.setdefault("$defs", {})
    rules = []
    for kind, model in KINDS.items():
        one = model.model_json_schema(by_alias=True)
        definitions.update(one.pop("$defs", {}))
        one["title"] = kind
        rules.append(one)
    whole["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    whole["title"] = "Rules of behaviour of one camera (varangian-behaviours/1)"
    whole["properties"]["rules"] = {"type": "array", "minItems": 1, "items": {"oneOf": rules}}
    whole["required"] = [*whole["required"], "rules"]
    return whole
