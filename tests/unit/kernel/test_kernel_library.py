from typing import Annotated

import pytest
from pydantic import AfterValidator

from varangian.kernel.library import Keyed, LibraryFile, Line, load_yaml, parse_yaml, pick, unique
from varangian.kernel.results import NotFound, Refused

HEAD = 'format: 1\nversion: "1"\nreviewed: 2026-11-24\n'


class Item(Keyed):
    title: Line


class Items(LibraryFile):
    items: Annotated[tuple[Item, ...], AfterValidator(unique)]


def refusal(body: str, head: str = HEAD) -> Refused:
    with pytest.raises(Refused) as caught:
        parse_yaml(head + body, "items.yaml", Items)
    assert caught.value.mend
    return caught.value


def test_good_file_is_typed():
    loaded = parse_yaml(HEAD + "items:\n  - {id: a-1, title: First}\n", "items.yaml", Items)
    assert loaded.items[0].title == "First"
    assert loaded.version == "1"


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        ("items:\n  - {id: a, title: One thing}\n  - {id: a, title: Other}\n", 6, "used twice"),
        ("items:\n  - id: a\n    title: One thing\n    colour: red\n", 7, "not known"),
        ("items:\n  - id: a\n", 5, "field is missing"),
        ("items:\n  - id: a\n    title: 12\n", 6, "quotes"),
        ("items:\n  - id: Not A Slug\n    title: One thing\n", 5, "pattern"),
        ("items:\n  - id: a\n    title: One thing\n    id: b\n", 7, "stands twice"),
        ("items: []\nitems: []\n", 5, "stands twice"),
        ("items:\n  - id: a\n\ttitle: tab\n", 6, "not valid YAML"),
        ("items:\n  - id: a\n    title: Stop: look\n", 6, "not valid YAML"),
        ("more: &a [x, x]\nitems: [*a, *a]\n", 5, "aliases"),
    ],
)
def test_refusal_names_the_line(body, line, says):
    refused = refusal(body)
    assert refused.where == f"items.yaml, line {line}"
    assert says in refused.what


@pytest.mark.parametrize("text", ["", "just words", "- a\n- b\n", "# only a comment\n"])
def test_file_without_fields_is_refused(text):
    assert "no fields" in refusal(text, head="").what


@pytest.mark.parametrize(
    "head",
    [
        'format: 2\nversion: "1"\nreviewed: 2026-11-24\n',
        'format: 1\nversion: "1"\nreviewed: 2026-13-45\n',
    ],
)
def test_wrong_head_is_refused(head):
    refusal("items: []\n", head=head)


def test_executable_tags_are_refused():
    refusal("items: !!python/object/apply:os.getcwd []\n")


def test_deep_nesting_is_refused_not_a_crash():
    refusal("items: " + "[" * 5000 + "]" * 5000 + "\n")


def test_customer_file_takes_the_place_of_the_shipped_one(tmp_path, monkeypatch):
    monkeypatch.setenv("VARANGIAN_HOME", str(tmp_path))
    own = tmp_path / "library" / "kinds.yaml"
    own.parent.mkdir()
    own.write_bytes(b"\xef\xbb\xbf" + (HEAD + "items: [{id: own, title: Ours}]\n").encode())
    loaded = load_yaml("varangian.operations.library", "kinds.yaml", Items)
    assert [item.id for item in loaded.items] == ["own"]


def test_broken_customer_file_is_named_in_full(tmp_path, monkeypatch):
    monkeypatch.setenv("VARANGIAN_HOME", str(tmp_path))
    own = tmp_path / "library" / "kinds.yaml"
    own.parent.mkdir()
    own.write_bytes(HEAD.encode() + b"items:\n  - {id: a, title: Caf\xe9}\n")
    with pytest.raises(Refused) as caught:
        load_yaml("varangian.operations.library", "kinds.yaml", Items)
    assert caught.value.where == f"{own}, line 5"
    assert "UTF-8" in caught.value.what


def test_huge_customer_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("VARANGIAN_HOME", str(tmp_path))
    own = tmp_path / "library" / "kinds.yaml"
    own.parent.mkdir()
    own.write_text("# " + "x" * 2_000_001)
    with pytest.raises(Refused, match="too large"):
        load_yaml("varangian.operations.library", "kinds.yaml", Items)


def test_pick_of_unknown_id_is_not_found():
    with pytest.raises(NotFound, match="no item 'mdic'") as caught:
        pick([Item(id="medic", title="One thing"), Item(id="x", title="Other")], "mdic", "item")
    assert caught.value.mend == "There is: medic."
