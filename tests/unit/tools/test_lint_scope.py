from pathlib import Path

import pytest
from tools.lint_scope import check

IMPORT = "from varangian.platform.access.scope import system_read\n"


def faults(root: Path, name: str, text: str) -> list[str]:
    path = root / "src" / "varangian" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return check(root)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("travel/pages.py", "def f(u):\n    return Route.objects.visible_to(u)\n"),
        ("travel/api.py", "def f():\n    return Route.objects.create(a=1)\n"),
        ("travel/pages/routes.py", "def f():\n    return Route._default_manager.all()\n"),
        ("travel/pages.py", "def f():\n    return get_object_or_404(Route, pk=1)\n"),
        (
            "travel/api.py",
            "def f():\n    return shortcuts.aget_object_or_404(models.Route, pk=1)\n",
        ),
        ("travel/queries.py", "def f():\n    return Route.objects.filter(a=1)\n"),
        ("travel/queries.py", "def f():\n    return Route.objects.all().visible_to(u)\n"),
        ("travel/queries.py", "def f():\n    return Route.objects.create(a=1)\n"),
        ("travel/queries.py", "def f():\n    return get(Route.objects)\n"),
        ("travel/services.py", "def f():\n    return Route.objects.get(pk=1)\n"),
        ("travel/services/routes.py", "def f():\n    return models.Route.objects.first()\n"),
        ("travel/services.py", "def f():\n    with connection.cursor() as c: pass\n"),
        ("travel/services.py", "class A:\n  def f(self):\n    return type(self).objects.all()\n"),
    ],
)
def test_a_read_that_starts_elsewhere_is_a_fault(tmp_path: Path, name: str, text: str) -> None:
    (fault,) = faults(tmp_path, name, text)
    assert fault.startswith(f"src/varangian/{name}:{2 if 'class' not in text else 3}: ")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("travel/queries.py", "def f(u):\n    return Route.objects.visible_to(u).filter(a=1)\n"),
        ("travel/services.py", "def f(u):\n    Route.objects.visible_to(u).select_for_update()\n"),
        ("travel/services.py", "def f():\n    return Route.objects.create(a=1)\n"),
        ("travel/pages.py", "def f(u):\n    return get_object_or_404(routes(u), pk=1)\n"),
        ("travel/pages.py", "def f(u):\n    return page.cursor\n"),
        ("travel/models.py", "x = Route.objects.all()\n"),
        ("platform/audit/queries.py", "def f():\n    return Entry.objects.all()\n"),
        ("travel/tests_support.py", "x = Route.objects.all()\n"),
    ],
)
def test_what_is_allowed(tmp_path: Path, name: str, text: str) -> None:
    assert faults(tmp_path, name, text) == []


def test_the_line_is_that_of_the_manager_in_a_long_chain(tmp_path: Path) -> None:
    text = "def f():\n    return (\n        Route\n        .objects\n        .filter()\n    )\n"
    (fault,) = faults(tmp_path, "travel/queries.py", text)
    assert ":4: Route.objects.filter" in fault


REASON = '("the worker rescues its own jobs")'
READ = "def f():\n    return Route.objects.all()\n"
ESCAPED = f"@system_read{REASON}\n{READ}"
METHOD = f"class A:\n    @system_read{REASON}\n    def f(self): pass\n"


@pytest.mark.parametrize("name", ["travel/queries.py", "travel/services.py"])
def test_the_escape_with_a_reason_is_allowed(tmp_path: Path, name: str) -> None:
    assert faults(tmp_path, name, IMPORT + ESCAPED) == []


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("travel/queries.py", f"{IMPORT}@system_read(' ')\n{READ}", "reason"),
        ("travel/queries.py", f"{IMPORT}@system_read\n{READ}", "reason"),
        ("travel/queries.py", ESCAPED, "must be the one of"),
        ("travel/pages.py", IMPORT + ESCAPED, "no place in pages"),
        ("travel/queries.py", IMPORT + METHOD, "function of the module"),
    ],
)
def test_the_escape_used_wrongly_is_a_fault(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    assert any(says in fault for fault in faults(tmp_path, name, text))


def test_only_the_escaped_function_is_excused(tmp_path: Path) -> None:
    other = "def g():\n    return Route.objects.all()\n"
    (fault,) = faults(tmp_path, "travel/queries.py", IMPORT + ESCAPED + other)
    assert ":6: " in fault
