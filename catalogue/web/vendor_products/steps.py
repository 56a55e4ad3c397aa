"""The steps in which a product is written: their addresses and order, how far each has come, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from catalogue.accounts.models import User
from catalogue.common.errors import DomainError
from catalogue.platforms import editing
from catalogue.platforms.content import MUST, STEPS, Content, ContentInvalid, Fields, Step, parse, step_of
from catalogue.platforms.differences import Difference, compared
from catalogue.platforms.models import Platform
from catalogue.platforms.prompts import needs_told
from catalogue.platforms.reading import LABELS, STEP_TITLES, lines
from catalogue.platforms.revisions import Revision, RevisionState
from catalogue.platforms.slogans import findings

from .forms import Questions, form_of

SLUGS: dict[Step, str] = {
    "name": "ten",
    "summary": "tom-tat",
    "description": "mo-ta",
    "solves": "bai-toan",
    "capabilities": "chuc-nang",
    "customers": "khach-hang",
    "prices": "gia",
    "packages": "goi-gia",
    "deployment": "trien-khai",
    "connections": "ket-noi",
    "exit": "ngung-su-dung",
    "origin": "nguon-goc",
    "evidence": "bang-chung",
    "contact": "lien-he",
}
_BY_SLUG = {slug: step for step, slug in SLUGS.items()}
LEADS: dict[Step, Any] = {
    "solves": gettext_lazy(
        "Viết 4 đến 6 câu mà khách hàng nói trước khi biết đến sản phẩm: ai, gặp việc gì, vướng ở đâu. Hệ thống gợi ý đọc các câu này để tìm sản phẩm cho bài toán của cơ quan; lời quảng cáo không giúp được."
    ),
    "packages": gettext_lazy(
        "Ghi giá như trên hóa đơn thật. Cơ quan cần để lập dự toán; sản phẩm không có giá vẫn được đăng nhưng bị ghi là chưa công bố giá."
    ),
    "origin": gettext_lazy(
        "Cơ quan dùng các thông tin này để xét ưu tiên hàng trong nước. Điều chưa rõ thì để “Chưa rõ”: không bị coi là không."
    ),
    "evidence": gettext_lazy(
        "Mỗi điều quan trọng nên có một trang công khai hoặc giấy tờ đi kèm. Người thẩm định đọc rồi mới tính vào mức bảo đảm."
    ),
    "exit": gettext_lazy("Cơ quan sợ nhất là không lấy lại được dữ liệu. Nói rõ ở đây thì dễ được chọn hơn."),
}


class StepConverter:
    """A step's name in an address."""

    regex = "|".join(_BY_SLUG)

    def to_python(self, value: str) -> Step:
        return _BY_SLUG[value]

    def to_url(self, value: Step) -> str:
        return SLUGS[value]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one step has come. `state`: done, lacking, begun, untouched."""

    step: str
    title: str
    state: str
    label: str
    optional: bool
    url: str


def member_of(request: HttpRequest) -> User:
    """Return who asks. Anybody who is nobody yet is told what a stranger is told."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def written_platform(request: HttpRequest, key: str, slug: str) -> Platform:
    """Return the platform, if the visitor may write it."""
    rows = Platform.objects.written_by(member_of(request)).select_related("vendor", "category")
    return get_object_or_404(rows, vendor__key=key, slug=slug)


def read_platform(request: HttpRequest, key: str, slug: str) -> Platform:
    """Return the platform, if the visitor belongs to its vendor."""
    rows = Platform.objects.read_by_members(member_of(request)).select_related("vendor", "category")
    return get_object_or_404(rows, vendor__key=key, slug=slug)


def address(name: str, platform: Platform, **more: Any) -> str:
    return reverse(name, kwargs={"key": platform.vendor.key, "slug": platform.slug, **more})


def trail(platform: Platform) -> list[dict[str, str]]:
    """Return the way back: the vendor's products, this product."""
    products = reverse("vendor-products", args=[platform.vendor.key])
    return [
        {"label": _("Sản phẩm của %(name)s") % {"name": platform.vendor.short_name}, "url": products},
        {"label": platform.name, "url": address("product", platform)},
    ]


def progress(revision: Revision, problems: Fields) -> list[Progress]:
    """Return every step in order, with how far it has come. problems: what keeps the revision from being handed in."""
    lacking = {step_of(field) for field in problems}
    content = parse(revision.content)
    return [_progress(revision, content, step, step in lacking) for step in STEPS]


def _progress(revision: Revision, content: Content, step: Step, lacking: bool) -> Progress:
    optional = not any(field in MUST for field in STEPS[step])
    said = any(lines(content, field) for field in STEPS[step])
    if said and not lacking:
        state, label = "done", _("Xong")
    elif lacking and said:
        state, label = "lacking", _("Cần xem lại")
    elif step in revision.saved and optional:
        state, label = "done", _("Đã xem, để trống")
    else:
        state, label = "untouched", _("Chưa làm")
    return Progress(
        step, str(STEP_TITLES[step]), state, label, optional, address("product-step", revision.platform, step=step)
    )


def next_address(revision: Revision, step: Step) -> str:
    """Return the page after this step: the next one, and behind the last the answers to check."""
    order = list(STEPS)
    at = order.index(step) + 1
    if at == len(order):
        return address("product-check", revision.platform)
    return address("product-step", revision.platform, step=order[at])


def draft_or_404(platform: Platform) -> Revision:
    """Return the platform's draft; without one there is nothing to write."""
    revision = get_object_or_404(platform.revisions.select_related("edited_by"), state=RevisionState.DRAFT)
    revision.platform = platform
    return revision


def sent_version(request: HttpRequest) -> int:
    """Return the version that the page was made from; 0, which everything is newer than, when it cannot be read."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, key: str, slug: str, step: Step) -> HttpResponse:
    """One step. It is saved by its button, and while one types where there are scripts."""
    platform = written_platform(request, key, slug)
    revision = draft_or_404(platform)
    content = parse(revision.content)
    if request.method != "POST":
        return _page(request, revision, step, form_of(step, content))
    form = form_of(step, content, request.POST)
    form.is_valid()
    by, now = cast(User, request.user), timezone.now()
    try:
        revision = editing.edit(
            revision, step=step, values=form.values(), version=sent_version(request), by=by, now=now
        )
    except ContentInvalid as refusal:
        form.refuse(refusal.fields)
        return _saved(request, None, refusal) or _page(request, revision, step, form, status=400)
    except editing.EditConflict as conflict:
        return _saved(request, None, conflict) or _conflict(request, conflict, form)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _saved(request, None, refusal) or _page(request, revision, step, form, status=409)
    revision.platform.vendor = platform.vendor
    whereto = address("product", platform) if "list" in request.POST else next_address(revision, step)
    return _saved(request, revision, None) or redirect(whereto)


def _saved(request: HttpRequest, revision: Revision | None, refusal: DomainError | None) -> HttpResponse | None:
    """Answer a save that the page made by itself: a line for its status; None when a person pressed the button."""
    if not getattr(request, "htmx", False):
        return None
    context = {
        "version": revision.version if revision else None,
        "at": date_format(timezone.localtime(), "H:i"),
        "refusal": "" if refusal is None else _refusal_line(refusal),
    }
    return render(request, "vendor/saved.html", context)


def _refusal_line(refusal: DomainError) -> str:
    if isinstance(refusal, editing.EditConflict):
        return _(
            "Chưa tự lưu: người khác vừa lưu phần này. Chữ của bạn còn nguyên; bấm nút lưu để xem hai bản cạnh nhau."
        )
    return _("Chưa tự lưu: %(reason)s") % {"reason": refusal}


def _page(
    request: HttpRequest,
    revision: Revision,
    step: Step,
    form: Questions,
    *,
    status: int = 200,
    conflict: dict[str, Any] | None = None,
) -> HttpResponse:
    order = list(STEPS)
    content = parse(revision.content)
    context = {
        "platform": revision.platform,
        "trail": trail(revision.platform),
        "title": str(STEP_TITLES[step]),
        "lead": LEADS.get(step, ""),
        "at": order.index(step) + 1,
        "of": len(order),
        "form": form,
        "version": revision.version,
        "list_url": address("product", revision.platform),
        "examples": needs_told(content.category) if step == "solves" else [],
        "advice": _advice(revision, content) if step == "solves" else [],
        "conflict": conflict,
    }
    return render(request, "vendor/step.html", context, status=status)


def _advice(revision: Revision, content: Content) -> list[dict[str, Any]]:
    """Return what is saved and reads like an advertisement, with the reasons."""
    vendor = revision.platform.vendor
    names = [content.name, vendor.name, vendor.short_name]
    found = [(at, text, findings(text, names)) for at, text in enumerate(content.solves)]
    return [
        {"n": at + 1, "text": text, "reasons": [one.sentence for one in reasons]}
        for at, text, reasons in found
        if reasons
    ]


def _conflict(request: HttpRequest, conflict: editing.EditConflict, form: Questions) -> HttpResponse:
    """Show what is saved beside what was sent; the form holds what was sent, and its button saves that over the other."""
    current = conflict.revision
    saved, sent = parse(current.content), parse({**current.content, **conflict.yours})
    differing = [
        Difference(field, str(LABELS[field]), *compared(lines(saved, field), lines(sent, field)))
        for field in STEPS[conflict.step]
        if lines(saved, field) != lines(sent, field)
    ]
    who = current.edited_by.get_full_name() or current.edited_by.email if current.edited_by else ""
    return _page(
        request,
        current,
        conflict.step,
        form,
        status=409,
        conflict={"sentence": str(conflict), "who": who, "at": current.edited_at, "differences": differing},
    )
