"""From seed rows to database rows, file by file. A file is one transaction. A row is written when the file changed it since it was loaded last, and left alone otherwise:
a second run changes nothing, and edits made on the site stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from catalogue.accounts.models import Organisation, OrganisationKind
from catalogue.common.text import canonical
from catalogue.lexicon.models import Abbreviation, Concept, OutsideExample, SynonymGroup
from catalogue.places.models import NameKind, Province, provinces_by_name
from catalogue.platforms import changes
from catalogue.platforms.capabilities import Capability
from catalogue.platforms.content import Content
from catalogue.platforms.models import Category, CategoryPhrase, CategoryRelation, Platform, Scheme
from catalogue.platforms.revisions import FieldRule
from catalogue.platforms.services import refresh_assurance
from catalogue.vetting.service_levels import ServiceLevel

from .agencies import load_agencies
from .criteria import load_criteria
from .files import BadSeeds, Problem, Row, read, unique
from .rows import Report
from .rows import changed as _changed
from .rows import check as _check
from .rows import replace as _replace
from .rows import save as _save
from .shared_platforms import load_shared_platforms

Progress = Callable[[str, int, int], None]  # file, rows done, rows in all


def load(folder: Path, progress: Progress = lambda file, done, total: None) -> Iterator[Report]:
    """Load every known file of the folder, in the order in which they refer to each other; yield a report each.

    A file with a problem is left out whole; the next ones are still tried.
    """
    for name, loader in LOADERS.items():
        if not (folder / name).exists():
            continue
        report = Report(name)
        try:
            content = read(folder / name)
            with transaction.atomic(), changes.batched():
                loader(content, report, lambda done, total, name=name: progress(name, done, total))  # type: ignore[misc]
        except BadSeeds as bad:
            report = Report(name, problems=bad.problems)
        except IntegrityError as error:  # a rule that only the database knows
            report = Report(name, problems=[Problem(name, "-", str(error))])
        yield report


def _provinces(content: Any, report: Report, progress: Callable[[int, int], None]) -> None:
    rows: list[Row] = content["provinces"]
    _check(unique(report.file, rows, "code"))
    for row in _changed(report, rows, key="code"):
        values = {
            "name": row["name"],
            "kind": row["kind"],
            "valid_from": date.fromisoformat(row["valid_from"]),
            "source": row["source"],
        }
        province = _save(Province, report, {"code": row["code"]}, values, row["code"])
        names = [
            {
                "kind": NameKind.FORMER.value,
                "name": former["name"],
                "old_code": former.get("old_code", ""),
                "valid_to": date.fromisoformat(former["valid_to"]),
            }
            for former in row["former"]
        ] + [
            {"kind": NameKind.ALIAS.value, "name": alias, "old_code": "", "valid_to": None}
            for alias in row.get("aliases", [])
        ]
        _replace(province.names, names)


def _categories(content: Any, report: Report, progress: Callable[[int, int], None]) -> None:
    groups: list[Row] = content["categories"]
    leaves = [(leaf, group) for group in groups for leaf in group["leaves"]]
    _check(unique(report.file, [*groups, *(leaf for leaf, _ in leaves)]))
    schemes = {key: {"key": key, **scheme} for key, scheme in content["schemes"].items()}
    _check(
        Problem(report.file, row["key"], f"basis {row['basis']!r} is not one of the schemes")
        for row in [*groups, *(leaf for leaf, _ in leaves)]
        if row["basis"] not in schemes
    )
    for scheme in schemes.values():
        values = {"title": scheme["title"], "note": scheme.get("note", "")}
        Scheme.objects.update_or_create(key=scheme["key"], defaults=values)
    rows = [{**group, "leaves": None, "group": None, "at": at} for at, group in enumerate(groups)]
    rows += [{**leaf, "group": group["key"], "at": len(groups) + at} for at, (leaf, group) in enumerate(leaves)]
    for row in _changed(report, rows):
        values = {
            "parent": Category.objects.get(key=row["group"]) if row["group"] else None,
            "label_vi": row["label"]["vi"],
            "label_en": row["label"]["en"],
            "scheme_id": row["basis"],
            "scheme_item": row.get("basis_item"),
            "position": row["at"],
        }
        _save(Category, report, {"key": row["key"]}, values, row["key"])


def _vendors(content: Any, report: Report, progress: Callable[[int, int], None]) -> None:
    rows: list[Row] = content["vendors"]
    provinces, keys = provinces_by_name(), {row["key"] for row in rows}
    _check(
        problem
        for problems in (
            unique(report.file, rows),
            (
                Problem(report.file, row["key"], f"province {row['province']!r} is not known")
                for row in rows
                if "province" in row and canonical(row["province"]) not in provinces
            ),
            (
                Problem(report.file, row["key"], f"parent {row['parent']!r} is not a vendor of this file")
                for row in rows
                if row.get("parent", row["key"]) not in keys
            ),
        )
        for problem in problems
    )
    changed: list[Row] = []
    spoken_for = _spoken_for(keys)
    for row in _changed(report, rows):
        if row["key"] in spoken_for:
            continue
        changed.append(row)
        values = {
            "kind": OrganisationKind.VENDOR.value,
            "name": row["name"],
            "short_name": row["short_name"],
            "legal_form": row["legal_form"],
            "firm_type": row["kind"],
            "website": row.get("website") or "",
            "province_id": provinces[canonical(row["province"])] if "province" in row else None,
            "sources": row["sources"],
        }
        vendor = _save(Organisation, report, {"key": row["key"]}, values, row["key"])
        if vendor.shown_since is None:
            vendor.shown_since = timezone.now()
            vendor.save(update_fields=["shown_since", "updated_at"])
    for row in changed:  # a parent may stand below its member
        vendor = Organisation.objects.get(key=row["key"])
        vendor.parent = Organisation.objects.get(key=row["parent"]) if "parent" in row else None
        vendor.save(update_fields=["parent", "updated_at"])


def _spoken_for(keys: set[str]) -> set[str]:
    """Those that people manage here: what a seed file says of them yields to what they say themselves."""
    return set(Organisation.objects.filter(key__in=keys, memberships__isnull=False).values_list("key", flat=True))


def _leaf_needs(content: Any, report: Report, progress: Callable[[int, int], None]) -> None:
    leaves: dict[str, Row] = content["leaves"]
    known = {category.key: category for category in Category.objects.leaves_only()}
    _check(
        Problem(report.file, key, f"{other!r} is not a leaf of the categories")
        for key, row in leaves.items()
        for other in [key, *(entry["leaf"] for entry in [*row["not"], *row["related"]])]
        if other not in known
    )
    for row in _changed(report, [{"key": key, **row} for key, row in leaves.items()]):
        leaf = known[row["key"]]
        phrases = [
            *({"kind": "need", "text": text, "position": at} for at, text in enumerate(row["needs"])),
            *({"kind": "term", "text": text, "position": at} for at, text in enumerate(row["terms"])),
            *(
                {"kind": "confusion", "text": entry["text"], "instead": known[entry["leaf"]], "position": at}
                for at, entry in enumerate(row["not"])
            ),
        ]
        relations = [
            {"related": known[entry["leaf"]], "weight": entry["weight"], "reason": entry["reason"]}
            for entry in row["related"]
        ]
        new = not leaf.phrases.exists()
        leaf.phrases.all().delete()
        leaf.relations.all().delete()
        # Thousands of rows, announced once.
        CategoryPhrase.objects.bulk_create([CategoryPhrase(category=leaf, **values) for values in phrases])
        CategoryRelation.objects.bulk_create([CategoryRelation(category=leaf, **values) for values in relations])
        changes.record([changes.EVERYTHING])
        report.added += new
        report.updated += not new


def _platforms(content: Any, report: Report, progress: Callable[[int, int], None]) -> None:
    rows: list[Row] = content["platforms"]
    read_on = date.fromisoformat(content["compiled_on"])
    vendors = dict(Organisation.objects.vendors().values_list("key", "pk"))
    leaves = dict(Category.objects.leaves_only().values_list("key", "pk"))
    _check(
        problem
        for problems in (
            unique(report.file, rows),
            (
                Problem(report.file, row["key"], f"vendor {row['vendor']!r} is not known")
                for row in rows
                if row["vendor"] not in vendors
            ),
            (
                Problem(report.file, row["key"], f"category {key!r} is not a leaf of the categories")
                for row in rows
                for key in [row["category"], *row["also"]]
                if key not in leaves
            ),
        )
        for problem in problems
    )
    for at, row in enumerate(_changed(report, rows, content["compiled_on"]), start=1):
        platform = _save(Platform, report, {"slug": row["key"]}, _platform_values(row, vendors, leaves), row["key"])
        evidence = [
            {
                "kind": entry["kind"],
                "title": entry["title"],
                "year": entry["year"],
                "url": entry["url"] or "",
                "note": entry["note"] or "",
                "seen_on": read_on,
            }
            for entry in row["evidence"]
        ]
        _replace(platform.evidence, evidence)
        platform.also.set(leaves[key] for key in row["also"])
        refresh_assurance(platform)
        platform.listed_at = platform.listed_at or timezone.now()
        platform.save(update_fields=["assurance", "assured_on", "listed_at", "updated_at"])
        progress(at, len(rows))


def _platform_values(row: Row, vendors: dict[str, int], leaves: dict[str, int]) -> dict[str, Any]:
    pricing = row["pricing"]
    return {
        "name": row["name"],
        "vendor_id": vendors[row["vendor"]],
        "category_id": leaves[row["category"]],
        "summary": row["summary"],
        "description": row["description"],
        "capabilities": row["capabilities"],
        "solves": row["solves"],
        "customers": row["customers"],
        "deployment": row["deployment"],
        "pricing_model": pricing["model"],
        "pricing_note": pricing["note"] or "",
        "price_min": pricing["vnd_min"],
        "price_max": pricing["vnd_max"],
        "price_unit": pricing["unit"] or "",
        "status": row["status"],
        "launched": row["launched"],
        "website": row["website"] or "",
        "sources": row["sources"],
    }


def _capabilities(content: Any, report: Report, progress: Callable[[int, int], None]) -> None:
    rows: list[Row] = content["capabilities"]
    leaves = dict(Category.objects.leaves_only().values_list("key", "pk"))
    _check(
        problem
        for problems in (
            unique(report.file, rows),
            (
                Problem(report.file, row["key"], f"category {key!r} is not a leaf of the categories")
                for row in rows
                for key in row["categories"]
                if key not in leaves
            ),
        )
        for problem in problems
    )
    for row in _changed(report, rows):
        values = {"label": row["label"], "sources": row["listings"]}
        capability = _save(Capability, report, {"key": row["key"]}, values, row["key"])
        capability.categories.set(leaves[key] for key in row["categories"])


def _field_rules(content: Any, report: Report, progress: Callable[[int, int], None]) -> None:
    rows: list[Row] = content["fields"]
    _check(unique(report.file, rows, "field"))
    _check(
        Problem(report.file, row["field"], "is not a field that vendors write")
        for row in rows
        if row["field"] not in Content.model_fields
    )
    for row in _changed(report, rows, key="field"):
        values = {"material": row["material"], "reason": row["reason"]}
        _save(FieldRule, report, {"field": row["field"]}, values, row["field"])


def _service_levels(content: Any, report: Report, progress: Callable[[int, int], None]) -> None:
    rows: list[Row] = content["steps"]
    _check(unique(report.file, rows, "step"))
    for row in _changed(report, rows, key="step"):
        values = {name: row[name] for name in ("days", "warn_days", "reason", "reason_en")}
        _save(ServiceLevel, report, {"step": row["step"]}, values, row["step"])


def _abbreviations(content: Any, report: Report, progress: Callable[[int, int], None]) -> None:
    rows: list[Row] = content["abbreviations"]
    _check(unique(report.file, rows, "short"))
    for row in _changed(report, rows, key="short"):
        values = {
            "also": row.get("also", []),
            "expansions": row["expansions"],
            "contexts": row.get("contexts", {}),
            "default": row.get("default") or "",
            "field": row["field"],
            "source": row["source"],
        }
        _save(Abbreviation, report, {"short": row["short"]}, values, row["short"])


def _synonyms(content: Any, report: Report, progress: Callable[[int, int], None]) -> None:
    rows: list[Row] = content["groups"]
    _check(unique(report.file, rows))
    for row in _changed(report, rows):
        values = {name: row[name] for name in ("kind", "terms", "reason", "source")}
        _save(SynonymGroup, report, {"key": row["key"]}, values, row["key"])


def _concepts(content: Any, report: Report, progress: Callable[[int, int], None]) -> None:
    rows: list[Row] = content["concepts"]
    _check(unique(report.file, rows))
    for row in _changed(report, rows):
        values = {name: row[name] for name in ("problem", "capability", "reason", "source")}
        _save(Concept, report, {"key": row["key"]}, values, row["key"])


def _outside(content: Any, report: Report, progress: Callable[[int, int], None]) -> None:
    rows: list[Row] = content["statements"]
    _check(unique(report.file, rows, "id"))
    for row in _changed(report, rows, key="id"):
        _save(OutsideExample, report, {"key": row["id"]}, {"kind": row["kind"], "text": row["text"]}, row["id"])


LOADERS: dict[str, Callable[[Any, Report, Callable[[int, int], None]], None]] = {
    "provinces.yaml": _provinces,
    "agencies.yaml": load_agencies,
    "categories.yaml": _categories,
    "vendors.yaml": _vendors,
    "leaf_needs.yaml": _leaf_needs,
    "platforms.yaml": _platforms,
    "capabilities.yaml": _capabilities,
    "field_rules.yaml": _field_rules,
    "criteria.yaml": load_criteria,
    "service_levels.yaml": _service_levels,
    "abbreviations.yaml": _abbreviations,
    "synonyms.yaml": _synonyms,
    "concepts.yaml": _concepts,
    "out_of_scope.yaml": _outside,
    "shared_platforms.yaml": load_shared_platforms,
}
