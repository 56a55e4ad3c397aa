"""The main job as pages: state the problem, read the answer."""

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
from catalogue.common.text import fold
from catalogue.platforms.choices import Assurance as AssuranceChoice
from catalogue.platforms.models import Category, Evidence, Platform
from catalogue.web.structured import website

from . import bundle_page, services, whatif, whynot_page, wording
from .engine.text import is_marked
from .engine.types import Assurance
from .models import Run
from .whatif import WhatIfForm

MOST_NAMES = 500
MOST_SIMILAR = 8
MOST_NAME = 200  # characters of a product's name

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
        "vendors": Organisation.objects.shown().count(),
        "categories": Category.objects.leaves_only().count(),
        "evidenced": Evidence.objects.public().exclude(url="").aggregate(n=Count("platform", distinct=True))["n"],
    }
    context = {"form": form, "examples": examples, "counts": counts, "graph": website(request)}
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
    """An answer as it was given. Requirements in the address stand in the form, ready to be tried."""
    run = get_object_or_404(Run, pk=run_id)
    if whatif.is_state(request.GET):
        return _run_page(request, run, WhatIfForm(request.GET), dict(request.GET.lists()))
    return _run_page(request, run, WhatIfForm(), whatif.state_of_run(run))


@require_http_methods(["GET", "HEAD", "POST"])
def run_what_if(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Ask the same statement again with other requirements, and show that answer at an address of its own."""
    run = get_object_or_404(Run, pk=run_id)
    if request.method != "POST":
        return redirect(run)  # somebody reloaded or shared the form's address
    data = whatif.taken_off(request.POST)
    form = WhatIfForm(data)
    if form.is_valid():
        try:
            again = services.answer_and_record(form.asked(run))
        except services.StatementRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return HttpResponseRedirect(again.get_absolute_url(), status=303)
    return _run_page(request, run, form, dict(data.lists()), status=400)


@require_safe
def why_not(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Say why a product is not in an answer, and what would let it in."""
    run = get_object_or_404(Run, pk=run_id)
    wanted = " ".join(request.GET.get("san-pham", "").split())
    context = {"run": run, "wanted": wanted, "names": _names(), "found": None, "similar": [], "error": ""}
    if not wanted or len(wanted) > MOST_NAME or "\0" in wanted:
        context["error"] = (
            _("Hãy ghi tên hoặc khóa của một sản phẩm trong danh mục.") if "san-pham" in request.GET else ""
        )
        return render(request, "recommender/why_not.html", context, status=400 if context["error"] else 200)
    slug, context["similar"] = _named(request, wanted)
    context["found"] = whynot_page.shown(run, services.why_not(run, slug))
    return render(request, "recommender/why_not.html", context)


def _names() -> list[tuple[str, str]]:
    """Return key and name of products to choose from, as many as a list in a page can bear."""
    return list(Platform.objects.listed().order_by("name").values_list("slug", "name")[:MOST_NAMES])


def _named(request: HttpRequest, wanted: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the key of the product that is meant, or what was typed and the products that could be meant."""
    typed = fold(wanted).lower()
    similar: list[tuple[str, str]] = []
    for slug, name in Platform.objects.visible_to(request.user).order_by("name").values_list("slug", "name"):
        if wanted == slug or typed == fold(name).lower():
            return slug, []
        if typed in fold(name).lower():
            similar.append((slug, name))
    return (similar[0][0], []) if len(similar) == 1 else (wanted, similar[:MOST_SIMILAR])


def _run_page(request: HttpRequest, run: Run, form: WhatIfForm, typed: whatif.State, status: int = 200) -> HttpResponse:
    context = {
        "run": _shown(request, run),
        "edit_url": f"{reverse('home')}?cau-hoi={run.id}",
        "levels": list(AssuranceChoice),
        "requirements": whatif.shown(run, form, typed),
        "applied": whatif.applied(run),
        "parent": _parent(run),
    }
    return render(request, "recommender/result.html", context, status=status)


def _parent(run: Run) -> dict[str, Any] | None:
    """Return the run that this one asked again, with what changed; None when it is gone or there is none."""
    parent = Run.objects.filter(pk=run.answer.get("parent")).first() if run.answer.get("parent") else None
    if parent is None:
        return None
    changes = whatif.difference(parent.answer, run.answer)
    return {"url": parent.get_absolute_url(), "created_at": parent.created_at, "changes": changes}


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
        "results": [_hit(hit, labels) for hit in answer["results"]],
        "also_listed": [_hit(hit, labels) for hit in answer["also_listed"]],
        "doubtful": answer.get("doubtful", False),
        "why": _why(answer.get("why_no_result"), labels),
        "bundle": bundle_page.shown(answer["bundle"], labels, _highlighted) if answer.get("bundle") else None,
    }


def _why(why: dict[str, Any] | None, labels: dict[str, str]) -> dict[str, Any] | None:
    """Return why there is no result; None when there is one, or in an answer given before reasons were."""
    if why is None:
        return None
    nearest = why.get("nearest")
    return {
        "code": why["code"],
        "category": labels.get(why["category"], why["label"]),
        "nearest": nearest
        and {"name": nearest["platform_name"], "url": reverse("platform", args=[nearest["platform"]])},
        "missing": why["missing"],
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
        notes.append(
            _("Phần so sánh ý nghĩa đang tạm ngừng, nên kết quả chỉ dựa trên từ ngữ. Hãy thử lại sau ít phút.")
        )
    if "semantic" in engine["signals"] and not is_marked(run.statement):
        notes.append(_("Bài toán gõ không dấu; máy đã tự thêm dấu để so sánh ý nghĩa. Gõ có dấu cho kết quả chắc hơn."))
    return notes


def _hit(hit: dict[str, Any], labels: dict[str, str]) -> dict[str, Any]:
    return {
        **wording.listing(hit, labels),
        "rank": hit["rank"],
        "score": hit["score"],
        "parts": [
            {"label": wording.PARTS[name], "value": value, "share": round(100 * value / max(hit["score"], 1e-9))}
            for name, value in hit["parts"].items()
        ],
        "reasons": [
            {
                "text": labels.get(hit["category"], reason["text"])
                if reason["field"] == "category"
                else _highlighted(reason["text"], reason["marks"]),
                "source": wording.FIELDS[reason["field"]],
                "meant": reason.get("meant", ""),
            }
            for reason in hit["reasons"]
        ],
        "unmet": wording.unmet(hit["unmet"]),
        "mentions": wording.mentioned(hit.get("mentions", [])),
        "status_note": "" if hit["available"] else _("Đã ngừng cung cấp"),
    }


def _highlighted(text: str, marks: list[list[int]]) -> SafeString:
    """Escape the sentence and wrap its marked spans in <mark>."""
    pieces: list[SafeString] = []
    at = 0
    for start, end in marks:
        pieces += [format_html("{}", text[at:start]), format_html("<mark>{}</mark>", text[start:end])]
        at = end
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, format_html("{}", text[at:])]))
