"""The main job as pages: state the problem, read the answer."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.accounts.models import Organisation
from catalogue.platforms.choices import Assurance as AssuranceChoice
from catalogue.platforms.choices import Deployment
from catalogue.platforms.models import Category, Evidence, Platform
from catalogue.templatetags.catalogue_ui import grouped, money

from . import services
from .engine.constraints import BUDGET, DEADLINE, DEPLOYMENT, SECURITY, SITES, USERS
from .engine.types import Assurance
from .models import Run

EXAMPLES = (
    "Tỉnh miền núi cần khám chữa bệnh từ xa cho các trạm y tế xã, bác sĩ tuyến tỉnh hội chẩn được với tuyến dưới.",
    "UBND phường muốn họp không giấy: gửi tài liệu trước, biểu quyết điện tử, họp trực tuyến với 30 tổ dân phố.",
    "Sở Nông nghiệp và Môi trường cần truy xuất nguồn gốc nông sản OCOP bằng mã QR, kinh phí dưới 500 triệu đồng.",
)


class StatementForm(forms.Form):
    """The one question. What is wrong with an answer is said by the service, in one place."""

    statement = forms.CharField(
        label=gettext_lazy("Bài toán của cơ quan bạn"), strip=False, required=False, widget=forms.Textarea
    )
    min_assurance = forms.ChoiceField(
        label=gettext_lazy("Mức bảo đảm tối thiểu"),
        choices=AssuranceChoice.choices,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Hãy chọn một trong các mức bảo đảm dưới đây.")},
    )

    def asked(self) -> services.Asked:
        level = self.cleaned_data["min_assurance"] or Assurance.PUBLIC_RECORD.key
        return services.Asked(self.cleaned_data["statement"], min_assurance=Assurance.parse(level))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The text box, filled from an example or an earlier statement when the address says so."""
    return _home(request, StatementForm(initial=_initial(request)))


def _initial(request: HttpRequest) -> dict[str, str]:
    example = request.GET.get("vi-du", "")
    if example.isdecimal() and 1 <= int(example[:3]) <= len(EXAMPLES):
        return {"statement": EXAMPLES[int(example[:3]) - 1]}
    try:
        run = Run.objects.get(pk=UUID(request.GET.get("cau-hoi", "")))
    except (ValueError, Run.DoesNotExist):
        return {}
    return {"statement": run.statement, "min_assurance": run.min_assurance}


def _home(request: HttpRequest, form: StatementForm, status: int = 200) -> HttpResponse:
    examples = [{"text": text, "url": f"{reverse('home')}?vi-du={at}"} for at, text in enumerate(EXAMPLES, start=1)]
    counts = {
        "platforms": Platform.objects.listed().count(),
        "vendors": Organisation.objects.vendors().count(),
        "categories": Category.objects.leaves_only().count(),
        "evidenced": Evidence.objects.exclude(url="").aggregate(n=Count("platform", distinct=True))["n"],
    }
    context = {"form": form, "examples": examples, "counts": counts}
    return render(request, "recommender/home.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def recommend(request: HttpRequest) -> HttpResponse:
    """Answer, record, and show the answer at an address of its own."""
    if request.method != "POST":
        return redirect("home")  # somebody reloaded or shared the form's address
    form = StatementForm(request.POST)
    if form.is_valid():
        try:
            run = services.answer_and_record(form.asked())
        except services.StatementRefused as refusal:
            form.add_error("statement", str(refusal))
        else:
            return HttpResponseRedirect(run.get_absolute_url(), status=303)
    return _home(request, form, status=400)


@require_safe
def run_page(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """An answer as it was given."""
    run = get_object_or_404(Run, pk=run_id)
    context = {"run": _shown(request, run), "edit_url": f"{reverse('home')}?cau-hoi={run.id}"}
    return render(request, "recommender/result.html", context)


def _shown(request: HttpRequest, run: Run) -> dict[str, Any]:
    answer = run.answer
    labels = {category.key: category.label for category in Category.objects.leaves_only()}
    return {
        "id": run.id,
        "statement": run.statement,
        "created_at": run.created_at,
        "address": request.build_absolute_uri(run.get_absolute_url()),
        "took_ms": run.took_ms,
        "abstained": run.abstained,
        "min_assurance_label": AssuranceChoice(run.min_assurance).label,
        "engine_label": f"{run.engine['version']} · {run.engine['catalogue_sequence']}",
        "notes": _notes(run),
        "needs": [
            {"label": labels.get(need["category"], need["label"]), "share": round(100 * need["share"])}
            for need in answer["needs"]
        ],
        "constraints": [_constraint(constraint) for constraint in answer["constraints"]],
        "results": [_hit(hit, labels) for hit in answer["results"]],
        "also_listed": [_hit(hit, labels) for hit in answer["also_listed"]],
    }


def _notes(run: Run) -> list[str]:
    engine = run.engine
    notes = []
    if not engine["model"]:
        notes.append(_("Máy chủ chưa có vectơ ngữ nghĩa, nên kết quả chỉ dựa trên từ ngữ và kém hơn một chút."))
    elif engine["vectors_missing"]:
        count = engine["vectors_missing"]
        notes.append(
            ngettext(
                "Còn %(count)d nền tảng chưa có vectơ ngữ nghĩa; chúng được xếp theo từ ngữ.",
                "Còn %(count)d nền tảng chưa có vectơ ngữ nghĩa; chúng được xếp theo từ ngữ.",
                count,
            )
            % {"count": count}
        )
    elif "semantic" not in engine["signals"]:
        notes.append(_("Bài toán gõ không dấu, nên kết quả dựa trên từ ngữ. Gõ có dấu cho kết quả tốt hơn."))
    return notes


def _hit(hit: dict[str, Any], labels: dict[str, str]) -> dict[str, Any]:
    level = AssuranceChoice(hit["assurance"])
    when = date.fromisoformat(hit["assured_on"]) if hit["assured_on"] else None
    return {
        "rank": hit["rank"],
        "name": hit["platform_name"],
        "url": reverse("platform", args=[hit["platform"]]),
        "vendor": hit["vendor_name"],
        "summary": hit["summary"],
        "category": labels.get(hit["category"], hit["category"]),
        "score": hit["score"],
        "parts": [
            {"label": _PART_LABELS[name], "value": value, "share": round(100 * value / max(hit["score"], 1e-9))}
            for name, value in hit["parts"].items()
        ],
        "reasons": [
            {
                "text": labels.get(hit["category"], reason["text"])
                if reason["field"] == "category"
                else _highlighted(reason["text"], reason["marks"]),
                "source": _FIELD_LABELS[reason["field"]],
            }
            for reason in hit["reasons"]
        ],
        "unmet": [_unmet(unmet) for unmet in hit["unmet"]],
        "assurance": {"level": level.value, "label": level.label, "date": when},
        "status_note": "" if hit["available"] else _("Đã ngừng cung cấp"),
    }


_PART_LABELS = {
    "lexical": gettext_lazy("Từ ngữ trùng với bài toán"),
    "semantic": gettext_lazy("Nghĩa gần với bài toán"),
    "need": gettext_lazy("Đúng nhóm nhu cầu"),
}
_FIELD_LABELS = {
    "solves": gettext_lazy("Bài toán sản phẩm giải quyết"),
    "capabilities": gettext_lazy("Chức năng"),
    "summary": gettext_lazy("Tóm tắt"),
    "description": gettext_lazy("Mô tả"),
    "category": gettext_lazy("Nhóm"),
}
_CONSTRAINT_LABELS = {
    BUDGET: gettext_lazy("Kinh phí tối đa"),
    DEPLOYMENT: gettext_lazy("Cách triển khai"),
    USERS: gettext_lazy("Số người dùng"),
    SITES: gettext_lazy("Số điểm triển khai"),
    SECURITY: gettext_lazy("Cấp độ an toàn hệ thống"),
    DEADLINE: gettext_lazy("Thời hạn"),
}


def _highlighted(text: str, marks: list[list[int]]) -> SafeString:
    """Escape the sentence and wrap its marked spans in <mark>."""
    pieces: list[SafeString] = []
    at = 0
    for start, end in marks:
        pieces += [format_html("{}", text[at:start]), format_html("<mark>{}</mark>", text[start:end])]
        at = end
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, format_html("{}", text[at:])]))


def _unmet(unmet: dict[str, Any]) -> str:
    if unmet["code"] == "need":
        return unmet["text"]
    if unmet["code"] == "status":
        return _("Sản phẩm đã ngừng cung cấp")
    label = _CONSTRAINT_LABELS[unmet["code"]]
    sentence = _("%(what)s: không đáp ứng") if unmet["known"] else _("%(what)s: chưa rõ")
    return sentence % {"what": label}


def _constraint(constraint: dict[str, Any]) -> dict[str, Any]:
    writers: dict[str, Callable[[Any], str]] = {BUDGET: money, DEPLOYMENT: _deployment_label, DEADLINE: str}
    write = writers.get(constraint["kind"], grouped)
    label = _CONSTRAINT_LABELS[constraint["kind"]]
    return {"label": label, "value": write(constraint["value"]), "words": constraint["words"]}


def _deployment_label(value: str) -> str:
    return str(Deployment(value).label)
