from pathlib import Path

import pytest
from tools.lint_templates import check

NAME = "src/varangian/a/templates/a/x.html"


def faults(root: Path, text: str) -> list[str]:
    path = root / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return check(root)


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ("<script>go()</script>", "inline script"),
        ('<script type="module">go()</script>', "inline script"),
        ("<style>p{}</style>", "<style>"),
        ('<p style="color:red">x</p>', "style attribute"),
        ('<p onclick="go()">x</p>', "event handler"),
        ('<p hx-on:click="go()">x</p>', "event handler"),
        ('<a href="javascript:go()">x</a>', "javascript:"),
        ('<form method="post"><p>x</p></form>', "csrf_token"),
        ('<form method="POST">', "csrf_token"),
        ('<img src="a.png">', "alt"),
        ("<button><svg></svg></button>", "<button>"),
        ('<button>{% icon "x" %}</button>', "<button>"),
        ('<a href="/x"><svg></svg></a>', "<a>"),
        ('<input name="a">', "<input>"),
        ('<input id="a"><label for="b">x</label>', "<input>"),
        ('<select name="a"></select>', "<select>"),
        ("<textarea></textarea>", "<textarea>"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, html: str, says: str) -> None:
    (fault,) = faults(tmp_path, f"{{% load a %}}\n{{# one\ntwo #}}\n{html}\n")
    assert fault.startswith(f"{NAME}:4: ")
    assert says in fault


@pytest.mark.parametrize(
    "html",
    [
        '<script src="{% static "a.js" %}" type="module"></script>',
        '<script type="application/json">{}</script>',
        '<form method="post">{% csrf_token %}<button>Save</button></form>',
        '<form method="get"></form>',
        '<form method="post" data-bearer></form>',
        '<img src="a.png" alt="">',
        "<button><svg></svg>{{ name }}</button>",
        '<button>{% translate "Save" %}</button>',
        '<button aria-label="Close"><svg></svg></button>',
        '<label>Name <input name="a"></label>',
        '<label for="id_{{ f|default:"a" }}">x</label><input id="id_{{ f|default:"a" }}">',
        '<input type="hidden" name="a"><input type="submit">',
        "<input {{ attrs }}>",
        "<button><c-state /></button>",
        '<input aria-label="{% translate "Name" %}" {% if x %}checked{% endif %}>',
        '<!-- <p style="a"> --> {# <p style="a"> #}',
        "{% comment %}<script>x</script>{% endcomment %}",
        '<a href="/x"><img src="a" alt="Home"></a>',
    ],
)
def test_what_is_allowed(tmp_path: Path, html: str) -> None:
    assert faults(tmp_path, html) == []
