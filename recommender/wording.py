"""What the engine's codes are called on pages."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.platforms.choices import Assurance, Deployment
from catalogue.templatetags.catalogue_ui import grouped, money, vndate

from .engine.constraints import (
    BUDGET,
    CONFIRMED,
    CONNECTIONS,
    DATA_IN_VIETNAM,
    DEADLINE,
    DEPLOYMENT,
    MODE,
    OFFLINE,
    SECURITY,
    SITES,
    USERS,
)

PARTS = {
    "lexical": gettext_lazy("Từ ngữ trùng với bài toán"),
    "semantic": gettext_lazy("Nghĩa gần với bài toán"),
    "need": gettext_lazy("Đúng nhóm nhu cầu"),
}
FIELDS = {
    "solves": gettext_lazy("Bài toán sản phẩm giải quyết"),
    "capabilities": gettext_lazy("Chức năng"),
    "summary": gettext_lazy("Tóm tắt"),
    "description": gettext_lazy("Mô tả"),
    "category": gettext_lazy("Nhóm"),
}
REQUIREMENTS = {
    BUDGET: gettext_lazy("Kinh phí tối đa"),
    DEPLOYMENT: gettext_lazy("Cách triển khai"),
    USERS: gettext_lazy("Số người dùng"),
    SITES: gettext_lazy("Số điểm triển khai"),
    SECURITY: gettext_lazy("Cấp độ an toàn hệ thống"),
    DEADLINE: gettext_lazy("Thời hạn"),
    DATA_IN_VIETNAM: gettext_lazy("Nơi lưu dữ liệu"),
    CONNECTIONS: gettext_lazy("Kết nối với"),
    MODE: gettext_lazy("Hình thức"),
    OFFLINE: gettext_lazy("Khi không có mạng"),
}
SYSTEMS = {
    "LGSP": gettext_lazy("Nền tảng tích hợp của bộ, tỉnh (LGSP)"),
    "NDXP": gettext_lazy("Nền tảng tích hợp quốc gia (NDXP)"),
    "VNEID": gettext_lazy("VNeID"),
    "CSDLQG_DC": gettext_lazy("Cơ sở dữ liệu quốc gia về dân cư"),
    "DVCQG": gettext_lazy("Cổng Dịch vụ công quốc gia"),
    "BHXH": gettext_lazy("Bảo hiểm xã hội"),
}
LEFT = {
    "nobody": gettext_lazy("chưa thấy sản phẩm nào trong danh mục đáp ứng"),
    "limit": gettext_lazy("có sản phẩm đáp ứng, nhưng bộ đã đủ ba sản phẩm; nên tách thành bài toán riêng"),
    "vague": gettext_lazy("chưa rõ cần gì, nên không dùng để chọn bộ"),
}
MODES = {"rent": gettext_lazy("Thuê dịch vụ"), "buy": gettext_lazy("Mua, đầu tư")}


def requirement_value(kind: str, value: Any) -> str:
    """Write what is required of a kind, as an officer would."""
    writers: dict[str, Callable[[Any], Any]] = {
        BUDGET: money,
        DEPLOYMENT: lambda key: Deployment(key).label,
        DEADLINE: str,
        CONNECTIONS: lambda key: SYSTEMS[key],
        MODE: lambda key: MODES[key],
        DATA_IN_VIETNAM: lambda yes: _("Tại Việt Nam"),
        OFFLINE: lambda yes: _("Vẫn dùng được"),
    }
    return str(writers.get(kind, grouped)(value))


def requirement(kind: str, value: Any) -> str:
    """Write a requirement in one line: "Kinh phí tối đa: 500.000.000 đ"."""
    return _("%(what)s: %(value)s") % {"what": REQUIREMENTS[kind], "value": requirement_value(kind, value)}


def unmet(found: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a line for each gap; requirements of which the listing says nothing share the last one."""
    lines: list[str] = []
    unknown: list[str] = []
    for gap in found:
        if gap["code"] == "need":
            lines.append(gap["text"])
        elif gap["code"] == "status":
            lines.append(_("Sản phẩm đã ngừng cung cấp"))
        elif gap["code"] == CONFIRMED:
            lines.append(_last_confirmed(gap["text"]))
        elif gap["known"]:
            lines.append(_("%(what)s: không đáp ứng") % {"what": REQUIREMENTS[gap["code"]]})
        else:
            unknown.append(_named(gap))
    if len(unknown) == 1:
        lines.append(_("%(what)s: chưa rõ") % {"what": unknown[0]})
    elif unknown:
        lines.append(_("Hồ sơ chưa nói rõ: %(what)s") % {"what": "; ".join(unknown)})
    return lines


def _last_confirmed(day: str) -> str:
    if not day:
        return _("Chưa ai ngoài doanh nghiệp xác nhận hồ sơ")
    return _("Xác nhận lần cuối ngày %(date)s, đã quá lâu so với yêu cầu") % {"date": vndate(date.fromisoformat(day))}


def mentioned(found: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the required connections, and offline use, that the listing names."""
    return [_named(one) for one in found]


def declared(said: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Write what is declared of how two products connect. names: of the products, by key."""
    if said["kind"] == "vendor":
        return _("Cùng nhà cung cấp: %(name)s") % {"name": said["value"]}
    parts = {"product": names[said["platform"]], "what": SYSTEMS.get(said["value"], said["value"])}
    if said["kind"] == "names":
        return _("Hồ sơ %(product)s nhắc tới %(what)s") % parts
    if said["kind"] == "system":
        return _("Hồ sơ %(product)s nói tới %(what)s, hệ thống mà cả hai cùng nhắc") % parts
    return _("Hồ sơ %(product)s nói có giao diện kết nối: %(what)s") % parts


def _named(one: Mapping[str, Any]) -> str:
    if one["code"] == CONNECTIONS:
        return requirement(CONNECTIONS, one["text"])
    return str(REQUIREMENTS[one["code"]])


def listing(recorded: Mapping[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page says of a product wherever one is named. labels: of the categories, by key."""
    level = Assurance(recorded["assurance"])
    when = date.fromisoformat(recorded["assured_on"]) if recorded["assured_on"] else None
    return {
        "slug": recorded["platform"],
        "name": recorded["platform_name"],
        "url": reverse("platform", args=[recorded["platform"]]),
        "vendor": recorded["vendor_name"],
        "summary": recorded["summary"],
        "category": labels.get(recorded["category"], recorded["category"]),
        "assurance": {"level": level.value, "label": level.label, "date": when},
    }
