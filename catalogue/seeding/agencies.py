"""Public bodies, their names of before, and the kinds of office that were renamed everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import chain
from typing import Any

from catalogue.accounts.models import LegalForm, Organisation
from catalogue.organisations.names import Renaming
from catalogue.places.models import NameKind, Province

from .files import Problem, Row, unique
from .rows import Report, changed, check, replace, save


def load_agencies(content: Any, report: Report, progress: Callable[[int, int], None]) -> None:
    """Load bodies that nobody speaks for; what the people of one have changed themselves is left alone."""
    rows: list[Row] = content["agencies"]
    vendors = set(Organisation.objects.vendors().values_list("key", flat=True))
    codes = set(Province.objects.values_list("code", flat=True))
    check(
        chain(
            unique(report.file, rows),
            unique(report.file, [row for row in rows if "domain" in row], "domain"),
            unique(report.file, content["renamings"], "former"),
            (Problem(report.file, row["key"], "is the key of a vendor") for row in rows if row["key"] in vendors),
            (
                Problem(report.file, row["key"], f"province {row['province']!r} is not known")
                for row in rows
                if row.get("province", next(iter(codes), "")) not in codes
            ),
        )
    )
    unclaimed = set(Organisation.objects.unclaimed().values_list("key", flat=True))
    known = set(Organisation.objects.values_list("key", flat=True))
    for row in changed(report, rows):
        if row["key"] in unclaimed or row["key"] not in known:
            _load(row, report)
    for row in changed(report, content["renamings"], key="former"):
        values = {"name": row["name"], "valid_to": date.fromisoformat(row["valid_to"]), "source": row["source"]}
        save(Renaming, report, {"former": row["former"]}, values, row["former"])


def _load(row: Row, report: Report) -> None:
    values = {
        "kind": row["kind"],
        "name": row["name"],
        "short_name": row.get("short_name", row["name"]),
        "legal_form": LegalForm.PUBLIC_BODY.value,
        "province_id": row.get("province"),
        "domain": row.get("domain"),
        "sources": row["sources"],
    }
    agency = save(Organisation, report, {"key": row["key"]}, values, row["key"])
    names = [
        {
            "kind": NameKind.FORMER.value,
            "name": former["name"],
            "valid_from": date.fromisoformat(former["valid_from"]) if "valid_from" in former else None,
            "valid_to": date.fromisoformat(former["valid_to"]),
            "source": former["source"],
        }
        for former in row.get("former", [])
    ] + [
        {"kind": NameKind.ALIAS.value, "name": alias, "source": "general knowledge of official writing"}
        for alias in row.get("aliases", [])
    ]
    replace(agency.names, names)
