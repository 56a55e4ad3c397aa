"""How to post a problem today: a page that makes a letter of what is typed, and keeps nothing of it."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from docx import Document
from docx.shared import Mm, Pt

from catalogue.common.text import one_line
from catalogue.problems.models import LONGEST_TEXT, ReceivingOffice

from .comparison_files import clean

LONGEST_STATEMENT = 5_000  # characters: as long as the recommender takes
DOTS = "……………………………………………………"  # to be filled in by hand
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class LetterForm(forms.Form):
    """A problem in the parts that firms ask for. Only what is hard today must be told to have a letter."""

    agency = forms.CharField(label=gettext_lazy("Tên cơ quan"), max_length=200, required=False)
    title = forms.CharField(label=gettext_lazy("Tên bài toán"), max_length=160, required=False)
    today = forms.CharField(
        label=gettext_lazy("Hiện nay ra sao"),
        max_length=LONGEST_STATEMENT,
        widget=forms.Textarea,
        error_messages={
            "required": gettext_lazy("Hãy viết việc gì đang khó."),
            "max_length": gettext_lazy("Hãy viết gọn lại, nhiều nhất %(limit_value)d ký tự."),
        },
    )
    affected = forms.CharField(
        label=gettext_lazy("Ai gặp, bao nhiêu"), max_length=LONGEST_TEXT, widget=forms.Textarea, required=False
    )
    outcome = forms.CharField(
        label=gettext_lazy("Cần đạt điều gì"), max_length=LONGEST_TEXT, widget=forms.Textarea, required=False
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def how_to_post(request: HttpRequest) -> HttpResponse:
    """The two ways there are, and a form whose answer is a letter to copy or to save.

    A POST without `lam` only brings a statement along, as the page of an answer does.
    """
    wish = request.POST.get("lam", "")
    form = LetterForm(request.POST if wish else None, initial=_brought(request))
    office = ReceivingOffice.objects.on(timezone.localdate())
    letter = ""
    if wish and form.is_valid():
        letter = text_of(form.cleaned_data, office, request.build_absolute_uri(reverse("problems")))
        if wish in _FILES:
            return _FILES[wish](letter)
    context = {
        "form": form,
        "office": office,
        "letter": letter,
        "trail": [{"label": _("Các bài toán"), "url": reverse("problems")}],
    }
    return render(request, "catalogue/problem_post.html", context, status=400 if form.errors else 200)


def _brought(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "").replace("\0", "") for name in LetterForm.base_fields}


def text_of(written: dict[str, Any], office: ReceivingOffice | None, site: str) -> str:
    """Return the letter as plain text, in Vietnamese whatever the page was read in: it goes to an office."""

    def line(name: str) -> str:
        return one_line(clean(written[name])) or DOTS

    def part(name: str) -> str:
        return clean(written[name]).replace("\r\n", "\n").strip() or DOTS

    blocks = [
        "BÀI TOÁN ĐỀ NGHỊ ĐĂNG CÔNG KHAI",
        f"Kính gửi: {office.name if office else DOTS}",
        f"Cơ quan đề nghị: {line('agency')}",
        f"Tên bài toán: {line('title')}",
        f"1. Hiện nay ra sao\n{part('today')}",
        f"2. Ai gặp, bao nhiêu\n{part('affected')}",
        f"3. Cần đạt điều gì\n{part('outcome')}",
        f"4. Hạn trả lời mong muốn\n{DOTS}",
        f"5. Người liên hệ (họ tên, điện thoại, thư điện tử công vụ)\n{DOTS}",
        f"Cơ quan đồng ý công bố tên cơ quan và nội dung trên tại {site}.",
    ]
    return "\n\n".join(blocks) + "\n"


def _as_text(letter: str) -> HttpResponse:
    return HttpResponse(
        letter,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="bai-toan.txt"'},
    )


def _as_docx(letter: str) -> HttpResponse:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(13)  # as official letters are written
    title, *blocks = letter.strip().split("\n\n")
    document.core_properties.title = title
    document.add_heading(title, level=1)
    for block in blocks:
        first, *rest = block.split("\n")
        paragraph = document.add_paragraph()
        paragraph.add_run(first).bold = bool(rest) and first[:1].isdigit()
        for text in rest:
            document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return HttpResponse(
        file.getvalue(), content_type=DOCX, headers={"Content-Disposition": 'attachment; filename="bai-toan.docx"'}
    )


_FILES = {"docx": _as_docx, "txt": _as_text}
