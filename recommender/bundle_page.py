"""A bundle for people: who answers which need, and what is declared of how the products connect."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.safestring import SafeString

from . import wording

Highlight = Callable[[str, list[list[int]]], SafeString]


def shown(bundle: Mapping[str, Any], labels: Mapping[str, str], highlight: Highlight) -> dict[str, Any]:
    """Return what the page says of a bundle as it was recorded. labels: of the categories, by key."""
    members = {member["platform"]: wording.listing(member, labels) for member in bundle["members"]}
    names = {key: member["name"] for key, member in members.items()}
    return {
        "members": list(members.values()),
        "covers": [
            {
                "need": cover["need"],
                "member": members[cover["platform"]],
                "by_words": cover["basis"] == "words",
                "text": _said(cover["reason"], members[cover["platform"]], highlight),
                "source": wording.FIELDS[cover["reason"]["field"]],
            }
            for cover in bundle["covers"]
        ],
        "left": [{"need": left["need"], "why": wording.LEFT[left["why"]]} for left in bundle["left"]],
        "connections": [
            {
                "names": [names[key] for key in connection["platforms"]],
                "declared": [
                    {"what": wording.declared(said, names), "text": said["text"]} for said in connection["declared"]
                ],
            }
            for connection in bundle["connections"]
        ],
    }


def _said(reason: Mapping[str, Any], member: Mapping[str, Any], highlight: Highlight) -> str:
    return str(member["category"]) if reason["field"] == "category" else highlight(reason["text"], reason["marks"])
