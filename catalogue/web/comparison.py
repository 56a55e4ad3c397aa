"""Products side by side as one table, which the page and every file are made of: what differs, what is the same."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.common.text import canonical, one_line
from catalogue.platforms.choices import Assurance, Deployment, PricingModel, Status
from catalogue.platforms.models import Evidence, Platform
from catalogue.templatetags.catalogue_ui import host, vndate

from .claims import particulars, price_range

FEWEST, MOST = 2, 4


@dataclass(frozen=True)
class Line:
    """One thing said of a product, with the public page that says so."""

    text: str
    url: str = ""

    @property
    def plain(self) -> str:
        return f"{self.text} ({self.url})" if self.url else self.text


@dataclass(frozen=True)
class Cell:
    """What is known of one product in one respect. No line: not known."""

    lines: tuple[Line, ...] = ()

    @property
    def plain(self) -> str:
        return "\n".join(line.plain for line in self.lines) or str(UNKNOWN)


@dataclass(frozen=True)
class Row:
    """One respect, with a cell a product."""

    label: str
    cells: tuple[Cell, ...]
    quoted: bool = False  # the listing's own words, in Vietnamese

    @property
    def one(self) -> Cell | None:
        """The cell of every product, when they are alike word for word."""
        return self.cells[0] if len(set(self.cells)) == 1 else None


@dataclass(frozen=True)
class Group:
    key: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Comparison:
    """`groups`: what differs, what is the same, what no listing says; those without a row are left out."""

    platforms: tuple[Platform, ...]
    groups: tuple[Group, ...]


UNKNOWN = gettext_lazy("Chưa có thông tin")


def compare(platforms: Sequence[Platform]) -> Comparison:
    """Return the table of platforms in the order given. What one listing does not say is a difference, not a likeness."""
    different: list[Row] = []
    same: list[Row] = []
    unknown: list[Row] = []
    for row, alike in _rows(platforms):
        (same if alike else different if any(cell.lines for cell in row.cells) else unknown).append(row)
    groups = (
        Group("different", _("Khác nhau"), tuple(different)),
        Group("same", _("Giống nhau"), tuple(same)),
        Group("unknown", _("Chưa hồ sơ nào nêu"), tuple(unknown)),
    )
    return Comparison(tuple(platforms), tuple(group for group in groups if group.rows))


def _rows(platforms: Sequence[Platform]) -> list[tuple[Row, bool]]:
    """Return the rows in the order they are read, each with whether all products are known to be alike in it."""
    rows: list[tuple[Row, bool]] = []
    for label, read, quoted in _RESPECTS:
        if read is _capabilities:
            rows += _capability_rows(platforms)
            continue
        if read is _particulars:
            rows += _particular_rows(platforms)
            continue
        cells = tuple(Cell(tuple(read(platform))) for platform in platforms)
        keys = {_key(platform, read, cell) for platform, cell in zip(platforms, cells, strict=True)}
        rows.append((Row(str(label), cells, quoted), len(keys) == 1 and keys != {frozenset()}))
    return rows


def _key(platform: Platform, read: Callable[[Platform], list[Line]], cell: Cell) -> frozenset[str]:
    """Return what makes two cells alike: order and spelling do not count, nor does the day a level was reached."""
    if read is _assurance:
        return frozenset([platform.assurance])
    return frozenset(_folded(line.text) for line in cell.lines)


def _folded(text: str) -> str:
    return canonical(one_line(text)).rstrip(".")


# One function a respect. Each returns lines; none when the listing does not say.


def _said(text: object) -> list[Line]:
    return [Line(one_line(str(text)))] if text else []


def _linked(text: str, url: str | None) -> Line:
    return Line(one_line(text), url if url and url.startswith(("https://", "http://")) else "")


def _all(texts: Sequence[str]) -> list[Line]:
    return [line for text in texts for line in _said(text)]


def _assurance(platform: Platform) -> list[Line]:
    lines = [Line(str(Assurance(platform.assurance).label))]
    if platform.assured_on:
        lines.append(Line(_("Ngày: %(date)s") % {"date": vndate(platform.assured_on)}))
    source = _source_of_level(platform)
    if source:
        lines.append(_linked(_("Nguồn: %(host)s") % {"host": host(source.url)}, source.url))
    elif platform.assurance == Assurance.LISTED:
        lines.append(Line(_("Nguồn: chưa dẫn được bằng chứng")))
    return lines


def _source_of_level(platform: Platform) -> Evidence | None:
    """Return the cited evidence that dates the level."""
    cited = [(evidence.seen_on, evidence) for evidence in platform.evidence.all() if evidence.url and evidence.seen_on]
    return max(cited, key=lambda pair: pair[0], default=(None, None))[1]


def _status(platform: Platform) -> list[Line]:
    return [] if platform.status == Status.UNKNOWN else _said(platform.get_status_display())


def _category(platform: Platform) -> list[Line]:
    group = platform.category.parent
    return _said(f"{platform.category.label} ({group.label})" if group else platform.category.label)


def _deployment(platform: Platform) -> list[Line]:
    return [Line(str(Deployment(value).label)) for value in Deployment.values if value in platform.deployment]


def _pricing(platform: Platform) -> list[Line]:
    model = "" if platform.pricing_model == PricingModel.UNKNOWN else platform.get_pricing_model_display()
    return [*_said(model), *_said(platform.pricing_note)]


def _evidence(platform: Platform) -> list[Line]:
    lines = []
    for evidence in platform.evidence.all():
        kind = f"{evidence.get_kind_display()}, {evidence.year}" if evidence.year else evidence.get_kind_display()
        lines.append(_linked(f"{kind}: {evidence.title}", evidence.url))
    return lines


def _sources(platform: Platform) -> list[Line]:
    return [
        _linked(source.get("note") or host(source["url"]), source["url"])
        if source.get("url")
        else Line(_("Kiến thức chung, chưa dẫn nguồn"))
        for source in platform.sources
    ]


def _province(platform: Platform) -> list[Line]:
    return _said(platform.vendor.province.name) if platform.vendor.province else []


def _website(platform: Platform) -> list[Line]:
    return [_linked(host(platform.website), platform.website)] if platform.website else []


def _capabilities(platform: Platform) -> list[Line]:
    return _all(platform.capabilities)


def _capability_rows(platforms: Sequence[Platform]) -> list[tuple[Row, bool]]:
    """Return capabilities that every listing names, that several do, and that only one does; in the listing's words."""
    said = [{_folded(line.text): line for line in _capabilities(platform)} for platform in platforms]
    if not any(said):
        return [(Row(_("Chức năng"), tuple(Cell() for _each in platforms), quoted=True), False)]
    counts = Counter(key for lines in said for key in lines)

    def row(label: str, wanted: Callable[[int], bool]) -> Row:
        none = Cell((Line(_("Không nêu thêm")),))  # what it can do is known, and stands in another row
        cells = tuple(
            Cell(tuple(line for key, line in lines.items() if wanted(counts[key]))) if lines else Cell()
            for lines in said
        )
        full = tuple(cell if cell.lines or not lines else none for cell, lines in zip(cells, said, strict=True))
        return Row(label, full, quoted=True)

    rows: list[tuple[Row, bool]] = []
    if any(count == len(platforms) for count in counts.values()):
        rows.append((row(_("Chức năng hồ sơ nào cũng nêu"), lambda count: count == len(platforms)), True))
    if any(1 < count < len(platforms) for count in counts.values()):
        rows.append((row(_("Chức năng vài hồ sơ cùng nêu"), lambda count: 1 < count < len(platforms)), False))
    if any(count == 1 for count in counts.values()):
        rows.append((row(_("Chức năng chỉ hồ sơ này nêu"), lambda count: count == 1), False))
    return rows


def _particulars(platform: Platform) -> list[Line]:
    return [line for _field, _label, values, _note, _quoted in particulars(platform) for line in _all(values)]


def _particular_rows(platforms: Sequence[Platform]) -> list[tuple[Row, bool]]:
    """Return what an agency asks before it rents, as far as one of the listings says."""
    rows: list[tuple[Row, bool]] = []
    for of_each in zip(*map(particulars, platforms), strict=True):
        _field, label, _values, _note, quoted = of_each[0]
        cells = tuple(Cell(tuple(_all(values))) for _field, _label, values, _note, _quoted in of_each)
        if any(cell.lines for cell in cells):
            alike = {frozenset(_folded(line.text) for line in cell.lines) for cell in cells}
            rows.append((Row(label, cells, quoted), len(alike) == 1))
    return rows


_RESPECTS: tuple[tuple[Any, Callable[[Platform], list[Line]], bool], ...] = (
    (gettext_lazy("Mức bảo đảm"), _assurance, False),
    (gettext_lazy("Tình trạng"), _status, False),
    (gettext_lazy("Tóm tắt"), lambda platform: _said(platform.summary), True),
    (gettext_lazy("Nhóm"), _category, False),
    (gettext_lazy("Cách triển khai"), _deployment, False),
    (gettext_lazy("Cách tính giá"), _pricing, False),
    (gettext_lazy("Mức giá công bố"), lambda platform: _said(price_range(platform)), False),
    (gettext_lazy("Thông tin trước khi thuê"), _particulars, False),  # a row each, see `_particular_rows`
    (gettext_lazy("Chức năng"), _capabilities, True),
    (gettext_lazy("Bài toán sản phẩm giải quyết"), lambda platform: _all(platform.solves), True),
    (gettext_lazy("Khách hàng đã nêu"), lambda platform: _all(platform.customers), True),
    (gettext_lazy("Bằng chứng công khai"), _evidence, True),
    (gettext_lazy("Doanh nghiệp"), lambda platform: _said(platform.vendor.name), False),
    (gettext_lazy("Loại doanh nghiệp"), lambda platform: _said(platform.vendor.get_firm_type_display()), False),
    (gettext_lazy("Tỉnh, thành phố"), _province, False),
    (gettext_lazy("Ra mắt"), lambda platform: _said(platform.launched), False),
    (gettext_lazy("Trang sản phẩm"), _website, False),
    (gettext_lazy("Nguồn của hồ sơ"), _sources, True),
)
