"""The living pattern page: every component with made-up data, and the design tokens, read from the files in use."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .pattern_samples import samples

COMPONENTS = settings.BASE_DIR / "templates" / "components"
_TOKEN = re.compile(r"^\s*--([a-z0-9-]+):\s*(.+?);", re.MULTILINE)
_COMMENT = re.compile(r"\{#(.*?)#\}")
_REM = re.compile(r"([\d.]+)(rem|px)")
PX_A_REM = 16


@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    """Show what pages are made of. Nothing here is a real product."""
    shown = samples()
    components = [
        {
            "name": path.stem,
            "template": f"components/{path.name}",
            "takes": _takes(path),
            "samples": [{"says": says, "context": context} for says, context in shown.get(path.stem, [])],
        }
        for path in sorted(COMPONENTS.glob("*.html"))
    ]
    return render(request, "catalogue/patterns.html", {"components": components, "tokens": tokens()})


def _takes(path: Path) -> str:
    """Return what a component says of itself: the comments it begins with."""
    lines = path.read_text(encoding="utf-8").splitlines()
    opening = [found[1].strip() for line in lines if (found := _COMMENT.match(line))]
    return " ".join(opening)


@cache
def tokens() -> dict[str, list[dict[str, Any]]]:
    """Return the stylesheet's tokens by kind, as its first list gives them (light)."""
    css = Path(str(finders.find("catalogue/app.css"))).read_text(encoding="utf-8")
    root = css[css.index(":root {") : css.index("}", css.index(":root {"))]
    kinds: dict[str, list[dict[str, Any]]] = {"colours": [], "sizes": [], "texts": [], "others": []}
    for name, value in _TOKEN.findall(root):
        measured = _REM.fullmatch(value)
        if value.startswith("#"):
            kinds["colours"].append({"name": name, "value": value})
        elif name.startswith("text-"):
            kinds["texts"].append({"name": name, "value": value})
        elif measured and name.startswith(("space-", "radius-")):
            px = float(measured[1]) * (PX_A_REM if measured[2] == "rem" else 1)
            kinds["sizes"].append({"name": name, "value": value, "px": round(px)})
        else:
            kinds["others"].append({"name": name, "value": value})
    return kinds
