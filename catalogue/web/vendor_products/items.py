"""Packages and pieces of evidence: one page an item, added, changed and removed one at a time."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalogue.accounts.models import User
from catalogue.common.errors import DomainError
from catalogue.documents.models import Document
from catalogue.platforms import editing
from catalogue.platforms.content import STEPS, ContentInvalid, Step, parse
from catalogue.platforms.models import Platform
from catalogue.platforms.reading import STEP_TITLES, evidence_line, package_price, package_terms
from catalogue.platforms.revisions import Revision
from catalogue.web.claims import price_range

from . import unfinished
from .documents import taken_in
from .forms import EvidenceForm, PackageForm, Questions
from .steps import LEADS, address, draft_or_404, next_address, sent_version, trail, written_platform

_NEW, _ONE, _REMOVE = "new", "one", "remove"
_ADDRESSES: dict[Step, dict[str, str]] = {
    "packages": {_NEW: "product-package-new", _ONE: "product-package", _REMOVE: "product-package-remove"},
    "evidence": {_NEW: "product-evidence-new", _ONE: "product-evidence", _REMOVE: "product-evidence-remove"},
}

_FORMS: dict[Step, type[Questions]] = {"packages": PackageForm, "evidence": EvidenceForm}


@require_http_methods(["GET", "HEAD", "POST"])
def items(request: HttpRequest, key: str, slug: str, step: Step) -> HttpResponse:
    """What is there, each with its own page; the button goes on, and remembers that somebody looked here."""
    platform = written_platform(request, key, slug)
    revision = draft_or_404(platform)
    refusal = ""
    if request.method == "POST":
        values: dict[str, Any] = {step: revision.content[step]}
        try:
            _edit(request, revision, step, values, sent_version(request))
        except DomainError as problem:
            refusal = str(problem)
            revision.refresh_from_db()
        else:
            return redirect(address("product", platform) if "list" in request.POST else next_address(revision, step))
    order = list(STEPS)
    context = {
        "platform": platform,
        "trail": trail(platform),
        "title": str(STEP_TITLES[step]),
        "lead": LEADS[step],
        "at": order.index(step) + 1,
        "of": len(order),
        "version": revision.version,
        "items": _items(platform, revision, step),
        "new_url": address(_ADDRESSES[step][_NEW], platform),
        "new_label": _("Thêm gói giá") if step == "packages" else _("Thêm bằng chứng"),
        "empty": _("Chưa có gói giá nào.") if step == "packages" else _("Chưa có bằng chứng nào."),
        "public_price": _public_price(platform, revision) if step == "packages" else "",
        "unfinished": [one for one in unfinished_rows(request, revision) if one["step"] == step],
        "list_url": address("product", platform),
        "refusal": refusal,
    }
    return render(request, "vendor/items.html", context, status=409 if refusal else 200)


def package(request: HttpRequest, key: str, slug: str, at: int | None = None) -> HttpResponse:
    """Add a package, or change one."""
    return _item(request, key, slug, "packages", at)


def evidence(request: HttpRequest, key: str, slug: str, at: int | None = None) -> HttpResponse:
    """Add a piece of evidence, or change one; its file is looked at before anything is kept."""
    return _item(request, key, slug, "evidence", at)


def remove_package(request: HttpRequest, key: str, slug: str, at: int) -> HttpResponse:
    """Ask, then take a package off."""
    return _remove(request, key, slug, "packages", at)


def remove_evidence(request: HttpRequest, key: str, slug: str, at: int) -> HttpResponse:
    """Ask, then take a piece of evidence off."""
    return _remove(request, key, slug, "evidence", at)


@require_http_methods(["GET", "HEAD", "POST"])
def _item(request: HttpRequest, key: str, slug: str, step: Step, place: int | None) -> HttpResponse:
    platform = written_platform(request, key, slug)
    revision = draft_or_404(platform)
    there: list[dict[str, Any]] = revision.content[step]
    left = unfinished.left(request.session, revision, step, place)
    at = place
    if at is not None and at >= len(there):
        if left is None:
            raise Http404
        at = None  # somebody took it off meanwhile; what was typed is not lost with it
    if request.method != "POST":
        if left:
            form, document, version = _FORMS[step](left.typed), left.typed.get("document"), left.version
            return _item_page(request, revision, step, at, form, document, version=version, left=left)
        saved = there[at] if at is not None else {}
        return _item_page(request, revision, step, at, _FORMS[step](initial=saved), saved.get("document"))
    if getattr(request, "htmx", False):
        return _kept(request, revision, step, place)
    if "forget" in request.POST:
        unfinished.forget(request.session, revision, step, place)
        return redirect(request.path if at == place else address("product-step", platform, step=step))
    form = _FORMS[step](request.POST)
    form.is_valid()
    values, document = form.values(), request.POST.get("document") or None
    status = 400
    try:
        if step == "evidence":
            came = taken_in(request, platform)
            values["document"] = document = str(came.pk) if came else document
        rows = [*there, values] if at is None else [*there[:at], values, *there[at + 1 :]]
        _edit(request, revision, step, {step: rows}, sent_version(request))
    except ContentInvalid as refusal:
        form.refuse(refusal.fields)
    except editing.EditConflict as conflict:
        form.add_error(
            None, _("Người khác vừa sửa danh sách này. Xem bản đang lưu bên dưới; bấm lưu để ghi nội dung của bạn.")
        )
        status, revision = 409, conflict.revision
        return _item_page(
            request, revision, step, at, form, document, status=status, theirs=_theirs(conflict, step, at)
        )
    except DomainError as refusal:
        form.add_error("file" if step == "evidence" else None, str(refusal))
    else:
        unfinished.forget(request.session, revision, step, place)
        return redirect(address("product-step", platform, step=step))
    return _item_page(request, revision, step, at, form, document, status=status)


def _kept(request: HttpRequest, revision: Revision, step: Step, place: int | None) -> HttpResponse:
    """Keep what the page sent by itself, and answer with a line for its status."""
    now = timezone.now()
    names = {*_FORMS[step]().fields, "document"}
    typed = {name: value for name, value in request.POST.items() if name in names and isinstance(value, str)}
    roomy = unfinished.keep(request.session, revision, step, place, typed=typed, version=sent_version(request), now=now)
    refusal = "" if roomy else _("Chưa giữ được phần viết dở vì quá dài. Hãy bấm Lưu.")
    context = {"kept": True, "at": date_format(timezone.localtime(now), "H:i"), "refusal": refusal}
    return render(request, "vendor/saved.html", context)


def unfinished_rows(request: HttpRequest, revision: Revision) -> list[dict[str, Any]]:
    """Return what the visitor was typing and has not saved, as components/unfinished.html takes it."""
    return [
        {
            "step": one.step,
            "title": one.title or _("chưa đặt tên"),
            "time": one.time,
            "url": address(_ADDRESSES[one.step][_NEW], revision.platform)
            if one.at is None
            else address(_ADDRESSES[one.step][_ONE], revision.platform, at=one.at),
        }
        for one in unfinished.all_left(request.session, revision)
    ]


def _theirs(conflict: editing.EditConflict, step: Step, at: int | None) -> list[str]:
    """Return what is saved in the place that was written to; the whole list where an item was to be added."""
    saved = parse(conflict.revision.content)
    written = [" · ".join([one.name, package_price(one), *package_terms(one)]) for one in saved.packages]
    told = written if step == "packages" else [evidence_line(one) for one in saved.evidence]
    return told[at : at + 1] if at is not None else told


@require_http_methods(["GET", "HEAD", "POST"])
def _remove(request: HttpRequest, key: str, slug: str, step: Step, at: int) -> HttpResponse:
    platform = written_platform(request, key, slug)
    revision = draft_or_404(platform)
    there: list[dict[str, Any]] = revision.content[step]
    if at >= len(there):
        raise Http404
    back, refusal = address("product-step", platform, step=step), ""
    if request.method == "POST":
        try:
            _edit(request, revision, step, {step: [*there[:at], *there[at + 1 :]]}, sent_version(request))
        except DomainError as problem:
            refusal = str(problem)
        else:
            return redirect(back)
    context = {
        "platform": platform,
        "trail": trail(platform),
        "title": _("Bỏ gói giá này?") if step == "packages" else _("Bỏ bằng chứng này?"),
        "what": there[at].get("name") or there[at].get("title"),
        "consequence": _("Mục này sẽ không còn trong bản nháp. Trang công khai chưa thay đổi gì."),
        "button": _("Bỏ"),
        "fields": {"version": revision.version},
        "back": back,
        "refusal": refusal,
    }
    return render(request, "vendor/confirm.html", context, status=409 if refusal else 200)


def _edit(request: HttpRequest, revision: Revision, step: Step, values: dict[str, Any], version: int) -> Revision:
    by = cast(User, request.user)
    return editing.edit(revision, step=step, values=values, version=version, by=by, now=timezone.now())


def _items(platform: Platform, revision: Revision, step: Step) -> list[dict[str, Any]]:
    content = parse(revision.content)
    told: list[tuple[str, list[str], str]]
    if step == "packages":
        told = [
            (one.name, [package_price(one) or _("Chưa công bố giá"), *package_terms(one)], "")
            for one in content.packages
        ]
    else:
        told = [(one.title, [evidence_line(one)], str(one.document or "")) for one in content.evidence]
    names = _ADDRESSES[step]
    return [
        {
            "title": title,
            "lines": lines,
            "document": document,
            "url": address(names[_ONE], platform, at=at),
            "remove_url": address(names[_REMOVE], platform, at=at),
        }
        for at, (title, lines, document) in enumerate(told)
    ]


def _public_price(platform: Platform, revision: Revision) -> str:
    """Return the price that the public sees and no package tells: it stays until there is one."""
    return "" if revision.content["packages"] else price_range(platform)


def _item_page(
    request: HttpRequest,
    revision: Revision,
    step: Step,
    at: int | None,
    form: Questions,
    document: str | None,
    *,
    status: int = 200,
    theirs: list[str] | None = None,
    version: int | None = None,
    left: unfinished.Unfinished | None = None,
) -> HttpResponse:
    platform = revision.platform
    titles = {
        "packages": (_("Thêm gói giá"), _("Sửa gói giá")),
        "evidence": (_("Thêm bằng chứng"), _("Sửa bằng chứng")),
    }[step]
    context = {
        "platform": platform,
        "trail": [
            *trail(platform),
            {"label": str(STEP_TITLES[step]), "url": address("product-step", platform, step=step)},
        ],
        "title": titles[0] if at is None else titles[1],
        "form": form,
        "version": revision.version if version is None else version,
        "left": left,
        "document": Document.objects.filter(organisation=platform.vendor, pk=document).first() if document else None,
        "has_file": step == "evidence",
        "back": address("product-step", platform, step=step),
        "theirs": theirs,
    }
    return render(request, "vendor/item.html", context, status=status)
