"""A content in words for people: each field's label, and its value as lines. Pages, differences and files all read here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from .capabilities import Capability
from .choices import Answer, Connected, Deployment, EvidenceKind, Maker, PackageUnit, PricingModel, SourceOwner, Status
from .content import Content, EvidenceContent, PackageContent, Step
from .models import Category
from .packages import counted

STEP_TITLES: dict[Step, Any] = {
    "name": gettext_lazy("Tên và nhóm"),
    "summary": gettext_lazy("Tóm tắt"),
    "description": gettext_lazy("Mô tả"),
    "solves": gettext_lazy("Bài toán giải quyết"),
    "capabilities": gettext_lazy("Chức năng"),
    "customers": gettext_lazy("Tình trạng và khách hàng"),
    "prices": gettext_lazy("Cách tính giá"),
    "packages": gettext_lazy("Gói giá"),
    "deployment": gettext_lazy("Triển khai, dữ liệu, an toàn"),
    "connections": gettext_lazy("Kết nối, tiêu chuẩn, ngôn ngữ"),
    "exit": gettext_lazy("Lấy lại dữ liệu, ngừng sử dụng"),
    "origin": gettext_lazy("Nguồn gốc Việt Nam"),
    "evidence": gettext_lazy("Bằng chứng"),
    "contact": gettext_lazy("Trang web, hỗ trợ"),
}

LABELS: dict[str, Any] = {
    "name": gettext_lazy("Tên sản phẩm"),
    "category": gettext_lazy("Nhóm chính"),
    "also": gettext_lazy("Cũng dùng cho"),
    "summary": gettext_lazy("Tóm tắt"),
    "description": gettext_lazy("Mô tả"),
    "solves": gettext_lazy("Bài toán giải quyết"),
    "common_capabilities": gettext_lazy("Chức năng thường gặp"),
    "capabilities": gettext_lazy("Chức năng khác"),
    "customers": gettext_lazy("Khách hàng"),
    "status": gettext_lazy("Tình trạng cung cấp"),
    "launched": gettext_lazy("Năm ra mắt"),
    "pricing_model": gettext_lazy("Cách tính giá"),
    "pricing_note": gettext_lazy("Ghi chú giá"),
    "packages": gettext_lazy("Gói giá"),
    "deployment": gettext_lazy("Cách triển khai"),
    "data_in_vietnam": gettext_lazy("Dữ liệu đặt tại Việt Nam"),
    "security_level": gettext_lazy("Cấp độ an toàn đã được phê duyệt"),
    "connections": gettext_lazy("Đã kết nối với"),
    "standards": gettext_lazy("Tiêu chuẩn đáp ứng"),
    "languages": gettext_lazy("Ngôn ngữ giao diện"),
    "export_formats": gettext_lazy("Định dạng xuất dữ liệu"),
    "exit_terms": gettext_lazy("Điều kiện khi ngừng sử dụng"),
    "vietnamese_share": gettext_lazy("Tỷ lệ sở hữu Việt Nam (%)"),
    "designed_by": gettext_lazy("Ai xác định yêu cầu và thiết kế"),
    "source_owner": gettext_lazy("Quyền với mã nguồn"),
    "copyright_certificate": gettext_lazy("Số giấy chứng nhận quyền tác giả"),
    "rd_share": gettext_lazy("Chi nghiên cứu và phát triển trên doanh thu sản phẩm, 3 năm gần nhất (%)"),
    "vietnamese_documents": gettext_lazy("Tài liệu kỹ thuật và hướng dẫn bằng tiếng Việt"),
    "support_commitment": gettext_lazy("Cam kết hỗ trợ, bảo hành, nâng cấp"),
    "website": gettext_lazy("Trang web của sản phẩm"),
    "support_phone": gettext_lazy("Điện thoại hỗ trợ"),
    "support_email": gettext_lazy("Thư điện tử hỗ trợ"),
    "evidence": gettext_lazy("Bằng chứng"),
}

_SIGNS = str.maketrans(",.", ".,")
_CHOICES: dict[str, type[TextChoices]] = {
    "status": Status,
    "pricing_model": PricingModel,
    "deployment": Deployment,
    "data_in_vietnam": Answer,
    "connections": Connected,
    "designed_by": Maker,
    "source_owner": SourceOwner,
    "vietnamese_documents": Answer,
    "support_commitment": Answer,
}


def lines(content: Content, field: str) -> list[str]:
    """Return a field's value as lines; none when it is not known."""
    value = getattr(content, field)
    if field in _WRITERS:
        return _WRITERS[field](value)
    if field in _CHOICES:
        kind, values = _CHOICES[field], value if isinstance(value, list) else [value]
        return [str(kind(one).label) for one in values if one != Answer.UNKNOWN]
    if isinstance(value, list):
        return [str(one) for one in value]
    return [line for line in str(value).split("\n") if line.strip()] if value not in (None, "") else []


def share_in_words(share: Decimal) -> str:
    """Write a share without needless noughts: 51.50 is "51,5", in English "51.5"."""
    return _separated(f"{share.normalize():f}")


def _separated(number: str) -> str:
    """Return a number of Python's, 1,234.5, with the signs of the reader's language."""
    return number if (get_language() or "").startswith("en") else number.translate(_SIGNS)


def money_in_words(value: int) -> str:
    return _("%(amount)s đồng") % {"amount": _separated(f"{value:,}")}


def package_price(package: PackageContent) -> str:
    """Return the price of one unit in words, "" when it is not published."""
    if package.price_min is None:
        return ""
    price = money_in_words(package.price_min)
    if package.price_max is not None and package.price_max > package.price_min:
        price = f"{price} – {money_in_words(package.price_max)}"
    return f"{price} / {counted(package.unit, package.period)}"


def package_terms(package: PackageContent) -> list[str]:
    """Return what comes with or on top of a package's price, a line each."""
    terms: list[tuple[int | None, Callable[[int], str]]] = [
        (package.min_quantity, lambda n: _("Từ %(n)s %(unit)s trở lên") % {"n": n, "unit": _unit(package)}),
        (package.min_months, lambda n: _("Ít nhất %(n)s tháng") % {"n": n}),
        (package.setup_fee, lambda n: _("Phí khởi tạo, triển khai: %(fee)s") % {"fee": money_in_words(n)}),
        (package.support_fee, lambda n: _("Phí hỗ trợ mỗi năm: %(fee)s") % {"fee": money_in_words(n)}),
    ]
    said = [write(value) for value, write in terms if value is not None]
    return [*said, *([package.includes] if package.includes else [])]


def _unit(package: PackageContent) -> str:
    return str(PackageUnit(package.unit).label)


def _packages(packages: list[PackageContent]) -> list[str]:
    return [
        " · ".join(
            [package.name, package_price(package) or _("chưa công bố giá (%(unit)s)") % {"unit": counted(package.unit, package.period)}, *package_terms(package)]
        )
        for package in packages
    ]  # fmt: skip


def evidence_line(one: EvidenceContent) -> str:
    """Return a piece of evidence in a line."""
    parts: list[str] = [str(EvidenceKind(one.kind).label), one.title]
    if one.number:
        parts.append(_("số %(number)s") % {"number": one.number})
    parts += [str(part) for part in (one.issuer, one.year, one.url, one.note) if part]
    if one.expires_on:
        parts.append(_("hết hạn %(date)s") % {"date": date_in_words(one.expires_on)})
    if one.document:
        parts.append(_("có tệp kèm theo"))
    return " · ".join(parts)


def date_in_words(day: date) -> str:
    return date_format(day, "d/m/Y")


def _categories(keys: list[str]) -> list[str]:
    labels = {category.key: category.label for category in Category.objects.filter(key__in=keys)}
    return [labels.get(key, key) for key in keys]


def _common(keys: list[str]) -> list[str]:
    labels = dict(Capability.objects.filter(key__in=keys).values_list("key", "label"))
    return [labels.get(key, key) for key in keys]


_WRITERS: dict[str, Callable[[Any], list[str]]] = {
    "category": lambda key: _categories([key] if key else []),
    "also": _categories,
    "common_capabilities": _common,
    "packages": _packages,
    "evidence": lambda evidence: [evidence_line(one) for one in evidence],
    "vietnamese_share": lambda share: [] if share is None else [share_in_words(share)],
    "rd_share": lambda share: [] if share is None else [share_in_words(share)],
    "security_level": lambda level: [] if level is None else [_("Cấp độ %(level)d") % {"level": level}],
}
