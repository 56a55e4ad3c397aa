"""Bringing products in: a file is sent, what it would do is shown, somebody decides."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue.accounts.models import Organisation, User
from catalogue.common.errors import DomainError
from catalogue.platforms.bulk import importing, opening, publiccode, templates
from catalogue.platforms.bulk.columns import MOST_PARTS, MOST_PRODUCTS, TABLES
from catalogue.platforms.bulk.models import KEPT, Import
from catalogue.platforms.bulk.planning import Plan, Planned, Problem
from catalogue.platforms.bulk.sheets import Saved
from catalogue.platforms.differences import differences
from catalogue.platforms.models import Category, Platform
from catalogue.platforms.reading import LABELS

MOST_PROBLEMS = 50  # shown; all of them are in the file that is given back
MOST_COMPARED = 25  # products shown side by side; the others by the names of their fields
_FORM = require_http_methods(["GET", "HEAD", "POST"])


def written_vendor(request: HttpRequest, key: str) -> Organisation:
    """Return the vendor, if the visitor may write for it; a stranger is told what nobody is told."""
    return get_object_or_404(Organisation.objects.vendors().edited_by(request.user), key=key)


def written_import(request: HttpRequest, key: str, pk: UUID) -> Import:
    rows = Import.objects.written_by(request.user).select_related("organisation").distinct()
    return get_object_or_404(rows, pk=pk, organisation__key=key)


def trail(vendor: Organisation, *, inside: bool = False) -> list[dict[str, str]]:
    """Return the way back: the vendor's products, and from a page inside also the first step."""
    products = _("Sản phẩm của %(name)s") % {"name": vendor.short_name}
    steps = [{"label": products, "url": reverse("vendor-products", args=[vendor.key])}]
    return [*steps, {"label": _("Nhập dữ liệu"), "url": reverse("import", args=[vendor.key])}] if inside else steps


@never_cache
@_FORM
def start(request: HttpRequest, key: str) -> HttpResponse:
    """The template to fill in, and the form that takes the file."""
    vendor = written_vendor(request, key)
    refusal = ""
    if request.method == "POST":
        try:
            name, content = _sent_file(request)
            file = opening.opened(content)
        except DomainError as problem:
            refusal = str(problem)
        else:
            return _kept(request, vendor, file, name)
    context = {
        "vendor": vendor,
        "trail": trail(vendor),
        "refusal": refusal,
        "templates": [
            {"label": _("Tệp mẫu XLSX, có hướng dẫn và danh sách để chọn"), "kind": "xlsx"},
            *(
                {"label": _("Tệp mẫu CSV: %(table)s") % {"table": table.title}, "kind": f"{table.name}.csv"}
                for table in TABLES.values()
            ),
        ],
        "most_products": MOST_PRODUCTS,
        "most_parts": MOST_PARTS,
    }
    return render(request, "vendor/bulk/start.html", context, status=400 if refusal else 200)


@never_cache
@_FORM
def from_publiccode(request: HttpRequest, key: str) -> HttpResponse:
    """The same for one product, from a publiccode.yml that is sent or pasted."""
    vendor = written_vendor(request, key)
    pasted, category, product = (request.POST.get(name, "") for name in ("text", "category", "product"))
    products = list(Platform.objects.filter(vendor=vendor).order_by("name", "pk").values_list("slug", "name"))
    leaves = Category.objects.leaves_only().select_related("parent").order_by("parent__position", "position")
    refusal = ""
    if request.method == "POST":
        try:
            name, content = _sent_text(request, pasted)
            known = {leaf.key for leaf in leaves}, {slug for slug, _name in products}
            understood = publiccode.read(content)
            file = publiccode.as_file(
                understood,
                category=category if category in known[0] else "",
                product=product if product in known[1] else "",
            )
        except DomainError as problem:
            refusal = str(problem)
        else:
            return _kept(request, vendor, file, name)
    context = {
        "vendor": vendor,
        "trail": trail(vendor, inside=True),
        "refusal": refusal,
        "pasted": pasted,
        "category": category,
        "product": product,
        "leaves": leaves,
        "products": products,
    }
    return render(request, "vendor/bulk/publiccode.html", context, status=400 if refusal else 200)


def _sent_file(request: HttpRequest) -> tuple[str, bytes]:
    return opening.sent(request.FILES.get("file"), too_big=getattr(request, "upload_too_big", False))


def _sent_text(request: HttpRequest, pasted: str) -> tuple[str, bytes]:
    if pasted.strip() and not request.FILES:
        return "publiccode.yml", pasted.encode()
    return _sent_file(request)


def _kept(request: HttpRequest, vendor: Organisation, file: opening.Opened, name: str) -> HttpResponse:
    received = importing.receive(vendor, file, name=name, by=cast(User, request.user), now=timezone.now())
    return redirect("import-check", vendor.key, received.pk)


@never_cache
@_FORM
def check(request: HttpRequest, key: str, pk: UUID) -> HttpResponse:
    """What the file would do; its button does all of it. Afterwards, what was done."""
    received = written_import(request, key, pk)
    refusal = ""
    if request.method == "POST":
        by, now = cast(User, request.user), timezone.now()
        try:
            importing.confirm(received, digest=request.POST.get("digest", ""), by=by, now=now)
        except importing.AlreadyDone:
            pass  # sent twice: what was done is shown
        except DomainError as problem:
            refusal = str(problem)
        else:
            return redirect("import-check", key, pk)
        received.refresh_from_db()
    if received.is_done:
        return _done(request, received)
    plan = importing.plan_of(received)
    context = {
        "vendor": received.organisation,
        "trail": trail(received.organisation, inside=True),
        "received": received,
        "refusal": refusal,
        "forgotten_at": received.created_at + KEPT,
        **_shown(plan),
    }
    status = 409 if refusal else 200
    return render(request, "vendor/bulk/check.html", context, status=status)


def _shown(plan: Plan) -> dict[str, Any]:
    problems: list[Problem] = plan.problems
    compared = plan.changed[:MOST_COMPARED]
    return {
        "problems": problems[:MOST_PROBLEMS],
        "more_problems": len(problems) - MOST_PROBLEMS,
        "problem_count": len(problems),
        "wrong_rows": len({(one.table, one.row) for one in problems}),
        "created": [_row(one) for one in plan.created],
        "changed": [{**_row(one), "differences": differences(one.before, one.after)} for one in compared if one.before],
        "changed_more": [_row(one) for one in plan.changed[MOST_COMPARED:]],
        "counts": Counter(created=len(plan.created), changed=len(plan.changed), unchanged=len(plan.unchanged)),
        "does_something": bool(plan.created or plan.changed),
        "digest": plan.digest,
    }


def _row(one: Planned) -> dict[str, Any]:
    return {
        "name": one.after.name,
        "fields": [str(LABELS[field]) for field in one.fields],
        "lacking": [str(LABELS[field]) for field in one.lacking],
    }


def _done(request: HttpRequest, received: Import) -> HttpResponse:
    products = {
        platform.slug: {
            "name": platform.name,
            "url": reverse("product", args=[received.organisation.key, platform.slug]),
        }
        for platform in Platform.objects.filter(
            vendor=received.organisation, slug__in=[*received.result["created"], *received.result["changed"]]
        )
    }
    context = {
        "vendor": received.organisation,
        "trail": trail(received.organisation, inside=True),
        "received": received,
        "created": [products[slug] for slug in received.result["created"] if slug in products],
        "changed": [products[slug] for slug in received.result["changed"] if slug in products],
        "unchanged": received.result["unchanged"],
    }
    return render(request, "vendor/bulk/done.html", context)


@never_cache
@require_safe
def errors(request: HttpRequest, key: str, pk: UUID) -> FileResponse:
    """The rows as they came in, with what must be put right."""
    received = written_import(request, key, pk)
    if received.is_done:
        raise Http404
    return saved(templates.errors_file(received, importing.plan_of(received).problems))


@never_cache
@require_POST
def discard(request: HttpRequest, key: str, pk: UUID) -> HttpResponse:
    """Forget the file."""
    received = written_import(request, key, pk)
    try:
        importing.discard(received)
    except importing.AlreadyDone:
        return redirect("import-check", key, pk)
    return redirect("import", key)


@never_cache
@require_safe
def template(request: HttpRequest, key: str, kind: str) -> FileResponse:
    """An empty file to fill in."""
    written_vendor(request, key)
    if kind not in templates.KINDS:
        raise Http404
    return saved(templates.template(kind))


def saved(file: Saved) -> FileResponse:
    """Return a file that a browser keeps and never opens in the site."""
    return FileResponse(file.file, as_attachment=True, filename=file.name, content_type=file.media_type)
