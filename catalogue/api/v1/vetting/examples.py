"""Examples for the description of the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

_AT = "2026-11-26T09:00:00+07:00"
_PAPER = {
    "id": "3f2b6c1e-7f0a-4c1d-9b57-0a2f0d9a5b11", "name": "quyen-tac-gia.pdf", "media_type": "application/pdf", "size": 81234,
}  # fmt: skip
_CLARIFICATION = {
    "id": 3, "question": "Giấy chứng nhận số nào?", "asked_at": _AT, "reply": "", "replied_at": None, "document": None,
}  # fmt: skip
_OWN_ANSWER = {
    "id": 12, "criterion": "source-code", "question": "Mã nguồn thuộc về ai?", "mandatory": True,
    "text": "Công ty tự phát triển.", "document": _PAPER, "verdict": "open", "note": "", "clarifications": [_CLARIFICATION],
}  # fmt: skip
_CARD = {
    "id": 7, "platform": "hop-viet", "platform_name": "Họp Việt", "vendor": "sao-bac", "state": "in_review", "renews": None,
    "revision": None, "submitted_at": _AT, "moved_at": _AT, "due_on": "2026-12-17", "valid_until": None,
}  # fmt: skip
_LISTED = {**_CARD, "risk": 1, "reviewer": "mot@bo.gov.vn"}
_SUBMISSION = {
    **_LISTED, "proposal": "", "proposal_note": "", "decided_by": None, "decided_at": None, "reason": "",
    "answers": [{**_OWN_ANSWER, "concluded_on": None, "holds_until": None}],
    "findings": [{"code": "tax_code", "passed": True, "facts": {}, "found_at": _AT}],
    "steps": [{"action": "submit", "state": "submitted", "at": _AT, "by": "editor@example.vn", "note": ""}],
}  # fmt: skip
_OWN = {
    **_CARD, "decided_at": None, "reason": "", "answers": [_OWN_ANSWER],
    "steps": [{"action": "submit", "state": "submitted", "at": _AT}],
}  # fmt: skip
_APPEAL = {
    "id": 2, "submission": 7, "challenge": None, "reason": "Đã có giấy mới.", "made_at": _AT, "due_on": "2026-12-24",
    "outcome": "open", "answer": "", "decided_at": None,
}  # fmt: skip
_CHALLENGE = {
    "id": 5, "platform": "hop-viet", "about": "evidence", "reason": "Giấy chứng nhận đã bị thu hồi từ tháng 6.",
    "source": "https://example.vn/quyet-dinh", "made_at": _AT, "due_on": "2026-12-10", "outcome": "upheld",
    "answer": "Đúng, giấy đã hết hiệu lực.", "answered_at": _AT, "suspends": True, "appeals": [],
}  # fmt: skip
_OPEN = {**_CHALLENGE, "outcome": "open", "answer": "", "answered_at": None, "suspends": False}
_TOKEN = "5:1vNq2Z:Jr1rKQ0e3n0mXQ2cQf3d4s5t6u7v8w9x0y1z2a3b4c5"  # noqa: S105 (of nobody)


def answered(name: str, value: Any, status: str = "200") -> OpenApiExample:
    return OpenApiExample(name, value, response_only=True, status_codes=[status])


def sent(name: str, value: Any) -> OpenApiExample:
    return OpenApiExample(name, value, request_only=True)


def page(row: Any) -> dict[str, Any]:
    return {"count": 1, "next": None, "previous": None, "results": [row]}


SUBMISSIONS = answered("One in hand", page(_LISTED))
SUBMISSION = answered("In review", _SUBMISSION)
OWN = answered("In review", {"submission": _OWN, "appealable": [], "appeals": []})
OWN_SUBMISSION = answered("As it stands now", _OWN)
BEGUN = answered("A draft", {**_OWN, "state": "draft", "submitted_at": None, "due_on": None, "steps": []}, "201")
REASON = sent("A reason", {"reason": "Giấy chứng nhận đã hết hiệu lực."})
NOTE = sent("A note", {"note": "Đã xem đủ."})
PROPOSAL = sent("Accept", {"proposal": "accept", "note": "Mọi tiêu chí bắt buộc đều đạt."})
CONCLUSION = sent("Not met", {"verdict": "not_met", "note": "Chưa có giấy tờ."})
QUESTIONS = sent("One question", {"questions": [{"answer": 12, "question": "Giấy chứng nhận số nào?"}]})
EXPLANATION = sent("With a file", {"text": "Công ty tự phát triển.", "document": _PAPER["id"]})
REPLIES = sent("One reply", {"replies": [{"clarification": 3, "text": "Số 123/2024."}]})
CHALLENGES = answered("One that was founded", page(_CHALLENGE))
OPEN_CHALLENGES = answered("One that waits", page(_OPEN))
CHALLENGE = answered("One that waits", _OPEN)
SETTLED = answered("Founded", _CHALLENGE)
RAISE = sent(
    "A certificate",
    {"platform": "hop-viet", "about": "evidence", "reason": "Giấy chứng nhận đã bị thu hồi từ tháng 6.", "email": "toi@example.vn"},
)  # fmt: skip
RAISED = answered("Received", {**_OPEN, "token": _TOKEN, "appeal_until": None}, "201")
MINE = answered("Dismissed", {
    **_CHALLENGE, "outcome": "dismissed", "suspends": False, "token": _TOKEN, "appeal_until": "2026-12-26",
})  # fmt: skip
SETTLEMENT = sent("Founded", {"upheld": True, "answer": "Đúng, giấy đã hết hiệu lực.", "suspends": True})
DECISION = sent("Upheld", {"upheld": True, "answer": "Giấy mới hợp lệ."})
APPEAL = answered("It waits", _APPEAL, "201")
APPEALS = answered("One that waits", page({**_APPEAL, "platform": "hop-viet"}))
ONE_APPEAL = answered("It waits", {**_APPEAL, "platform": "hop-viet"})
VENDOR_APPEAL = sent("Against a suspension", {"submission": 7, "reason": "Đã có giấy mới."})
CLOCK = answered("Today", {
    "on": "2026-11-26",
    "steps": [{"step": "submitted", "label": "Chờ người thẩm định", "days": 5, "open": 4, "late": 1}],
})  # fmt: skip
