"""Writes docs/reference/{commands,api}.md from the program itself; `check` fails when they lag."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "varangian.config.settings"
os.environ.setdefault("VARANGIAN_HOME", tempfile.mkdtemp(prefix="varangian-reference-"))
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
WRITTEN = "Written by `python tools/reference.py write`; do not edit."


def commands() -> str:
    import typer

    from varangian.config.commands import app

    root = typer.main.get_command(app)
    lines = [
        "# Commands",
        "",
        WRITTEN,
        "",
        "Data goes to standard output, words to standard error. Exit codes: 0 done, 1 refused with "
        "the reason, 2 wrong use. `--json` answers in JSON. `--as EMAIL` acts as that person.",
        "",
    ]
    for name, command in sorted(root.commands.items()):  # type: ignore[attr-defined]
        lines += [f"## {name}", "", *_lines(f"varangian {name}", command), ""]
    return "\n".join(lines)


def _lines(path: str, command: Any) -> list[str]:
    if not getattr(command, "commands", None):
        return [f"- `{path}{_arguments(command)}`: {_first(command)}"]
    return [
        line
        for name, inner in sorted(command.commands.items())
        for line in _lines(f"{path} {name}", inner)
    ]


def _arguments(command: Any) -> str:
    shown = []
    for parameter in command.params:
        if parameter.param_type_name == "argument":
            name = parameter.name.upper()
            shown.append(name if parameter.required else f"[{name}]")
        elif parameter.name not in ("help", "as_json"):
            flag = parameter.opts[0]
            shown.append(flag if parameter.required else f"[{flag}]")
    return "".join(f" {word}" for word in shown)


def _first(command: Any) -> str:
    return " ".join((command.help or "").split("\n\n")[0].split())


def api() -> str:
    from varangian.config.api import api as house

    schema = house.get_openapi_schema()
    lines = [
        "# API",
        "",
        WRITTEN,
        "",
        "Under `/api/v1`; the OpenAPI document is at `/api/v1/openapi.json`. Send "
        "`Authorization: Bearer vt_…`; tokens are scoped (read, or read and write) and expire. "
        "Lists take `limit` (at most 50) and `offset` and answer `items`, `count`, `next`. Writes "
        "take an `Idempotency-Key`; a repeat answers as the first did. Errors are problem+json "
        "with `title`, `detail` and `mend`.",
        "",
        "| method | path | what |",
        "|---|---|---|",
    ]
    for path, methods in schema["paths"].items():
        for method, about in methods.items():
            lines.append(f"| {method.upper()} | `{path}` | {about['summary']} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    import django

    django.setup()
    late = []
    for name, text in (("commands.md", commands()), ("api.md", api())):
        path = FOLDER / name
        if sys.argv[1:] == ["write"]:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            late.append(name)
    for name in late:
        print(f"docs/reference/{name}: lags behind the program; run tools/reference.py write")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
