"""The service worker: which files make up the screen Now, and when they have changed."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static

from varangian import __version__
from varangian.platform.ui.templatetags.varangian import vendor

HERE = Path(__file__).parent / "static" / "phone"
STYLES = ("css/varangian.css", "css/parts.css", "phone/phone.css", "map/map.css")
PICTURES = ("img/mark.svg", "map/world.pmtiles", "phone/icon-192.png", "phone/badge-96.png")
MANIFEST = {
    "id": "/m/",
    "name": "Varangian",
    "short_name": "Varangian",
    "description": "The running detail on a phone",
    "start_url": "/m/",
    "scope": "/m/",
    "display": "standalone",
    "orientation": "portrait",
    "background_color": "#0b1118",
    "theme_color": "#0b1118",
    "icons": [
        {"src": "/static/img/mark.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
        *(
            {
                "src": f"/static/phone/{name}.png",
                "sizes": f"{side}x{side}",
                "type": "image/png",
                "purpose": purpose,
            }
            for name, side, purpose in (
                ("icon-192", 192, "any"),
                ("icon-512", 512, "any"),
                ("icon-maskable-512", 512, "maskable"),
            )
        ),
    ],
}


VENDORED = (
    *("tabler.min.css", "maplibre-gl.css", "icons.svg"),
    *("maplibre-gl.mjs", "maplibre-gl-worker.mjs", "pmtiles.mjs"),
)
WORKER = "/m/map-worker.mjs"
"""The script of the map's own worker, at an address that the service worker answers for."""


def files() -> list[str]:
    """Names under /static/, without the vendored ones, which carry their version."""
    scripts = sorted(path.name for path in HERE.glob("*.js") if path.name != "sw.js")
    return [
        *[f"phone/{name}" for name in scripts],
        *(
            "js/theme-early.js",
            "map/style.js",
            "map/city.js",
            "vendor/maplibre-gl.js",
            "vendor/pmtiles.js",
        ),
        *STYLES,
        *PICTURES,
        *_of_slide(),
    ]


def _of_slide() -> list[str]:
    """The duress slide stands on this screen and must be there before all else."""
    found = (HERE.parent / "duress").glob("*.*s")
    return sorted(f"duress/{path.name}" for path in found)


def map_worker() -> bytes:
    name = unquote(vendor("maplibre-gl-worker.mjs")).removeprefix(settings.STATIC_URL)
    return Path(str(finders.find(name))).read_bytes()


@cache
def text() -> str:
    """The script with its version: another file, or a changed one, makes phones fetch anew."""
    vendored = [vendor(name) for name in VENDORED if name != "maplibre-gl-worker.mjs"]
    shell = ["/m/", WORKER, *[unquote(path) for path in (*map(static, files()), *vendored)]]
    version = sha256(__version__.encode())
    for name in files():
        version.update(Path(str(finders.find(name))).read_bytes())
    template = HERE.parent.parent / "templates" / "protection" / "phone" / "now.html"
    version.update(template.read_bytes())
    head = f"const VERSION = {json.dumps(version.hexdigest()[:16])};\n"
    head += f"const SHELL = {json.dumps(shell)};\n"
    return head + (HERE / "sw.js").read_text()
