"""Need-to-know: in a feature every read starts at `visible_to(user)`.

    pages, api   never touch a manager: they call the feature's queries and services
    queries      every use of a manager starts `X.objects.visible_to(...)`
    services     the same, or they create: `X.objects.create(...)`, `X.objects.bulk_create(...)`

The one way round is a module-level function in queries or services under `@system_read("reason")`
of varangian.platform.access.scope. Code inside it is not checked; its reason is read in review.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_FEATURES = {"platform", "kernel", "engines", "config"}
KINDS = {"pages", "api", "services", "queries"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
SHORTCUTS = {
    "get_object_or_404",
    "get_list_or_404",
    "aget_object_or_404",
    "aget_list_or_404",
}
CREATE = {"create", "bulk_create", "acreate", "abulk_create"}
SCOPE = "varangian.platform.access.scope"
ESCAPE = "system_read"
Function = ast.FunctionDef | ast.AsyncFunctionDef
Fault = tuple[int, str]


def kind_of(path: Path, package: Path) -> str | None:
    """`travel/pages.py` and `travel/pages/routes.py` are both pages; other modules are not ours."""
    feature, *rest = path.relative_to(package).with_suffix("").parts
    if feature in NOT_FEATURES or not rest:
        return None
    return next((part for part in rest if part in KINDS), None)


def escape_of(function: Function) -> ast.expr | None:
    for decorator in function.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        if name == ESCAPE:
            return decorator
    return None


def has_reason(decorator: ast.expr) -> bool:
    if not isinstance(decorator, ast.Call) or not decorator.args:
        return False
    reason = decorator.args[0]
    return (
        isinstance(reason, ast.Constant)
        and isinstance(reason.value, str)
        and bool(reason.value.strip())
    )


def is_imported(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and (
            (node.module == SCOPE and any(alias.name == ESCAPE for alias in node.names))
            or f"{node.module}.{node.names[0].name}" == SCOPE
        )
        for node in tree.body
    )


def escapes(tree: ast.Module, kind: str) -> Iterator[Fault]:
    """Faults in the use of the escape itself."""
    for node in ast.walk(tree):
        decorator = escape_of(node) if isinstance(node, Function) else None
        if decorator is None:
            continue
        if kind not in {"queries", "services"}:
            yield decorator.lineno, f"@{ESCAPE} has no place in {kind}: move the read to queries"
        elif node not in tree.body:
            yield (
                decorator.lineno,
                f"@{ESCAPE} only on a function of the module, not inside another",
            )
        if not has_reason(decorator):
            yield (
                decorator.lineno,
                f'@{ESCAPE} needs a reason: @{ESCAPE}("why nobody\'s rights apply")',
            )
        if not is_imported(tree):
            yield decorator.lineno, f"@{ESCAPE} must be the one of {SCOPE}"


def checked_nodes(tree: ast.Module, kind: str) -> Iterator[ast.AST]:
    """All nodes but those inside an escaped function."""
    for statement in tree.body:
        excused = isinstance(statement, Function) and escape_of(statement) is not None
        if not (excused and kind in {"queries", "services"}):
            yield from ast.walk(statement)


def reads(tree: ast.Module, kind: str) -> Iterator[Fault]:
    nodes = list(checked_nodes(tree, kind))
    followed = {id(node.value): node.attr for node in nodes if isinstance(node, ast.Attribute)}
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            fault = manager_fault(node, followed.get(id(node)), kind)
        elif isinstance(node, ast.Attribute) and is_cursor(node):
            fault = "plain SQL goes round visible_to(): put it in a function under @system_read"
        elif isinstance(node, ast.Call):
            fault = shortcut_fault(node)
        else:
            continue
        if fault:
            yield node.end_lineno or node.lineno, fault


def is_cursor(node: ast.Attribute) -> bool:
    """`connection.cursor` or `connections[...].cursor`."""
    value = node.value.value if isinstance(node.value, ast.Subscript) else node.value
    return node.attr == "cursor" and getattr(value, "id", "") in {"connection", "connections"}


def manager_fault(node: ast.Attribute, method: str | None, kind: str) -> str | None:
    model = ast.unparse(node.value)
    called = f"{model}.{node.attr}" + (f".{method}" if method else "")
    if kind in {"pages", "api"}:
        return f"{called} in {kind}: call the feature's queries or services"
    if node.attr == "objects" and method == "visible_to":
        return None
    if kind == "services" and method in CREATE:
        return None
    return f"{called}: start at {model}.objects.visible_to(user)"


def shortcut_fault(call: ast.Call) -> str | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name not in SHORTCUTS or not call.args:
        return None
    first = call.args[0]
    last = first.attr if isinstance(first, ast.Attribute) else getattr(first, "id", "")
    if last[:1].isupper():
        return f"{name}({last}, ...): give it a query that starts at visible_to(user)"
    return None


def check(root: Path) -> list[str]:
    package = root / "src" / "varangian"
    faults = []
    for path in sorted(package.rglob("*.py")):
        kind = kind_of(path, package)
        if kind is None or "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        name = path.relative_to(root)
        found = sorted({*escapes(tree, kind), *reads(tree, kind)})
        faults += [f"{name}:{line}: {message}" for line, message in found]
    return faults


def main() -> int:
    faults = check(ROOT)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
