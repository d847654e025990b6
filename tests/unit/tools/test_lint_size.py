from pathlib import Path

import pytest
from tools.lint_size import measure


def write(root: Path, name: str, text: str) -> None:
    path = root / "src" / "varangian" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def function(lines: int) -> str:
    return "def f():\n" + "    pass\n" * (lines - 1)


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a/x.py", "a = 1\n" * 401, 401),
        ("a/x.py", "\n\n" + function(61), 3),
        ("engines/a/x.py", function(81), 1),
        ("a/static/x.js", "let a;\n" * 401, 401),
        ("a/templates/x.html", "<p>\n" * 301, 301),
    ],
)
def test_over_the_cap_is_a_fault_with_its_line(
    tmp_path: Path, name: str, text: str, line: int
) -> None:
    write(tmp_path, name, text)
    (fault,) = measure(tmp_path).faults
    assert fault.startswith(f"src/varangian/{name}:{line}: ")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a/x.py", "a = 1\n" * 400),
        ("a/x.py", function(60)),
        ("engines/a/x.py", function(80)),
        ("a/migrations/0001.py", "a = 1\n" * 500),
        ("ui/static/vendor/m@1/m.js", "let a;\n" * 900),
    ],
)
def test_at_the_cap_or_not_ours_is_none(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, name, text)
    assert measure(tmp_path).faults == []


def test_methods_and_inner_functions_are_measured_too(tmp_path: Path) -> None:
    write(
        tmp_path, "a/x.py", "class A:\n    def m(self):\n        def inner():\n            pass\n"
    )
    assert sorted(measure(tmp_path).functions) == [2, 3]
