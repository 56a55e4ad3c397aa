"""Taking out everything that a vendor entered."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalogue.accounts.models import Organisation
from catalogue.platforms.bulk import exporting

from .importing import saved, trail


def read_vendor(request: HttpRequest, key: str) -> Organisation:
    """Return the vendor, if the visitor belongs to it."""
    return get_object_or_404(Organisation.objects.vendors().read_by(request.user), key=key)


@never_cache
@require_safe
def export(request: HttpRequest, key: str) -> HttpResponse:
    """What can be taken out, and as what."""
    vendor = read_vendor(request, key)
    context = {
        "vendor": vendor,
        "trail": trail(vendor),
        "may_write": Organisation.objects.vendors().edited_by(request.user).filter(pk=vendor.pk).exists(),
        "files": [
            {"kind": "xlsx", "label": _("XLSX: mở bằng Excel, sửa rồi nhập lại được")},
            {"kind": "zip", "label": _("CSV: mỗi bảng một tệp, nén trong một tệp ZIP")},
            {"kind": "json", "label": _("JSON: đầy đủ nhất, để chuyển sang hệ thống khác")},
        ],
    }
    return render(request, "vendor/bulk/export.html", context)


@never_cache
@require_safe
def export_file(request: HttpRequest, key: str, kind: str) -> FileResponse:
    """The file."""
    vendor = read_vendor(request, key)
    if kind not in exporting.KINDS:
        raise Http404
    return saved(exporting.export(vendor, kind, day=timezone.localdate()))
