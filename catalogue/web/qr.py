"""QR codes of addresses of this site."""

from io import BytesIO

import segno
from django.http import HttpRequest, HttpResponse

A_DAY = 24 * 60 * 60  # seconds


def picture(request: HttpRequest, path: str, *, title: str) -> HttpResponse:
    """Answer with the code of a page, black on white whatever the page's colours: cameras read it so."""
    drawn = BytesIO()
    segno.make(request.build_absolute_uri(path), error="m", micro=False).save(
        drawn, kind="svg", scale=4, border=4, light="#fff", omitsize=True, title=title
    )
    answer = HttpResponse(drawn.getvalue(), content_type="image/svg+xml")
    answer["Cache-Control"] = f"private, max-age={A_DAY}"
    answer["X-Robots-Tag"] = "noindex"
    return answer
