"""A QR code of a run's address, to print beside the answer or to show to the next desk."""

from io import BytesIO
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from .models import Run

A_DAY = 24 * 60 * 60  # seconds


@require_safe
def run_qr(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The picture, black on white whatever the page's colours: cameras read it so."""
    run = get_object_or_404(Run.objects.only("pk"), pk=run_id)
    picture = BytesIO()
    segno.make(request.build_absolute_uri(run.get_absolute_url()), error="m", micro=False).save(
        picture, kind="svg", scale=4, border=4, light="#fff", omitsize=True, title=_("Mã QR dẫn đến kết quả này")
    )
    answer = HttpResponse(picture.getvalue(), content_type="image/svg+xml")
    answer["Cache-Control"] = f"private, max-age={A_DAY}"
    answer["X-Robots-Tag"] = "noindex"
    return answer
