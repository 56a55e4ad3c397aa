"""Made-up data for every component of templates/components/, so that the pattern page can show them all.

A component without an entry here fails a test. Several entries show several states; a component that carries an id of
its own can be shown only once on a page.
"""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalogue.platforms.choices import Assurance, Deployment
from catalogue.platforms.coverage import Coverage
from catalogue.problems.states import Ending, State

from .cards import BAR_ROW, bars
from .comparison import Cell, Comparison, Group, Line, Row
from .paging import ways

Sample = tuple[str, dict[str, Any]]  # what it shows, "" when that is plain; what the component takes
_RUN = UUID(int=0)  # no answer has this number
_READ_ON = date(2026, 11, 22)
_COVERAGE = Coverage(listed=5, public_record=3, vetted=1)
_LEVELS = (("declared", gettext_lazy("Tự khai")), ("public_record", Assurance.PUBLIC_RECORD.label))


class _SampleForm(forms.Form):
    statement = forms.CharField(
        error_messages={"required": gettext_lazy("Hãy viết bài toán của cơ quan bạn vào ô này.")}
    )


def samples() -> dict[str, list[Sample]]:
    """Return the samples of each component, by its file's name without the ending."""
    refused = _SampleForm({"statement": ""}, auto_id="mau_%s")
    refused.is_valid()
    return {
        "applied": [("", {"run_id": _RUN, "applied": _applied()})],
        "badge": [(str(level.label), {"assurance": _assurance(level)}) for level in Assurance],
        "breadcrumb": [("", {"trail": [{"label": "Y tế số", "url": None}], "current": "KhámXa"})],
        "badge_plain": [("", {"assurance": _assurance(Assurance.VETTED)})],
        "claim_level": [(str(label), {"claim": _claim(level, str(label))}) for level, label in _LEVELS],
        "comparison": [("", {"table": _comparison(), "products": _compared()})],
        "comparison_cell": [
            (
                _("Biết nhiều điều"),
                {"cell": Cell((Line("Dịch vụ qua mạng"), Line("example.vn", "https://example.vn/")))},
            ),
            (_("Chưa biết gì"), {"cell": Cell()}),
        ],
        "coverage_numbers": [("", {"coverage": _COVERAGE})],
        "coverage_picture": [("", _picture())],
        "coverage_table": [("", {"rows": _covered(), "caption": _("Số sản phẩm theo nhóm"), "first": _("Nhóm")})],
        "facet_options": [("", {"name": "mau-loc", "options": _options()})],
        "keep": [
            (_("Chưa lưu"), {"slug": "khamxa", "name": "KhámXa", "kept": [], "here": reverse("patterns")}),
            (_("Đã lưu"), {"slug": "hopviet", "name": "HọpViệt", "kept": ["hopviet"], "here": reverse("patterns")}),
        ],
        "pager": [("", {"pages": _pages()})],
        "product_list": [("", {"cards": [{**_hit(), "slug": "mau-danh-sach", "name": "HọpViệt"}]})],
        "sources": [
            ("", {"sources": [{"url": "https://example.vn/tin", "note": "Trang tin mẫu"}, {"url": None, "note": ""}]})
        ],
        "bundle": [("", {"bundle": _bundle()})],
        "difference": [("", {"parent": _parent()})],
        "error_summary": [("", {"form": refused})],
        "hit": [("", {"hit": _hit()})],
        "hit_compact": [("", {"hit": {**_hit(), "slug": "mau-gon", "status_note": _("Đã ngừng cung cấp")}})],
        "how_to_read": [("", {"level": Assurance.PUBLIC_RECORD.label, "levels": list(Assurance)})],
        "no_result": [("", {"edit_url": reverse("home"), "statement": "Quản lý kho vắc xin", "why": _why()})],
        "problem_card": [(str(state.label), {"problem": _problem(state)}) for state in State.public()],
        "parts": [("", {"parts": _parts(), "score": 0.86, "name": "KhámXa"})],
        "requirements": [("", {"run_id": _RUN, "requirements": _requirements()})],
        "why_not_form": [("", {"run_id": _RUN, "wanted": "", "names": [("khamxa", "KhámXa"), ("hopviet", "HọpViệt")]})],
    }


def _claim(level: str, label: str) -> dict[str, Any]:
    return {"level": level, "level_label": label, "date": _READ_ON}


def _comparison() -> Comparison:
    """Two products that differ in one respect and are alike in another."""
    different = Row(_("Cách triển khai"), (Cell((Line("SaaS"),)), Cell((Line(_("Cài tại cơ quan")),))))
    same = Row(_("Tình trạng"), (Cell((Line(_("Đang cung cấp")),)),) * 2)
    groups = (Group("different", _("Khác nhau"), (different,)), Group("same", _("Giống nhau"), (same,)))
    return Comparison((), groups)


def _compared() -> list[dict[str, Any]]:
    return [
        {
            "slug": name.lower(),
            "name": name,
            "url": reverse("home"),
            "vendor": "Công ty Mẫu",
            "status": "active",
            "assurance": _assurance(level),
            "without_url": reverse("compare"),
        }
        for name, level in (("KhámXa", Assurance.PUBLIC_RECORD), ("HọpViệt", Assurance.LISTED))
    ]


def _covered() -> list[dict[str, Any]]:
    return bars([({"label": _("Y tế từ xa"), "url": reverse("home"), "number": 1}, _COVERAGE)])


def _picture() -> dict[str, Any]:
    levels = [(level.value, level.label) for level in reversed(Assurance)]
    return {"rows": _covered(), "height": BAR_ROW, "title": _("Số sản phẩm theo nhóm"), "levels": levels}


def _options() -> list[dict[str, Any]]:
    named = ((Deployment.SAAS, 12, True), (Deployment.ON_PREMISE, 7, False))
    return [{"value": way.value, "label": way.label, "n": n, "checked": checked} for way, n, checked in named]


def _pages() -> dict[str, Any]:
    page = Paginator(range(200), 20).page(5)
    return ways(page, lambda number: reverse("platforms"), label=_("Sản phẩm"))


def _problem(state: State) -> dict[str, Any]:
    return {
        "url": reverse("problems"),
        "title": "Họp không giấy ở phường",
        "number": "7K3QZ9",
        "agency": "Ủy ban nhân dân phường Mẫu",
        "outcome": "Tài liệu tới trước họp hai ngày, không in giấy.",
        "categories": [_("Họp trực tuyến")],
        "stage": state,
        "ending": Ending.NONE_SUITABLE.label if state == State.ENDED else "",
        "closes_at": _READ_ON,
        "left": ngettext("còn %(n)d ngày", "còn %(n)d ngày", 12) % {"n": 12} if state == State.PUBLISHED else "",
    }


def _assurance(level: Assurance) -> dict[str, Any]:
    return {"level": level.value, "label": level.label, "date": None if level == Assurance.LISTED else _READ_ON}


def _applied() -> dict[str, Any]:
    return {"tags": [{"text": _("Kinh phí tối đa: 500.000.000 đ"), "off": "budget"}], "fields": [("top", "10")]}


def _parts() -> list[dict[str, Any]]:
    named = ((_("Từ ngữ trùng khớp"), 0.41), (_("Ý gần nhau"), 0.3), (_("Nhóm nhu cầu"), 0.15))
    return [{"label": label, "value": value, "share": 100 * value / 0.86} for label, value in named]


def _hit() -> dict[str, Any]:
    return {
        "slug": "mau-day-du",
        "rank": 1,
        "name": "KhámXa",
        "url": reverse("home"),
        "vendor": "Công ty Mẫu",
        "category": _("Y tế từ xa"),
        "summary": "Khám chữa bệnh từ xa giữa trạm y tế xã và bệnh viện tỉnh.",
        "score": 0.86,
        "parts": _parts(),
        "reasons": [
            {
                "text": mark_safe("Bác sĩ <mark>trạm y tế xã</mark> không có ai để hỏi khi gặp ca khó."),
                "source": _("Bài toán sản phẩm giải quyết"),
            }
        ],
        "mentions": [],
        "unmet": [_("Chưa rõ có cài tại cơ quan được không")],
        "assurance": _assurance(Assurance.PUBLIC_RECORD),
        "status_note": "",
    }


def _bundle() -> dict[str, Any]:
    names = (("KhámXa", _("Y tế từ xa")), ("HọpViệt", _("Họp trực tuyến")))
    members = [
        {
            "name": name,
            "url": reverse("home"),
            "vendor": "Công ty Mẫu",
            "category": category,
            "assurance": _assurance(Assurance.PUBLIC_RECORD),
        }
        for name, category in names
    ]
    needs = (
        ("khám chữa bệnh từ xa", "Khám chữa bệnh từ xa giữa trạm y tế xã và bệnh viện tỉnh."),
        ("họp trực tuyến với các tổ dân phố", "Họp trực tuyến, họp không giấy và biểu quyết điện tử."),
    )
    return {
        "members": members,
        "covers": [
            {"need": need, "member": member, "by_words": True, "text": text, "source": _("Tóm tắt")}
            for (need, text), member in zip(needs, members, strict=True)
        ],
        "left": [{"need": "thu học phí không dùng tiền mặt", "why": _("chưa sản phẩm nào trong danh sách nhắc tới")}],
        "connections": [{"names": [name for name, _category in names], "declared": []}],
    }


def _parent() -> dict[str, Any]:
    changes = {
        "came": [{"platform": "mau", "name": "KhámXa", "rank": 1}],
        "went": [{"platform": "mau", "name": "HọpViệt", "rank": 2, "apart": True}],
        "moved": [{"platform": "mau", "name": "TemViệt", "was": 3, "rank": 2}],
    }
    return {"url": reverse("home"), "created_at": datetime(2026, 11, 25, 2, 30, tzinfo=UTC), "changes": changes}


def _why() -> dict[str, Any]:
    nearest = {"name": "KhámXa", "url": reverse("home")}
    return {
        "code": "no_product",
        "category": _("Y tế từ xa"),
        "nearest": nearest,
        "missing": ["quản lý kho vắc xin của tỉnh"],
    }


def _requirements() -> dict[str, Any]:
    read = {
        "id": "budget",
        "kind": "budget_read",
        "value": "500000000",
        "label": _("Kinh phí tối đa"),
        "text": "500.000.000 đ",
        "words": "dưới 500 triệu đồng",
        "checked": True,
    }
    return {
        "form": {},
        "items": [read],
        "budget": "",
        "deployments": [{"value": way.value, "label": way.label, "checked": False} for way in Deployment],
        "levels": [
            {"value": level.value, "label": level.label, "chosen": level == Assurance.LISTED} for level in Assurance
        ],
        "top": "10",
        "is_open": True,
    }
