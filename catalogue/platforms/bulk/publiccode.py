"""Reading a publiccode.yml: what of it our product form has a place for, and what not, in sentences.

Source of the keys: the standard, https://yml.publiccode.tools/schema.core.html (versions 0.2 to 0.7). Nothing that the file
points to is fetched. Names and addresses of people (`maintenance/contacts`) are left out: the standard wants persons there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.common.text import canonical, one_line
from catalogue.platforms.content import (
    DESCRIPTION_WORDS,
    MOST_CAPABILITIES,
    MOST_ITEMS,
    SUMMARY_WORDS,
    ContentInvalid,
    parse,
    words,
)
from catalogue.platforms.models import Category

from .cells import Names, harmless, text_of
from .columns import PRODUCTS
from .opening import FileRefused, Opened, Row

BIGGEST = 256 * 1024  # bytes; the largest published ones are some 20 KB
_DEEPEST = 12
_MOST_NODES = 20_000
LANGUAGES = ("vi", "en")  # in this order; then whatever the file has

# Categories of the standard that mean one of ours without a doubt. The others are for a person to place.
_CATEGORIES = {
    "accounting": "digital-governance", "agile-project-management": "online-office", "billing-and-invoicing": "e-invoice",
    "business-intelligence": "big-data", "cloud-management": "cloud", "communications": "digital-communication",
    "data-analytics": "big-data", "data-visualization": "big-data", "digital-citizenship": "online-public-services",
    "document-management": "e-document", "e-commerce": "online-shopping", "e-signature": "digital-signature",
    "educational-content": "e-learning", "email-management": "digital-communication", "employee-management": "digital-governance",
    "erp": "digital-governance", "feedback-and-reviews-management": "citizen-feedback", "financial-reporting": "digital-governance",
    "fleet-management": "transport-management", "geographic-information-systems": "land-and-planning", "hr": "digital-governance",
    "identity-management": "digital-identity", "instant-messaging": "digital-communication", "it-security": "cybersecurity-monitoring",
    "learning-management-system": "e-learning", "mobile-payment": "online-payment", "office": "online-office",
    "payment-gateway": "online-payment", "payroll": "digital-governance", "predictive-analysis": "ai-platform",
    "procurement": "e-procurement", "productivity-suite": "online-office", "project-collaboration": "online-office",
    "project-management": "online-office", "applicant-tracking": "recruitment", "video-conferencing": "online-meetings",
    "warehouse-management": "fulfilment-warehouse", "web-conferencing": "online-meetings", "whistleblowing": "citizen-feedback",
    "workflow-management": "online-office",
}  # fmt: skip
_STATUS = {"stable": "active", "obsolete": "discontinued"}  # what is not finished yet says nothing of being on offer
# Where the user meets it. "web" is no answer to where it runs: the vendor says that.
_PLATFORMS = {"android": "mobile_app", "ios": "mobile_app", "windows": "on_premise", "linux": "on_premise", "mac": "on_premise"}  # fmt: skip
_TYPES = {"standalone/mobile": "mobile_app", "standalone/desktop": "on_premise"}
_LANGUAGE_NAMES = {
    "vi": gettext_lazy("Tiếng Việt"), "en": gettext_lazy("Tiếng Anh"), "fr": gettext_lazy("Tiếng Pháp"),
    "zh": gettext_lazy("Tiếng Trung"), "ja": gettext_lazy("Tiếng Nhật"), "ko": gettext_lazy("Tiếng Hàn"),
    "lo": gettext_lazy("Tiếng Lào"), "km": gettext_lazy("Tiếng Khmer"), "de": gettext_lazy("Tiếng Đức"),
    "ru": gettext_lazy("Tiếng Nga"), "es": gettext_lazy("Tiếng Tây Ban Nha"), "it": gettext_lazy("Tiếng Ý"),
}  # fmt: skip
_MARKDOWN = (
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"(?m)^\s{0,3}#{1,6}\s+"), ""),
    (re.compile(r"(\*\*|__|`)(.+?)\1"), r"\2"),
)


@dataclass
class Understood:
    """`values`: plain values of the content. `taken`: key of the file → our field. `left`: key of the file → why not."""

    values: dict[str, Any] = field(default_factory=dict)
    taken: list[tuple[str, str]] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)

    def take(self, key: str, name: str, value: Any) -> None:
        if value not in (None, "", []):
            self.values[name] = value
            self.taken.append((key, name))

    def leave(self, key: str, why: str) -> None:
        self.left.append((key, why))


class _Plain(yaml.SafeLoader):
    """Safe YAML without aliases, which can make gigabytes of a few lines, and of limited depth and size."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self._depth = self._nodes = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise FileRefused(_("Tệp dùng bí danh YAML (*tên) nên không được nhận. Hãy ghi nội dung ra đầy đủ."))
        self._depth += 1
        self._nodes += 1
        if self._depth > _DEEPEST or self._nodes > _MOST_NODES:
            raise FileRefused(_("Tệp phức tạp hơn một publiccode.yml nên không được nhận."))
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """Refuse a key that stands twice: which of the two was meant, nobody can tell."""
        keys = [key.value for key, _value in node.value if isinstance(key, yaml.ScalarNode)]
        for key in keys:
            if keys.count(key) > 1:
                raise FileRefused(_("Khóa “%(key)s” có hai lần trong tệp.") % {"key": str(key)[:60]})
        return super().construct_mapping(node, deep)


def read(content: bytes) -> Understood:
    """Return what a publiccode.yml says. Raises FileRefused."""
    if not content.strip():
        raise FileRefused(_("Tệp rỗng."))
    if len(content) > BIGGEST:
        raise FileRefused(_("publiccode.yml lớn nhất 256 KB."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefused(_("publiccode.yml phải là văn bản UTF-8.")) from error
    try:
        said = yaml.load(text, Loader=_Plain)  # noqa: S506 (a SafeLoader with less)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = _(" (gần dòng %(n)d)") % {"n": mark.line + 1} if mark else ""
        raise FileRefused(_("Không đọc được YAML%(where)s.") % {"where": where}) from error
    if not isinstance(said, dict) or "publiccodeYmlVersion" not in said:
        raise FileRefused(_("Đây không phải publiccode.yml: thiếu khóa publiccodeYmlVersion."))
    return _understand(said)


def as_file(understood: Understood, *, category: str, product: str) -> Opened:
    """Return the same as a file of one row, for `importing.receive`.

    category: key of a leaf that somebody chose, "" for what the file says. product: key of the product meant, "" by name.
    """
    values = {**_fitting(understood), **({"category": category} if category else {})}
    names = Names.read()
    cells = {
        column.key: harmless(text_of(column, values[column.key], names))
        for column in PRODUCTS.columns
        if column.key in values
    }
    if product:
        cells["product"] = product
    labels = {column.key: str(column.label) for column in PRODUCTS.columns}
    notes = [
        _("%(key)s → %(field)s") % {"key": key, "field": labels[name]}
        for key, name in understood.taken
        if name in cells
    ]
    notes += [_("%(key)s: không lấy. %(why)s") % {"key": key, "why": why} for key, why in understood.left]
    return Opened({PRODUCTS.name: [Row(1, cells)]}, notes)


def _fitting(understood: Understood) -> dict[str, Any]:
    """Return the values that our fields can hold; of the others it is told why not, so that they stop nobody."""
    fitting = {}
    for name, value in understood.values.items():
        try:
            parse({"name": "-", name: value})
        except ContentInvalid as refusal:
            key = next(key for key, field_name in understood.taken if field_name == name)
            understood.leave(key, str(refusal))
        else:
            fitting[name] = value
    if fitting.get("category") in fitting.get("also", []):
        fitting["also"].remove(fitting["category"])
    return fitting


def _understand(said: dict[Any, Any]) -> Understood:
    got = Understood()
    known: dict[str, Callable[[Any], None]] = {
        "publiccodeYmlVersion": lambda value: None,
        "name": lambda value: got.take("name", "name", _line(value)),
        "description": lambda value: _description(got, value),
        "categories": lambda value: _categories(got, value),
        "developmentStatus": lambda value: _status(got, value),
        "landingURL": lambda value: got.take("landingURL", "website", _line(value)),
        "url": lambda value: _repository(got, said, value),
        "usedBy": lambda value: _limited(got, "usedBy", "customers", _lines(value), MOST_ITEMS),
        "legal": lambda value: _legal(got, value),
        "maintenance": lambda value: _maintenance(got, value),
        "localisation": lambda value: _languages(got, value),
        "dependsOn": lambda value: _needs(got, value),
        "outputTypes": lambda value: _limited(got, "outputTypes", "export_formats", _lines(value), MOST_ITEMS),
        "softwareType": lambda value: None,  # with the platforms
        "platforms": lambda value: None,
    }
    for key, value in said.items():
        read_key = known.get(str(key))
        if read_key is None:
            got.leave(str(key)[:60], _("Hồ sơ sản phẩm không có mục này."))
        else:
            read_key(value)
    _deployment(got, said)
    return got


def _line(value: Any) -> str:
    return one_line(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _lines(value: Any) -> list[str]:
    """Return the texts of a list, each once, however it is spelt."""
    found: dict[str, str] = {}
    for item in value if isinstance(value, list) else [value]:
        text = _line(item)
        if text:
            found.setdefault(canonical(text), text)
    return list(found.values())


def _part(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _description(got: Understood, value: Any) -> None:
    if not isinstance(value, dict):
        got.leave("description", _("Không đúng dạng."))
        return
    languages = [str(key) for key in value]
    order = [*LANGUAGES, *languages]
    chosen = next(name for wanted in order for name in languages if name == wanted or name.split("-")[0] == wanted)
    text = next(part for key, part in value.items() if str(key) == chosen)
    prefix = f"description/{chosen}"
    if name := _line(_part(text, "localisedName")):
        got.take(f"{prefix}/localisedName", "name", name)
    got.take(f"{prefix}/shortDescription", "summary", _cut(got, f"{prefix}/shortDescription", _line(_part(text, "shortDescription")), SUMMARY_WORDS, 300))  # fmt: skip
    long = _prose(_part(text, "longDescription"))
    got.take(f"{prefix}/longDescription", "description", _cut(got, f"{prefix}/longDescription", long, DESCRIPTION_WORDS, 4000))  # fmt: skip
    _limited(got, f"{prefix}/features", "capabilities", _lines(_part(text, "features") or []), MOST_CAPABILITIES)
    for key in text if isinstance(text, dict) else ():
        if key not in ("localisedName", "shortDescription", "longDescription", "features"):
            got.leave(f"{prefix}/{key}"[:80], _("Hồ sơ sản phẩm không có mục này."))
    for other in languages:
        if other != chosen:
            got.leave(f"description/{other}"[:80], _("Đã lấy bản tiếng %(language)s.") % {"language": chosen})
    if not chosen.startswith("vi"):
        got.leave(f"description/{chosen}", _("Không có bản tiếng Việt: hãy dịch tóm tắt và mô tả trước khi nộp."))


def _prose(value: Any) -> str:
    """Return text without the marks of Markdown, paragraphs kept."""
    text = str(value or "") if isinstance(value, str) else ""
    for pattern, kept in _MARKDOWN:
        text = pattern.sub(kept, text)
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _cut(got: Understood, key: str, text: str, most_words: int, most_signs: int) -> str:
    """Return whole sentences of a text that is too long, and tell of it."""
    if words(text) <= most_words and len(text) <= most_signs:
        return text
    kept = ""
    for sentence in re.findall(r"[^.!?\n]*[.!?\n]+|[^.!?\n]+$", text):
        if words(kept + sentence) > most_words or len(kept + sentence) > most_signs:
            break
        kept += sentence
    if not kept.strip():
        kept = " ".join(text.split()[:most_words])[:most_signs]
    got.leave(key, _("Dài quá nên chỉ lấy %(n)d từ đầu, trọn câu.") % {"n": words(kept)})
    return kept.strip()


def _limited(got: Understood, key: str, name: str, items: list[str], most: int) -> None:
    fitting = [item for item in items if len(item) <= 120]
    got.take(key, name, fitting[:most])
    left_out = len(items) - len(fitting[:most])
    if left_out:
        got.leave(key, _("%(n)d mục quá dài hoặc quá nhiều nên không lấy.") % {"n": left_out})


def _categories(got: Understood, value: Any) -> None:
    named = _lines(value)
    meant = list(dict.fromkeys(_CATEGORIES[name] for name in named if name in _CATEGORIES))
    there = set(Category.objects.leaves_only().filter(key__in=meant).values_list("key", flat=True))
    meant = [key for key in meant if key in there]
    if meant:
        got.take("categories", "category", meant[0])
        got.take("categories", "also", meant[1:6])
    unknown = [name for name in named if name not in _CATEGORIES]
    if unknown:
        got.leave("categories", _("Không có nhóm tương ứng: %(names)s.") % {"names": ", ".join(unknown)[:200]})


def _status(got: Understood, value: Any) -> None:
    status = _STATUS.get(_line(value))
    if status:
        got.take("developmentStatus", "status", status)
    else:
        got.leave("developmentStatus", _("Chưa cho biết sản phẩm có đang được cung cấp không."))


def _repository(got: Understood, said: dict[Any, Any], value: Any) -> None:
    if said.get("landingURL"):
        got.leave("url", _("Đã lấy landingURL làm trang web."))
    else:
        got.take("url", "website", _line(value))


def _legal(got: Understood, value: Any) -> None:
    licence = _line(_part(value, "license"))
    if licence and len(licence) <= 200:
        got.take("legal/license", "pricing_note", _("Mã nguồn mở, giấy phép %(name)s.") % {"name": licence})
    for key in value if isinstance(value, dict) else ():
        if key != "license":
            got.leave(f"legal/{key}"[:80], _("Hãy trả lời câu hỏi về quyền với mã nguồn ở bước Nguồn gốc."))


def _maintenance(got: Understood, value: Any) -> None:
    kind = _line(_part(value, "type"))
    if kind == "none":
        got.take("maintenance/type", "support_commitment", "no")
    elif kind == "contract":
        got.take("maintenance/type", "support_commitment", "yes")
    elif kind:
        got.leave("maintenance/type", _("Chưa phải cam kết hỗ trợ với khách hàng."))
    for key in ("contractors", "contacts"):
        if _part(value, key):
            got.leave(f"maintenance/{key}", _("Là thông tin của cá nhân, nhà thầu; hãy ghi đầu mối hỗ trợ chung."))


def _languages(got: Understood, value: Any) -> None:
    codes = _lines(_part(value, "availableLanguages") or [])
    names = [str(_LANGUAGE_NAMES.get(code.split("-")[0].lower(), code)) for code in codes]
    _limited(got, "localisation/availableLanguages", "languages", list(dict.fromkeys(names)), MOST_ITEMS)


def _needs(got: Understood, value: Any) -> None:
    for kind in ("open", "proprietary", "hardware"):
        listed = _part(value, kind)
        if isinstance(listed, list):
            names = ", ".join(filter(None, (_line(_part(one, "name")) for one in listed)))
            got.leave(
                f"dependsOn/{kind}",
                _("Là thứ phải có để chạy, không phải tiêu chuẩn đáp ứng: %(names)s.") % {"names": names[:200]},
            )


def _deployment(got: Understood, said: dict[Any, Any]) -> None:
    kind = _line(said.get("softwareType"))
    named = _lines(said.get("platforms") or [])
    ways = [_TYPES.get(kind), *(_PLATFORMS.get(name.lower()) for name in named)]
    found = list(dict.fromkeys(way for way in ways if way))
    if found:
        got.take("softwareType, platforms", "deployment", found)
    if kind in ("standalone/web", "standalone/backend") or "web" in named:
        got.leave("platforms", _("Chạy trên web: hãy chọn là dịch vụ qua mạng hay cài tại cơ quan."))
    elif kind and not found:
        got.leave("softwareType", _("Chưa cho biết cách triển khai."))
