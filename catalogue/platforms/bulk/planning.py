"""What a file would do: which products it begins, which it changes and in what, and what keeps it from doing so.

Nothing is written here. An empty cell leaves its field as it is; `cells.CLEAR` empties it. The rows of a product in the
tables of packages and evidence are the whole list, in their order.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel

from catalogue.accounts.models import Organisation
from catalogue.common.text import canonical, one_line
from catalogue.platforms.content import Content, ContentInvalid, Fields, changed, missing, parse
from catalogue.platforms.editing import check_references, standing
from catalogue.platforms.models import Platform
from catalogue.platforms.revisions import Revision, RevisionState

from .cells import CellRefused, Names, clears, unguarded, value_of
from .columns import EVIDENCE, PACKAGES, PRODUCTS, TABLES, Table
from .opening import LONGEST_CELL, Row, Tables


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell, or with a row when `column` is ""."""

    table: str
    row: int
    column: str
    sentence: str

    @property
    def sheet(self) -> str:
        return str(TABLES[self.table].title)

    @property
    def heading(self) -> str:
        return str(TABLES[self.table].column(self.column).label) if self.column else ""

    @property
    def place(self) -> str:
        """Say where: "Sản phẩm, dòng 5, cột Năm ra mắt"."""
        where = {"sheet": self.sheet, "row": self.row, "column": self.heading}
        if not self.column:
            return _("%(sheet)s, dòng %(row)d") % where
        return _("%(sheet)s, dòng %(row)d, cột “%(column)s”") % where


@dataclass(frozen=True, slots=True)
class Planned:
    """One product of the file. `platform` and `before` are None for a new one; `fields` differ, none when nothing does."""

    row: int
    platform: Platform | None
    before: Content | None
    after: Content
    fields: tuple[str, ...]

    @property
    def lacking(self) -> list[str]:
        """Name the fields that it must still be given before it can be handed in."""
        return missing(self.after)


@dataclass(frozen=True, slots=True)
class Plan:
    planned: list[Planned]
    problems: list[Problem]

    @property
    def created(self) -> list[Planned]:
        return [one for one in self.planned if one.platform is None]

    @property
    def changed(self) -> list[Planned]:
        return [one for one in self.planned if one.platform and one.fields]

    @property
    def unchanged(self) -> list[Planned]:
        return [one for one in self.planned if one.platform and not one.fields]

    @property
    def digest(self) -> str:
        """Return what tells this plan from any other: of another file, or of products that meanwhile say something else."""
        said = [
            [one.platform.slug if one.platform else "", one.before and one.before.as_json(), one.after.as_json()]
            for one in self.planned
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@dataclass
class _Target:
    """A product while its rows are gathered. `parts`: by table, the rows with their values."""

    table: str
    row: int
    platform: Platform | None
    before: Content | None
    values: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, list[tuple[int, dict[str, Any]]]] = field(default_factory=dict)

    def place(self, path: str, sentence: str) -> Problem:
        """Return the problem of a path of the content ("packages.0.price_max") at the cell that it came from."""
        first, *rest = path.split(".")
        if first in TABLES and self.parts.get(first):
            rows = self.parts[first]
            with_file = next((n for n, (_row, values) in enumerate(rows) if values.get("document")), 0)
            at = int(rest[0]) if rest and rest[0].isdigit() and int(rest[0]) < len(rows) else with_file
            keys = {column.key for column in TABLES[first].columns}
            column = rest[-1] if rest and rest[-1] in keys else ""
            return Problem(first, rows[at][0], column, sentence)
        known = self.table == PRODUCTS.name and first in {column.key for column in PRODUCTS.columns}
        return Problem(self.table, self.row, first if known else "", sentence)


class _Planner:
    def __init__(self, vendor: Organisation, tables: Tables) -> None:
        self.vendor = vendor
        self.tables = tables
        self.names = Names.read()
        self.problems: list[Problem] = []
        self.targets: list[_Target] = []
        self.by_platform: dict[int, _Target] = {}
        self.new_by_name: dict[str, _Target] = {}
        self.by_slug: dict[str, Platform] = {}
        self.by_name: dict[str, list[Platform]] = defaultdict(list)
        self._read_products()

    def _read_products(self) -> None:
        """Learn the vendor's products by key, and by every name they go by."""
        drafts = Revision.objects.filter(platform__vendor=self.vendor).open()
        written = dict(drafts.values_list("platform", "content__name"))
        for platform in Platform.objects.filter(vendor=self.vendor).order_by("pk"):
            platform.vendor = self.vendor
            self.by_slug[platform.slug] = platform
            for name in {_spelt(platform.name), _spelt(str(written.get(platform.pk, "")))} - {""}:
                self.by_name[name].append(platform)

    def plan(self) -> Plan:
        for row in self.tables.get(PRODUCTS.name, []):
            self._product(row)
        for table in (PACKAGES, EVIDENCE):
            for row in self.tables.get(table.name, []):
                self._part(table, row)
        planned = [one for one in map(self._finished, self.targets) if one]
        order = list(TABLES)
        self.problems.sort(key=lambda problem: (order.index(problem.table), problem.row))
        return Plan(planned, self.problems)

    def _product(self, row: Row) -> None:
        values = self._values(PRODUCTS, row)
        name = unguarded(row.cells.get("name", ""))
        try:
            platform = self._existing(unguarded(row.cells.get("product", "")), name)
        except CellRefused as refusal:
            self._refuse(PRODUCTS, row, "product", str(refusal))
            return
        known = self.by_platform.get(platform.pk) if platform else self.new_by_name.get(_spelt(name))
        if known:
            sentence = _("Sản phẩm này đã có ở dòng %(row)d. Mỗi sản phẩm một dòng.") % {"row": known.row}
            self._refuse(PRODUCTS, row, "product" if platform and row.cells.get("product") else "name", sentence)
            return
        target = self._target(PRODUCTS, row, platform)
        if target is None:
            return
        target.values = values
        if platform is None:
            for key, sentence in (("name", _("Hãy điền tên sản phẩm.")), ("category", _("Hãy chọn nhóm chính."))):
                if not values.get(key) and not self._refused(PRODUCTS, row, key):
                    self._refuse(PRODUCTS, row, key, sentence)
            if name.strip():
                self.new_by_name[_spelt(name)] = target

    def _existing(self, key: str, name: str) -> Platform | None:
        """Return the vendor's product that is meant, None for a new one. Raises CellRefused when it is not clear."""
        if key.strip():
            platform = self.by_slug.get(key.strip().lower())
            if platform is None:
                raise CellRefused(
                    _("Doanh nghiệp không có sản phẩm mã “%(key)s”. Để trống ô này nếu là sản phẩm mới.")
                    % {"key": key.strip()[:80]}
                )
            return platform
        found = self.by_name.get(_spelt(name), [])
        if len(found) > 1:
            keys = ", ".join(platform.slug for platform in found)
            raise CellRefused(_("Có nhiều sản phẩm cùng tên. Hãy ghi mã: %(keys)s.") % {"keys": keys})
        return found[0] if found else None

    def _target(self, table: Table, row: Row, platform: Platform | None) -> _Target | None:
        before = None
        if platform:
            try:
                before = standing(platform)
            except ContentInvalid as refusal:
                sentence = _("Nội dung đang có của sản phẩm không đọc được: %(reason)s") % {"reason": refusal}
                self._refuse(table, row, "product", sentence)
                return None
        target = _Target(table.name, row.number, platform, before)
        self.targets.append(target)
        if platform:
            self.by_platform[platform.pk] = target
        return target

    def _part(self, table: Table, row: Row) -> None:
        target = self._owner(table, row)
        values = self._values(table, row)
        if target is None:
            return
        mine = target.parts.setdefault(table.name, [])
        if clears(row.cells.get("name", row.cells.get("title", ""))):  # a list with nothing in it
            return
        mine.append((row.number, values))

    def _owner(self, table: Table, row: Row) -> _Target | None:
        """Return the product that a package or a piece of evidence belongs to."""
        said = unguarded(row.cells.get("product", "")).strip()
        if not said:
            if not self._refused(table, row, "product"):
                self._refuse(table, row, "product", _("Hãy ghi mã hoặc tên sản phẩm."))
            return None
        new = self.new_by_name.get(_spelt(said))
        if new:
            return new
        try:
            platform = self.by_slug.get(said) or self._existing("", said)
        except CellRefused as refusal:
            self._refuse(table, row, "product", str(refusal))
            return None
        if platform is None:
            sentence = _("Không có sản phẩm “%(said)s” trong tệp này và trong danh sách của doanh nghiệp.")
            self._refuse(table, row, "product", sentence % {"said": said[:80]})
            return None
        return self.by_platform.get(platform.pk) or self._target(table, row, platform)

    def _values(self, table: Table, row: Row) -> dict[str, Any]:
        """Return what the cells of a row say; cells that say nothing, and those that cannot be read, are left out."""
        values: dict[str, Any] = {}
        for key, text in row.cells.items():
            if key in row.faults:
                self._refuse(table, row, key, _fault(row.faults[key], text))
            elif key != "product" and text.strip():
                try:
                    values[key] = value_of(table.column(key), text, self.names)
                except CellRefused as refusal:
                    self._refuse(table, row, key, str(refusal))
        return values

    def _finished(self, target: _Target) -> Planned | None:
        """Put what the file says over what is there. None, with the problems told, when that cannot be kept."""
        before = target.before.as_json() if target.before else {}
        values = {**before, **target.values}
        for table in (PACKAGES, EVIDENCE):
            if table.name in target.parts:
                values[table.field] = _merged(before.get(table.field, []), target.parts[table.name])
        told = any(self._of(target, problem) for problem in self.problems)
        try:
            after = parse(values)
            check_references(after, self.vendor)
        except ContentInvalid as refusal:
            self._refuse_all(target, refusal.fields)
            return None
        if told:
            return None
        fields = tuple(changed(after, target.before)) if target.before else _said(after)
        if fields and target.platform and self._is_waiting(target.platform):
            sentence = _("Sản phẩm đang chờ thẩm định nên không sửa được. Hãy rút hồ sơ trước, hoặc bỏ dòng này.")
            self.problems.append(Problem(target.table, target.row, "", sentence))
            return None
        return Planned(target.row, target.platform, target.before, after, fields)

    def _of(self, target: _Target, problem: Problem) -> bool:
        if problem.table == target.table and problem.row == target.row:
            return True
        return any(problem.row == number for number, _values in target.parts.get(problem.table, []))

    def _is_waiting(self, platform: Platform) -> bool:
        return platform.revisions.filter(state=RevisionState.SUBMITTED).exists()

    def _refuse_all(self, target: _Target, fields: Fields) -> None:
        """Tell what the content refuses, but not of cells that could not even be read: it would be the same twice."""
        known = {(one.table, one.row, one.column) for one in self.problems}
        found = [target.place(path, sentence) for path, sentences in fields.items() for sentence in sentences]
        self.problems += [one for one in found if (one.table, one.row, one.column) not in known]

    def _refuse(self, table: Table, row: Row, column: str, sentence: str) -> None:
        self.problems.append(Problem(table.name, row.number, column, sentence))

    def _refused(self, table: Table, row: Row, column: str) -> bool:
        return any((one.table, one.row, one.column) == (table.name, row.number, column) for one in self.problems)


def plan(vendor: Organisation, tables: Tables) -> Plan:
    """Return what the rows of a file would do to the vendor's products."""
    return _Planner(vendor, tables).plan()


def _spelt(name: str) -> str:
    return canonical(one_line(name))


def _fault(fault: str, text: str) -> str:
    sentences = {
        "formula": _("Ô này là công thức nên không được đọc. Hãy sao chép rồi dán lại dạng giá trị (Paste Values)."),
        "error": _("Ô này đang báo lỗi %(text)s. Hãy ghi lại nội dung.") % {"text": text},
        "long": _("Ô này dài hơn %(most)d ký tự. Hãy viết ngắn lại.") % {"most": LONGEST_CELL},
    }
    return sentences[fault]


def _merged(before: list[dict[str, Any]], rows: Iterable[tuple[int, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the items of a list as the rows say; what a row leaves out stays as it is in the item of the same name."""
    known = {_identity(item): item for item in before}
    return [{**known.get(_identity(values), {}), **values} for _number, values in rows]


def _identity(item: dict[str, Any]) -> tuple[str, ...]:
    """Return what makes a package, or a piece of evidence, the same one."""
    if "title" in item:
        return (str(item.get("kind", "")), _spelt(str(item["title"])), str(item.get("url", "")))
    return (_spelt(str(item.get("name", ""))),)


def _said(content: BaseModel) -> tuple[str, ...]:
    empty = Content.model_construct(name="")
    return tuple(key for key in Content.model_fields if getattr(content, key) != getattr(empty, key))
