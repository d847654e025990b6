import json
from pathlib import Path

import pytest
from tools import vendor

TOML = """
target = "static/vendor"
[[package]]
name = "@x/lib"
version = "1.2.3"
files = ["dist/lib.js"]
licence = "LICENSE"
module = "lib.js"
[package.sprite]
file = "icons.svg"
folder = "icons"
icons = ["bell"]
"""
SOURCES = {
    "dist/lib.js": b"lib",
    "LICENSE": b"free",
    "icons/bell.svg": b'<svg\n  a="b"\n>\n  <path d="M1 1" />\n</svg>\n',
}
FOLDER = "static/vendor/x-lib@1.2.3"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools/vendor.toml").write_text(TOML)
    wanted = vendor.read_wanted(tmp_path)
    (package,) = wanted["package"]
    files = vendor.taken(package, SOURCES, tmp_path)
    written = {f"x-lib@1.2.3/{name}": content for name, content in files.items()}
    for name, content in (written | vendor.indexes(wanted)).items():
        path = tmp_path / "static/vendor" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    lock = {"packages": [vendor.locked(package, b"archive", files)]}
    (tmp_path / "vendor.lock").write_text(json.dumps(lock))
    return tmp_path


def test_an_untouched_tree_is_as_locked(tree: Path) -> None:
    assert vendor.check(tree) == []


def test_a_changed_a_missing_and_a_foreign_file_are_each_named(tree: Path) -> None:
    (tree / FOLDER / "lib.js").write_bytes(b"evil")
    (tree / FOLDER / "LICENSE").unlink()
    (tree / FOLDER / "more.js").write_bytes(b"")
    assert sorted(vendor.check(tree)) == [
        f"{FOLDER}/LICENSE:1: missing",
        f"{FOLDER}/lib.js:1: differs from vendor.lock",
        f"{FOLDER}/more.js:1: not in vendor.lock",
    ]


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('"1.2.3"', '"1.3.0"', "1.2.3 is not 1.3.0"),
        ('["bell"]', '["bell", "x"]', "other files or icons"),
        ('["dist/lib.js"]', '["dist/lib.js", "dist/a.js"]', "other files or icons"),
        ('"@x/lib"', '"y"', "wanted but not locked"),
    ],
)
def test_a_lock_behind_the_wanted_list_is_told(
    tree: Path, before: str, after: str, says: str
) -> None:
    (tree / "tools/vendor.toml").write_text(TOML.replace(before, after))
    assert any(says in fault for fault in vendor.check(tree))


def test_the_sprite_holds_one_symbol_an_icon(tree: Path) -> None:
    text = (tree / FOLDER / "icons.svg").read_text()
    assert text.count("<symbol") == 1
    assert '<symbol id="bell"' in text
    assert '<path d="M1 1" /></symbol>' in text


def test_an_icon_the_package_lacks_stops_the_update(tree: Path) -> None:
    (package,) = vendor.read_wanted(tree)["package"]
    with pytest.raises(SystemExit, match="bell"):
        vendor.sprite({}, package["sprite"])


def test_the_tree_of_this_repository_is_as_locked() -> None:
    assert vendor.check(vendor.ROOT) == []
