"""Sizes of source files: small things are read, large ones are only searched.

Prints the medians; fails on a module, function, script or template above its cap.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
MODULE_CAP = 400
FUNCTION_CAP = 60
ENGINE_FUNCTION_CAP = 80
SCRIPT_CAP = 400
TEMPLATE_CAP = 300
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Sizes:
    faults: list[str] = field(default_factory=list)
    modules: list[int] = field(default_factory=list)
    functions: list[int] = field(default_factory=list)


def files(root: Path, *patterns: str) -> Iterator[Path]:
    for pattern in patterns:
        for path in sorted((root / "src").rglob(pattern)):
            if "vendor" not in path.parts and path.is_file():
                yield path


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def check_module(path: Path, name: str, sizes: Sizes) -> None:
    text = path.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    if lines:
        sizes.modules.append(lines)
    if lines > MODULE_CAP:
        sizes.faults.append(f"{name}:{MODULE_CAP + 1}: {lines} lines, the cap is {MODULE_CAP}")
    cap = ENGINE_FUNCTION_CAP if "engines" in path.parts else FUNCTION_CAP
    for node in ast.walk(ast.parse(text, name)):
        if not isinstance(node, Function):
            continue
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        sizes.functions.append(length)
        if length > cap:
            told = f"{node.name}() has {length} lines, the cap is {cap}"
            sizes.faults.append(f"{name}:{node.lineno}: {told}")


def measure(root: Path) -> Sizes:
    sizes = Sizes()
    for path in files(root, "*.py"):
        if "migrations" not in path.parts:
            check_module(path, str(path.relative_to(root)), sizes)
    for cap, patterns in ((SCRIPT_CAP, ("*.js", "*.mjs")), (TEMPLATE_CAP, ("*.html",))):
        for path in files(root, *patterns):
            lines = line_count(path)
            if lines > cap:
                name = path.relative_to(root)
                sizes.faults.append(f"{name}:{cap + 1}: {lines} lines, the cap is {cap}")
    return sizes


def main() -> int:
    sizes = measure(ROOT)
    for fault in sizes.faults:
        print(fault)
    modules, functions = sizes.modules or [0], sizes.functions or [0]
    print(
        f"lint_size: {len(modules)} modules, median {median(modules):.0f} lines; "
        f"{len(functions)} functions, median {median(functions):.0f} lines"
    )
    return 1 if sizes.faults else 0


if __name__ == "__main__":
    sys.exit(main())
