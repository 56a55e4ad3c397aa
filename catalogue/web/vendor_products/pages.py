"""A vendor's products, one product's task list, its answers to check, and what becomes of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue.accounts.models import Organisation, User
from catalogue.common.errors import DomainError
from catalogue.platforms import editing
from catalogue.platforms.content import STEPS, ContentInvalid, Fields, parse, step_of
from catalogue.platforms.differences import of_revision
from catalogue.platforms.models import Platform
from catalogue.platforms.reading import LABELS, STEP_TITLES, lines
from catalogue.platforms.revisions import Revision, RevisionState
from catalogue.vetting import services as vetting
from catalogue.vetting.models import Submission

from .forms import StartForm
from .items import unfinished_rows
from .steps import address, member_of, progress, read_platform, sent_version, trail, written_platform

PAGE_SIZE = 30


@require_safe
def products(request: HttpRequest, key: str) -> HttpResponse:
    """The vendor's products, those that nobody else sees among them."""
    vendor = get_object_or_404(Organisation.objects.vendors().read_by(member_of(request)), key=key)
    rows = Platform.objects.read_by_members(request.user).filter(vendor=vendor).select_related("vendor")
    latest = Prefetch("revisions", Revision.objects.order_by("-number"), to_attr="newest_first")
    page = Paginator(rows.prefetch_related(latest).order_by("name", "pk"), PAGE_SIZE).get_page(request.GET.get("trang"))
    context = {
        "vendor": vendor,
        "page": page,
        "products": [_row(platform) for platform in page],
        "may_write": Organisation.objects.edited_by(request.user).filter(pk=vendor.pk).exists(),
    }
    return render(request, "vendor/products.html", context)


def _row(platform: Platform) -> dict[str, Any]:
    newest: Revision | None = next(iter(platform.newest_first), None)  # type: ignore[attr-defined]
    return {
        "name": platform.name,
        "url": reverse("product", kwargs={"key": platform.vendor.key, "slug": platform.slug}),
        "public_url": platform.get_absolute_url() if is_public(platform) else "",
        "standing": _standing(platform),
        "state": newest.get_state_display() if newest else "",
        "at": (newest.decided_at or newest.submitted_at or newest.edited_at) if newest else None,
    }


def is_public(platform: Platform) -> bool:
    return platform.listed_at is not None and platform.retired_at is None


def _standing(platform: Platform) -> str:
    if platform.retired_at:
        return _("Đã rút khỏi danh mục")
    return _("Đang công bố") if platform.listed_at else _("Chưa công bố")


@require_http_methods(["GET", "HEAD", "POST"])
def new_product(request: HttpRequest, key: str) -> HttpResponse:
    """The two things that must be known before anything else: what it is called, and what it is for."""
    vendor = get_object_or_404(Organisation.objects.vendors().edited_by(member_of(request)), key=key)
    form = StartForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        form.is_valid()
        try:
            revision = editing.start(vendor, **form.values(), by=cast(User, request.user), now=timezone.now())
        except ContentInvalid as refusal:
            form.refuse(refusal.fields)
            status = 400
        else:
            return redirect(address("product", revision.platform))
    back = reverse("vendor-products", args=[vendor.key])
    return render(request, "vendor/new.html", {"vendor": vendor, "form": form, "back": back}, status=status)


@require_safe
def product(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """The task list: what is done, what is lacking, what comes next."""
    platform = read_platform(request, key, slug)
    revision = _newest(platform)
    may_write = Platform.objects.written_by(request.user).filter(pk=platform.pk).exists()
    draft = revision if revision and revision.is_draft else None
    problems = editing.what_is_missing(platform, parse(draft.content)) if draft else {}
    steps = progress(draft, problems) if draft else []
    context = {
        "platform": platform,
        "trail": trail(platform)[:1],
        "vetting": platform.submissions.order_by("-opened_at", "-pk").first(),
        "standing": _standing(platform),
        "public_url": platform.get_absolute_url() if is_public(platform) else "",
        "revision": revision,
        "draft": draft,
        "steps": steps,
        "done": sum(step.state == "done" for step in steps),
        "goes_on": next((step for step in steps if step.state != "done" and not step.optional), None),
        "ready": bool(draft) and not problems,
        "may_write": may_write,
        "urls": _urls(platform),
    }
    return render(request, "vendor/product.html", context)


def _newest(platform: Platform) -> Revision | None:
    revision = platform.revisions.select_related("edited_by", "decided_by").order_by("-number").first()
    if revision:
        revision.platform = platform
    return revision


def _urls(platform: Platform) -> dict[str, str]:
    names = {"revise": "product-revise", "check": "product-check", "changes": "product-changes", "withdraw": "product-withdraw", "vetting": "vendor-vetting"}  # fmt: skip
    return {short: address(name, platform) for short, name in names.items()}


@require_POST
def revise_product(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """Begin a new revision, or go on with the one that is open."""
    platform = written_platform(request, key, slug)
    editing.revise(platform, by=cast(User, request.user), now=timezone.now())
    return redirect(address("product", platform))


def _open(platform: Platform) -> Revision:
    revision = _newest(platform)
    if revision is None or revision.state not in RevisionState.open():
        raise Http404
    return revision


@require_safe
def product_changes(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """The open revision beside what the public sees."""
    platform = read_platform(request, key, slug)
    revision = _open(platform)
    context = {
        "platform": platform,
        "trail": trail(platform),
        "revision": revision,
        "is_new": platform.listed_at is None,
        "differences": of_revision(revision),
    }
    return render(request, "vendor/changes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def check_product(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """All answers on one page; handing in is the button below them."""
    posting = request.method == "POST"
    platform = (written_platform if posting else read_platform)(request, key, slug)
    revision = _open(platform)
    content = parse(revision.content)
    problems = editing.what_is_missing(platform, content) if revision.is_draft else {}
    refusal, status = "", 200
    if posting:
        by, now = cast(User, request.user), timezone.now()
        try:
            vetting.hand_in(revision, version=sent_version(request), by=by, now=now)
        except DomainError as problem:
            revision, refusal, status = _open(platform), str(problem), 409
        else:
            return redirect(address("product-submitted", platform))
    context = {
        "platform": platform,
        "trail": trail(platform),
        "revision": revision,
        "groups": _groups(revision, problems),
        "problems": _problems(platform, problems),
        "unfinished": unfinished_rows(request, revision),
        "refusal": refusal,
        "at_once": editing.shown_at_once(revision),
        "may_write": Platform.objects.written_by(request.user).filter(pk=platform.pk).exists(),
        "urls": _urls(platform),
    }
    return render(request, "vendor/check.html", context, status=status)


def _groups(revision: Revision, problems: Fields) -> list[dict[str, Any]]:
    content = parse(revision.content)
    lacking = {field.split(".")[0] for field in problems}
    return [
        {
            "title": STEP_TITLES[step],
            "url": address("product-step", revision.platform, step=step),
            "rows": [
                {"label": LABELS[field], "lines": lines(content, field), "lacking": field in lacking}
                for field in fields
            ],
        }
        for step, fields in STEPS.items()
    ]


def _problems(platform: Platform, problems: Fields) -> list[dict[str, str]]:
    return [
        {
            "text": f"{LABELS[field.split('.')[0]]}: {sentence}",
            "url": address("product-step", platform, step=step_of(field)),
        }
        for field, sentences in problems.items()
        for sentence in sentences
    ]


@require_safe
def product_submitted(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """What was handed in, and what happens next."""
    platform = read_platform(request, key, slug)
    revision = _newest(platform)
    if revision is None or revision.state not in (RevisionState.SUBMITTED, RevisionState.PUBLISHED):
        raise Http404
    context = {
        "platform": platform,
        "trail": trail(platform),
        "revision": revision,
        "published": revision.state == RevisionState.PUBLISHED,
        "public_url": platform.get_absolute_url() if is_public(platform) else "",
        "urls": _urls(platform),
    }
    return render(request, "vendor/submitted.html", context)


def _take_back(revision: Revision, *, by: User, now: datetime) -> None:
    """Give a draft up; what was handed in is taken back with its submission."""
    submission = Submission.objects.open().filter(revision=revision).first()
    if submission is None:
        editing.withdraw(revision, by=by, now=now)
    else:
        vetting.withdraw(submission, by=by, now=now)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_product(request: HttpRequest, key: str, slug: str) -> HttpResponse:
    """Ask, then take back what was handed in, or give the draft up."""
    platform = written_platform(request, key, slug)
    revision = _open(platform)
    refusal = ""
    if request.method == "POST":
        try:
            _take_back(revision, by=cast(User, request.user), now=timezone.now())
        except DomainError as problem:
            refusal = str(problem)
        else:
            return redirect(address("product", platform))
    submitted = revision.state == RevisionState.SUBMITTED
    context = {
        "platform": platform,
        "trail": trail(platform),
        "title": _("Rút hồ sơ đã nộp?") if submitted else _("Bỏ bản nháp này?"),
        "what": platform.name,
        "consequence": _(
            "Hồ sơ ra khỏi hàng chờ thẩm định. Nội dung không mất: lần sửa sau bắt đầu từ bản này. Trang công khai không thay đổi."
        )
        if submitted
        else _(
            "Bản nháp đóng lại. Nội dung không mất: lần sửa sau bắt đầu từ bản này. Trang công khai không thay đổi."
        ),
        "button": _("Rút hồ sơ") if submitted else _("Bỏ bản nháp"),
        "fields": {},
        "back": address("product", platform),
        "refusal": refusal,
    }
    return render(request, "vendor/confirm.html", context, status=409 if refusal else 200)
