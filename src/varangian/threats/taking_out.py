"""How an original leaves the house: as a file that no browser opens by itself."""

from django.http import HttpResponse


def as_file(data: bytes, label: str, name: str) -> HttpResponse:
    """Never shown by a browser, whatever it is; its own name is not trusted."""
    ending = name.rpartition(".")[2].lower()
    ending = ending if ending.isalnum() and ending.isascii() and len(ending) < 6 else "bin"
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{label}.{ending}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
