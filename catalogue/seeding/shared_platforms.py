"""National and shared platforms, each with the categories that a problem may have instead of a purchase."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

from catalogue.platforms.models import Category
from catalogue.problems.shared import SharedPlatform

from .files import Problem, Row, unique
from .rows import Report, changed, check, save


def load_shared_platforms(content: Any, report: Report, progress: Callable[[int, int], None]) -> None:
    rows: list[Row] = content["platforms"]
    leaves = dict(Category.objects.leaves_only().values_list("key", "pk"))
    check(
        chain(
            unique(report.file, rows),
            (
                Problem(report.file, row["key"], f"category {key!r} is not a leaf")
                for row in rows
                for key in row["categories"]
                if key not in leaves
            ),
        )
    )
    for row in changed(report, rows):
        values = {name: row[name] for name in ("name", "owner", "does", "basis", "sources")}
        platform = save(SharedPlatform, report, {"key": row["key"]}, values, row["key"])
        platform.categories.set([leaves[key] for key in row["categories"]])
