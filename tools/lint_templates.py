"""Templates: nothing the content security policy would refuse, and nothing without a name.

No inline script, style or event handler; every posting form has its CSRF token; every image has
alt; every control has a label.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from template_source import VARIABLE, Reader, templates

ROOT = Path(__file__).resolve().parent.parent
NAMES = {"aria-label", "aria-labelledby", "title"}
CONTROLS = {"input", "select", "textarea"}
SELF_NAMED = {"hidden", "submit", "reset", "image"}
BEARER = "data-bearer"
"""The secret address of the page is the whole authority: no cookie, so nothing to forge."""
DATA_SCRIPTS = {"application/json", "application/ld+json"}
Attributes = list[tuple[str, str | None]]


class Form:
    def __init__(self, line: int, posts: bool) -> None:
        self.line = line
        self.posts = posts
        self.token = False


class Named:
    """A button or link while it is open: does anything inside give it a name?"""

    def __init__(self, tag: str, line: int, named: bool) -> None:
        self.tag = tag
        self.line = line
        self.named = named


class Page(Reader):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open_named: list[Named] = []
        self.labels_open = 0
        self.label_targets: set[str] = set()
        self.unlabelled: list[tuple[int, str, str]] = []

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        values = {name: value or "" for name, value in attrs}
        self.check_policy(tag, values)
        if tag == "form":
            posts = values.get("method", "").lower() == "post" and BEARER not in values
            self.forms.append(Form(self.getpos()[0], posts))
        elif tag == "label":
            self.labels_open += 1
            self.label_targets.add(values.get("for", ""))
        elif tag == "img":
            self.check_image(values)
        elif tag in CONTROLS:
            self.check_control(tag, values)
        elif tag == "button" or (tag == "a" and "href" in values):
            self.open_named.append(Named(tag, self.getpos()[0], is_named(values)))
        if tag.startswith("c-"):
            self.name_open()

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.forms:
            form = self.forms.pop()
            if form.posts and not form.token:
                self.fault("a posting form without {% csrf_token %}", form.line)
        elif tag == "label":
            self.labels_open = max(0, self.labels_open - 1)
        elif self.open_named and self.open_named[-1].tag == tag:
            last = self.open_named.pop()
            if not last.named:
                self.fault(f"<{tag}> has no text and no aria-label", last.line)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.name_open()

    def name_open(self) -> None:
        for item in self.open_named:
            item.named = True

    def check_policy(self, tag: str, values: dict[str, str]) -> None:
        if tag == "script" and "src" not in values and values.get("type") not in DATA_SCRIPTS:
            self.fault("an inline script: put it in a file under static/")
        if tag == "style":
            self.fault("an inline <style>: put it in a stylesheet")
        for name, value in values.items():
            if name == "style":
                self.fault(f"a style attribute on <{tag}>: use a class")
            elif name.startswith(("on", "hx-on")) and value:
                self.fault(f"an event handler {name} on <{tag}>: listen in a module")
            elif value.strip().lower().startswith("javascript:"):
                self.fault(f"a javascript: address in {name}")

    def check_image(self, values: dict[str, str]) -> None:
        if "alt" not in values and not has_unknown(values):
            self.fault('an image without alt (alt="" when it only decorates)')
        if values.get("alt"):
            self.name_open()

    def check_control(self, tag: str, values: dict[str, str]) -> None:
        if values.get("name") == "csrfmiddlewaretoken" and self.forms:
            self.forms[-1].token = True
        kind = values.get("type", "")
        if kind in SELF_NAMED or (kind == "button" and values.get("value")):
            return
        if not (is_named(values) or self.labels_open):
            self.unlabelled.append((self.getpos()[0], tag, values.get("id", "")))

    def close(self) -> None:
        super().close()
        for form in self.forms:
            if form.posts and not form.token:
                self.fault("a posting form without {% csrf_token %}", form.line)
        for line, tag, identity in self.unlabelled:
            if not identity or identity not in self.label_targets:
                self.fault(f"<{tag}> has no <label> and no aria-label", line)


def has_unknown(values: dict[str, str]) -> bool:
    """`<input {{ attrs }}>`: what the component is given cannot be seen here."""
    return any(name.startswith(VARIABLE) for name in values)


def is_named(values: dict[str, str]) -> bool:
    return any(values.get(name) for name in NAMES) or has_unknown(values)


def check(root: Path) -> list[str]:
    faults = []
    for path in templates(root):
        found = Page().read(path.read_text(encoding="utf-8"))
        faults += [f"{path.relative_to(root)}:{line}: {message}" for line, message in found]
    return faults


def main() -> int:
    faults = check(ROOT)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
