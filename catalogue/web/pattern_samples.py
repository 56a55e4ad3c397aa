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
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalogue.platforms.choices import Assurance, Deployment
from catalogue.platforms.coverage import Coverage
from catalogue.platforms.differences import Difference, compared
from catalogue.problems.coach import Stated, review
from catalogue.problems.states import Ending, State

from .agency_problems.reading import shown_review
from .cards import BAR_ROW, bars
from .comparison import Cell, Comparison, Group, Line, Row
from .paging import ways
from .vendor_products.forms import DeploymentForm, Questions, SummaryForm

Sample = tuple[str, dict[str, Any]]  # what it shows, "" when that is plain; what the component takes
_RUN = UUID(int=0)  # no answer has this number
_READ_ON = date(2026, 11, 22)
_COVERAGE = Coverage(listed=5, public_record=3, vetted=1)
_LEVELS = (("declared", gettext_lazy("Tự khai")), ("public_record", Assurance.PUBLIC_RECORD.label))


class _SampleForm(forms.Form):
    statement = forms.CharField(
        error_messages={"required": gettext_lazy("Hãy viết bài toán của cơ quan bạn vào ô này.")}
    )


class _SampleQuestions(forms.Form):
    name = forms.CharField(label=gettext_lazy("Tên"), help_text=gettext_lazy("Như trên giấy tờ."))
    email = forms.EmailField(label=gettext_lazy("Thư điện tử"))
    remember = forms.BooleanField(label=gettext_lazy("Ghi nhớ tôi trên thiết bị này"))


def samples() -> dict[str, list[Sample]]:
    """Return the samples of each component, by its file's name without the ending."""
    refused = _SampleForm({"statement": ""}, auto_id="mau_%s")
    refused.is_valid()
    asked, wrong = _SampleQuestions(auto_id="mau_hoi_%s"), _SampleQuestions({"email": "x"}, auto_id="mau_sai_%s")
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
        "packages": [("", {"packages": _packages(), "claim": _claim("declared", str(_LEVELS[0][1]))})],
        "question": [
            (_("Một văn bản có giới hạn từ"), {"field": _question("summary")}),
            (_("Chọn một, có lỗi"), {"field": _question("data_in_vietnam")}),
        ],
        "side_by_side": [
            ("", {"differences": _differences(), "before": _("Đang công bố"), "after": _("Bản này")}),
        ],
        "unfinished": [("", {"rows": [{"title": _("Gói xã"), "time": timezone.now(), "url": reverse("patterns")}]})],
        "coverage_numbers": [("", {"coverage": _COVERAGE})],
        "coverage_picture": [("", _picture())],
        "coverage_table": [("", {"rows": _covered(), "caption": _("Số sản phẩm theo nhóm"), "first": _("Nhóm")})],
        "exposure_picture": [("", {"picture": _weeks()})],
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
        "field_errors": [("", {"field": _SampleQuestions({"email": "x"}, auto_id="mau_loi_%s")["email"]})],
        "form_field": [(_("Chưa trả lời"), {"field": asked["name"]}), (_("Trả lời sai"), {"field": wrong["email"]})],
        "form_fields": [("", {"form": _SampleQuestions(auto_id="mau_bieu_%s")})],
        "coach": [
            ("", {"found": shown_review(review(Stated("Xây dựng hệ thống Họp Việt", names=frozenset({"Họp Việt"}))))})
        ],
        "hints": [("", {"hints": _advice()})],
        "sheet_field": [("", {"field": refused["statement"]})],
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


def _weeks() -> dict[str, Any]:
    """Return two weeks of which one has every kind of part."""
    bands = [
        {"band": "first_three", "label": _("Hạng 1 đến 3")},
        {"band": "first_ten", "label": _("Hạng 4 đến 10")},
        {"band": "further", "label": _("Hạng 11 trở đi")},
        {"band": "apart", "label": _("Nêu riêng, dưới mức được hỏi")},
    ]
    parts = [{"band": one["band"], "y": f"{91 - at * 29}", "height": "29"} for at, one in enumerate(bands)]
    return {
        "columns": [
            {"first": date(2026, 11, 9), "x": "5%", "width": "30%", "parts": parts, "counts": [1, 1, 1, 1], "total": 4},
            {"first": _READ_ON, "x": "55%", "width": "30%", "parts": parts[:1], "counts": [1, 0, 0, 0], "total": 1},
        ],
        "bands": bands,
        "height": 132,
        "floor": 120,
        "highest": 4,
        "first": date(2026, 11, 9),
        "until": _READ_ON,
    }


def _advice() -> list[dict[str, Any]]:
    """Return a serious hint with an example and a way, and a mild one without."""
    return [
        {
            "severity": "serious",
            "label": _("Nên sửa"),
            "message": _("Câu này gần như trùng với hồ sơ “%(name)s”. Hãy viết bằng lời của mình.") % {"name": "Hội Chẩn Việt"},
            "why": _("Hai hồ sơ giống nhau thì cán bộ không biết chọn theo gì, và không biết ai là người làm ra."),
            "example": "Bác sĩ trạm y tế xã không có ai để hỏi khi gặp ca khó.",
            "url": reverse("patterns"),
        },
        {
            "severity": "advice",
            "label": _("Có thể rõ hơn"),
            "message": _("Cụm này viết hoa toàn bộ. Hãy viết thường, chỉ hoa tên riêng."),
            "why": _("Chữ hoa liền nhau khó đọc, và nhiều trình đọc màn hình đánh vần từng chữ."),
            "example": "",
            "url": "",
        },
    ]  # fmt: skip


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


def _packages() -> list[dict[str, Any]]:
    return [
        {
            "name": "Gói xã",
            "price": "12.000.000 đ / cơ quan / năm",
            "unit": "cơ quan / năm",
            "quantity": 5,
            "months": 12,
            "setup": "3.000.000 đ",
            "support": "",
            "includes": "Tập huấn một buổi, hỗ trợ qua điện thoại.",
        },
        {"name": "Gói tỉnh", "price": "", "unit": "cơ quan / năm"},
    ]


def _question(name: str) -> forms.BoundField:
    asked: Questions = SummaryForm() if name == "summary" else DeploymentForm({})
    asked.auto_id = "mau-%s"
    if asked.is_bound:
        asked.is_valid()
        asked.refuse({name: [_("Hãy chọn một mục trong danh sách.")]})
    return asked[name]


def _differences() -> list[Difference]:
    before, after = compared(["Họp không giấy cho cấp xã."], ["Họp không giấy cho cấp xã và cấp tỉnh."])
    return [Difference("summary", _("Tóm tắt"), before, after)]


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
