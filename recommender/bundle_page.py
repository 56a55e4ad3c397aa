"""A bundle for people: who answers which need, and what is declared of how the products connect."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from catalogue.platforms.choices import Assurance as AssuranceChoice

from . import wording

Highlight = Callable[[str, list[list[int]]], SafeString]


def shown(bundle: Mapping[str, Any], labels: Mapping[str, str], highlight: Highlight) -> dict[str, Any]:
    """Return what the page says of a bundle as it was recorded. labels: of the categories, by key."""
    members = {member["platform"]: _member(member, labels) for member in bundle["members"]}
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


def _member(member: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    level = AssuranceChoice(member["assurance"])
    return {
        "name": member["platform_name"],
        "url": reverse("platform", args=[member["platform"]]),
        "vendor": member["vendor_name"],
        "category": labels.get(member["category"], member["category"]),
        "assurance": {
            "level": level.value,
            "label": level.label,
            "date": date.fromisoformat(member["assured_on"]) if member["assured_on"] else None,
        },
    }
