"""Examples of what is sent and answered, one product throughout."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

from catalogue.api.errors import MEDIA_TYPE
from catalogue.platforms.content import STEPS, Content, Step

_DOCUMENT = "0b9f6f0e-8f43-4f0e-9d5c-0c4b7c1f2a11"
PACKAGE = {
    "name": "Gói xã", "unit": "agency", "period": "year", "price_min": 12_000_000, "price_max": 15_000_000,
    "min_quantity": None, "min_months": 12, "setup_fee": 0, "support_fee": None, "includes": "Cài đặt, tập huấn một ngày.",
}  # fmt: skip
EVIDENCE = {
    "kind": "acceptance", "title": "Nghiệm thu tại tỉnh A", "year": 2025, "url": "", "note": "", "issuer": "UBND tỉnh A",
    "number": "12/BB-NT", "expires_on": None, "document": _DOCUMENT,
}  # fmt: skip
CONTENT: dict[str, Any] = Content.model_validate(
    {
        "name": "Họp Giấy",
        "category": "paperless-meetings",
        "summary": "Họp không giấy cho hội đồng nhân dân các cấp.",
        "description": "Gửi tài liệu trước họp, điểm danh, biểu quyết tại chỗ.",
        "solves": [
            "Mỗi kỳ họp in hàng nghìn trang tài liệu, sửa một chỗ là in lại từ đầu.",
            "Đại biểu ở xa phải đi cả ngày đường chỉ để dự một cuộc họp ngắn.",
            "Biểu quyết giơ tay đếm nhầm, thư ký phải đếm lại nhiều lần.",
            "Kết luận họp gửi bằng giấy, nơi nhận được nơi không.",
        ],
        "capabilities": ["Biểu quyết điện tử", "Gửi tài liệu"],
        "customers": ["Tỉnh A"],
        "status": "active",
        "launched": 2021,
        "pricing_model": "subscription",
        "packages": [PACKAGE],
        "deployment": ["saas"],
        "data_in_vietnam": "yes",
        "security_level": 3,
        "connections": ["lgsp"],
        "languages": ["Tiếng Việt"],
        "export_formats": ["CSV"],
        "exit_terms": "Bàn giao toàn bộ dữ liệu trong 30 ngày, không mất phí.",
        "vietnamese_share": "51.5",
        "designed_by": "vietnamese",
        "website": "https://hop.example.vn",
        "support_phone": "024 3943 1234",
        "evidence": [EVIDENCE],
    }
).as_json()
_BEGUN = Content(name="Họp Giấy", category="paperless-meetings").as_json()
_AT = "2026-11-26T09:00:00+07:00"
_CARD = {
    "key": "hop-giay", "name": "Họp Giấy", "category": "paperless-meetings", "state": "draft", "public": False, "page": None,
    "revision_state": "draft", "reason": "", "since": _AT,
}  # fmt: skip
_PAST = {
    "number": 1, "state": "returned", "begun_from": None, "version": 17, "created_at": "2026-11-20T09:00:00+07:00",
    "edited_at": "2026-11-21T10:00:00+07:00", "edited_by": "Nguyễn Lan", "submitted_at": "2026-11-21T10:05:00+07:00",
    "decided_at": "2026-11-24T15:00:00+07:00", "reason": "Chưa rõ giá đã gồm thuế hay chưa.",
}  # fmt: skip
_NOW = {
    "number": 2, "state": "draft", "begun_from": 1, "version": 3, "created_at": _AT, "edited_at": _AT,
    "edited_by": "Nguyễn Lan", "submitted_at": None, "decided_at": None, "reason": "",
}  # fmt: skip
_HINT = {
    "code": "no_price", "severity": "serious", "field": "packages", "message": "Hãy công bố giá của ít nhất một gói.",
    "why": "Không có giá thì cơ quan không lập được dự toán.", "example": "",
}  # fmt: skip
_OPEN = {**_NOW, "content": CONTENT, "saved": {"prices": 2, "packages": 3}, "missing": [], "completeness": 84, "hints": [], "at_once": False}  # fmt: skip
_FIRST = {
    **_NOW, "number": 1, "begun_from": None, "version": 1, "content": _BEGUN, "saved": {}, "completeness": 0,
    "missing": [{"step": "summary", "field": "summary", "detail": "Hãy viết tóm tắt."}], "hints": [_HINT], "at_once": False,
}  # fmt: skip
_PRODUCT = {**_CARD, "may_write": True, "published": None, "revision": _OPEN}
_CHECKED = {"missing": [], "hints": [], "state": "submitted", "submitted_at": _AT}


def _answer(name: str, value: Any, *statuses: str) -> OpenApiExample:
    return OpenApiExample(name, value, response_only=True, status_codes=list(statuses or ("200",)))


def _problem(name: str, status: int, title: str, code: str, detail: str, **more: Any) -> OpenApiExample:
    body = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail, **more}
    return OpenApiExample(name, body, response_only=True, media_type=MEDIA_TYPE, status_codes=[str(status)])


LIST = _answer("A draft", {"count": 1, "next": None, "previous": None, "results": [_CARD]})
START = OpenApiExample("A new product", {"name": "Họp Giấy", "category": "paperless-meetings"}, request_only=True)
STARTED = _answer("Its first draft", {**_PRODUCT, "revision": _FIRST}, "201")
PRODUCT = _answer("A draft that can be handed in", _PRODUCT)
SUBMITTED = _answer(
    "It waits for a decision",
    {**_PRODUCT, "state": "waiting", "revision_state": "submitted", "revision": {**_OPEN, **_CHECKED}},
)
WITHDRAWN = _answer("No revision is open", {**_PRODUCT, "revision_state": "withdrawn", "revision": None})
VERSION = OpenApiExample("As it was read", {"version": 3}, request_only=True)
CHANGES = _answer(
    "One word of the summary",
    {
        "is_new": False,
        "differences": [
            {
                "field": "summary",
                "label": "Tóm tắt",
                "before": [[{"mark": "same", "text": "Câu "}, {"mark": "removed", "text": "cũ."}]],
                "after": [[{"mark": "same", "text": "Câu "}, {"mark": "added", "text": "mới."}]],
            }
        ],
    },
)
REVISIONS = _answer("Returned once", {"count": 2, "next": None, "previous": None, "results": [_NOW, _PAST]})
PROMPTS = _answer(
    "Of paperless meetings",
    {
        "needs": ["Mỗi kỳ họp in hàng nghìn trang tài liệu."],
        "common_capabilities": [{"key": "bieu-quyet-dien-tu", "label": "Biểu quyết điện tử"}],
    },
)
REFUSED = _problem(
    "What is wrong, by field", 400, "Bad Request", "content_invalid", "Nhiều nhất 50 từ; đang có 51 từ.",
    errors=[{"field": "summary", "detail": "Nhiều nhất 50 từ; đang có 51 từ."}],
)  # fmt: skip
INCOMPLETE = _problem(
    "Not yet", 400, "Bad Request", "incomplete", "Hồ sơ chưa nộp được: còn chỗ phải điền hoặc viết lại.",
    errors=[{"field": "summary", "detail": "Hãy viết tóm tắt."}],
)  # fmt: skip
OUTDATED = _problem(
    "Somebody saved meanwhile", 409, "Conflict", "outdated",
    "Nội dung vừa được người khác sửa. Hãy xem lại trước khi nộp.", version=4,
)  # fmt: skip


def of_step(step: Step) -> list[OpenApiExample]:
    """Return what is sent of a step, and what is answered."""
    fields = {field: CONTENT[field] for field in STEPS[step]}
    return [
        OpenApiExample("The step as it shall be", {"version": 3, **fields}, request_only=True),
        _answer("The step as it is saved", {"version": 4, **fields}, "200"),
    ]


def of_item(step: Step) -> list[OpenApiExample]:
    """Return what is sent of a package or a piece of evidence, and the list that is answered."""
    one = PACKAGE if step == "packages" else EVIDENCE
    said = {name: value for name, value in one.items() if value not in (None, "")}
    sent = [OpenApiExample("One of the list", {"version": 3, **said}, request_only=True)]
    if step == "evidence":
        texts = {name: str(value) for name, value in said.items() if name != "document"}
        form = {"version": 3, **texts, "file": "nghiem-thu.pdf"}
        sent.append(OpenApiExample("With its file", form, request_only=True, media_type="multipart/form-data"))
    return [*sent, the_list(step)]


def the_list(step: Step) -> OpenApiExample:
    return _answer("The whole list", {"version": 4, step: CONTENT[step]}, "200", "201")


def conflict(step: Step) -> OpenApiExample:
    """Return what who saves second is told."""
    yours = {field: CONTENT[field] for field in STEPS[step]}
    theirs = {field: _BEGUN[field] for field in STEPS[step]}
    return _problem(
        "Somebody saved this step meanwhile", 409, "Conflict", "edit_conflict",
        "Người khác vừa lưu phần này. Nội dung của bạn chưa ghi đè lên gì cả.", theirs=theirs, yours=yours, version=4,
    )  # fmt: skip
