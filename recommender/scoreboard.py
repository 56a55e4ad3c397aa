"""The public scoreboard: what the last evaluation found, in plain words. It reads docs/evaluation.json, nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

FINDINGS = settings.BASE_DIR / "docs" / "evaluation.json"
ROW_HEIGHT = 56  # of the picture, in pixels: a line of text and its bar


@require_safe
def scoreboard(request: HttpRequest) -> HttpResponse:
    """How good the recommender is, where it is weak, and whether it favours large vendors."""
    try:
        found = json.loads(FINDINGS.read_text(encoding="utf-8"))
        shown = _shown(found)
    except (OSError, ValueError, KeyError, TypeError):  # not measured yet, or written by another version
        shown = None
    return render(request, "recommender/scoreboard.html", {"found": shown})


def _shown(found: Mapping[str, Any]) -> dict[str, Any]:
    measures = [_measure(name, found, at) for at, name in enumerate(_MEASURES)]
    language = "en" if (get_language() or "").startswith("en") else "vi"
    return {
        "engine": found["engine"],
        "model": found["model"],
        "platforms": found["platforms"],
        "problems": found["problems"],
        "source": found["source"],
        "officer": found["officer"]["ndcg@10"],
        "officer_at": f"{100 * found['officer']['ndcg@10']:.1f}%",
        "measures": measures,
        "height": ROW_HEIGHT * len(measures),
        "steps": [
            {"label": _STEPS[name], "value": _value(step), "unmarked": step["unmarked"]}
            for name, step in found["steps"].items()
        ],
        "tables": [
            [
                {"label": _SLICES[name], "n": part["n"], **_range(part["measures"]["ndcg@10"])}
                for name, part in found["slices"].items()
            ],
            [
                {
                    "label": row[language],
                    "n": row["n"],
                    **_range({"value": row["ndcg@10"], "interval": row["interval"]}),
                }
                for row in found["groups"]
            ],
        ],
        "worst": [{**row, "labels": row[language], "value": row["ndcg@10"]} for row in found["worst"]],
        "vendors": [{**row, "label": _SIZES[row["size"]]} for row in found["vendors"]],
        "abstention": found["abstention"],
        "public": [_public(one, language) for one in found.get("public") or []],
        "check": _check(found.get("abstention_check")),
    }


def _public(one: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return one public set: nDCG@10 of each way of searching, with and without marks."""
    return {
        **{key: one[key] for key in ("passages", "questions", "licence", "source")},
        "label": one[language],
        "ways": [
            {"label": _WAYS[way], **{typed: _range(of[typed]["ndcg@10"]) for typed in ("marked", "unmarked")}}
            for way, of in one["ways"].items()
        ],
    }


def _check(check: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return how well it refuses, a row a share and a column a way of searching."""
    if check is None:
        return None
    return {
        **{key: check[key] for key in ("outside", "answerable")},
        "columns": [_CHECKED_WAYS[way] for way in check["ways"]],
        "rows": [
            {
                "label": label,
                "cells": [{"way": _CHECKED_WAYS[way], **_range(of[name])} for way, of in check["ways"].items()],
            }
            for name, label in _CHECKED_SHARES.items()
        ],
    }


def _value(part: Mapping[str, Any]) -> float | None:
    return part["measures"]["ndcg@10"]["value"]


def _range(one: Mapping[str, Any]) -> dict[str, Any]:
    low, high = one["interval"] or (None, None)
    return {"value": one["value"], "low": low, "high": high}


def _measure(name: str, found: Mapping[str, Any], at: int) -> dict[str, Any]:
    """Return one measure with what the picture needs: lengths as SVG takes them, whatever the page's language."""
    label, sentence = _MEASURES[name]
    measured = _range(found["whole"]["measures"][name])
    plain = found["steps"]["plain"]["measures"][name]["value"]
    top = ROW_HEIGHT * at
    lengths = {"to": measured["value"], "low_at": measured["low"], "high_at": measured["high"], "plain_at": plain}
    return {
        "label": label,
        "sentence": sentence,
        "plain": plain,
        "officer": name == "ndcg@10",
        "text_y": top + 18,
        "bar_y": top + 28,
        "middle_y": top + 35,
        "end_y": top + 46,
        **measured,
        **{key: None if value is None else f"{100 * value:.1f}%" for key, value in lengths.items()},
    }


_MEASURES = {
    "ndcg@10": (
        _("Thứ tự mười kết quả đầu (nDCG@10)"),
        _("Mười kết quả đầu gần thứ tự tốt nhất đến đâu; sản phẩm càng hợp thì càng phải đứng cao."),
    ),
    "recall@10": (
        _("Tìm đủ (recall@10)"),
        _("Trong những sản phẩm thật sự đáp ứng được, bao nhiêu phần trăm có mặt trong mười kết quả đầu."),
    ),
    "mrr": (
        _("Chỗ đứng của kết quả đúng đầu tiên (MRR)"),
        _("Được 100 nếu kết quả đúng luôn đứng đầu, 50 nếu luôn đứng thứ hai, 10 nếu luôn đứng thứ mười."),
    ),
    "p@1": (
        _("Kết quả đầu tiên đúng (P@1)"),
        _("Trong 100 bài toán, bao nhiêu lần ngay kết quả đầu tiên đã đáp ứng được."),
    ),
    "hit@3": (
        _("Có kết quả đúng trong ba kết quả đầu (hit@3)"),
        _("Trong 100 bài toán, bao nhiêu lần ít nhất một trong ba kết quả đầu đáp ứng được."),
    ),
}
_STEPS = {
    "plain": _("Tìm kiếm thông thường theo từ"),
    "syllables": _("Thêm: chuẩn hóa âm tiết, dấu và cụm hai tiếng"),
    "solves": _("Thêm: bài toán mà sản phẩm giải quyết"),
    "abbreviations": _("Thêm: hiểu chữ viết tắt"),
    "vectors": _("Thêm: so sánh nghĩa"),
    "all": _("Thêm: hiểu nhu cầu thuộc nhóm nào (đủ các bước)"),
    "words_only": _("Đủ các bước nhưng không so sánh nghĩa"),
}
_SLICES = {
    "no_diacritics": _("Mọi bài toán, bỏ hết dấu"),
    "typed_without_marks": _("Bài toán vốn gõ không dấu"),
    "short": _("Bài toán ngắn, đến 20 tiếng"),
    "long": _("Bài toán dài, từ 40 tiếng"),
}
_WAYS = {
    "plain": _("Tìm kiếm thông thường theo từ"),
    "words": _("Hệ thống, chỉ theo từ"),
    "vectors": _("Hệ thống, theo từ và nghĩa"),
}
_CHECKED_WAYS = {"words": _("Chỉ theo từ"), "both": _("Theo từ và nghĩa")}
_CHECKED_SHARES = {
    "precision": _("Khi từ chối thì từ chối đúng (precision)"),
    "recall": _("Từ chối được điều ngoài phạm vi (recall)"),
    "near": _("Trong đó: điều ngoài phạm vi nhưng nghe rất giống"),
    "answered": _("Bài toán có lời giải thì được trả lời"),
}
_SIZES = {"1": _("1 sản phẩm"), "2-4": _("2 đến 4 sản phẩm"), "5+": _("Từ 5 sản phẩm")}
