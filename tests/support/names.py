"""What a screen reader calls the controls of a page, worked out as browsers do for the ways this site names them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from lxml import html

_QUIET = ("hidden",)  # no control for anybody


def control_names(page: str) -> list[str]:
    """Return the name of each control in the page's main part; of one choice among several, with the question before it."""
    (main,) = html.fromstring(page).xpath("//main")
    controls = main.xpath(".//input | .//select | .//textarea | .//button")
    return [
        _name(main, one)
        for one in controls
        if one.get("type") not in _QUIET and not one.xpath("ancestor::*[@aria-hidden='true']")
    ]


def repeated(page: str) -> list[str]:
    """Return the names that more than one control has, and "" where a control has none."""
    counted = Counter(control_names(page))
    return [name for name, times in counted.items() if times > 1 or not name]


def _name(main: Any, control: Any) -> str:
    return " / ".join(filter(None, (_question(control), _own(main, control))))


def _own(main: Any, control: Any) -> str:
    if by := control.get("aria-labelledby"):
        return " ".join(_text(one) for key in by.split() for one in main.xpath("//*[@id=$key]", key=key))
    if said := control.get("aria-label"):
        return str(said)
    if control.tag == "button":
        return _text(control)
    labels = main.xpath("//label[@for=$key]", key=control.get("id", "")) + control.xpath("ancestor::label")
    return " ".join(map(_text, labels))


def _question(control: Any) -> str:
    if control.get("type") not in ("radio", "checkbox"):
        return ""
    return " ".join(map(_text, control.xpath("ancestor::fieldset[1]/legend")))


def _text(node: Any) -> str:
    return " ".join(node.text_content().split())
