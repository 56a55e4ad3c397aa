"""A QR code of a run's address, to print beside the answer or to show to the next desk."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.web import qr

from .models import Run


@require_safe
def run_qr(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(Run.objects.only("pk"), pk=run_id)
    return qr.picture(request, run.get_absolute_url(), title=_("Mã QR dẫn đến kết quả này"))
