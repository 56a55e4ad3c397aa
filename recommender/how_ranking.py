"""How ranking works, in plain words. Numbers come from the engine itself, so the page cannot fall behind it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .engine.index import ENGINE_VERSION, TIE_SEED
from .engine.pipeline import MOST_PER_VENDOR, NEAR_TOP, WEIGHTS, WORTH_SHOWING


@require_safe
def how_ranking(request: HttpRequest) -> HttpResponse:
    """What a score is made of, what moves nothing, and what a listing cannot buy."""
    says = {
        "lexical": (
            _("Từ ngữ"),
            _("Trang sản phẩm có những từ của bài toán không, nhất là từ hiếm; từ đồng nghĩa tính ít hơn."),
        ),
        "semantic": (
            _("Ý nghĩa"),
            _("Ý của bài toán gần với tóm tắt, mô tả, chức năng và các bài toán mà sản phẩm nêu đến đâu, dù khác từ."),
        ),
        "need": (
            _("Nhu cầu"),
            _("Bài toán thuộc nhóm nhu cầu nào, và sản phẩm của nhóm này thường đáp ứng nhu cầu ấy đến đâu."),
        ),
    }
    whole = sum(WEIGHTS.values())
    context = {
        "parts": [
            {"label": says[name][0], "sentence": says[name][1], "weight": weight, "share": weight / whole}
            for name, weight in WEIGHTS.items()
        ],
        "most_per_vendor": MOST_PER_VENDOR,
        "near_top": NEAR_TOP,
        "tie_seed": TIE_SEED,
        "worth_showing": round(100 * WORTH_SHOWING),
        "engine": ENGINE_VERSION,
    }
    return render(request, "recommender/how_ranking.html", context)
