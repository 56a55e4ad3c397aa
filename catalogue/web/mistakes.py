"""Say what is wrong on a listing: anybody may, nothing of it is published."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.platforms.mistakes import LONGEST_REASON, MistakeReport, receive
from catalogue.platforms.models import Platform

from .throttles import AddressThrottle

SHORTEST_REASON = 10  # characters


class MistakeThrottle(AddressThrottle):
    scope = "mistakes"


class MistakeForm(forms.ModelForm):
    """What is wrong, why, and optionally where that can be read and whom to answer."""

    honeypot = forms.CharField(label=gettext_lazy("Để trống ô này"), required=False)

    class Meta:
        model = MistakeReport
        fields = ("about", "reason", "source", "email")
        error_messages = {
            "about": {"required": gettext_lazy("Hãy chọn phần bị sai.")},
            "reason": {"required": gettext_lazy("Hãy viết sai ở đâu.")},
            "source": {"invalid": gettext_lazy("Địa chỉ trang chưa đúng, ví dụ đúng: https://example.vn/trang.")},
            "email": {"invalid": gettext_lazy("Thư điện tử chưa đúng, ví dụ đúng: can-bo@example.gov.vn.")},
        }

    reason = forms.CharField(
        label=gettext_lazy("Sai ở đâu, vì sao bạn biết"),
        widget=forms.Textarea,
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        error_messages={
            "required": gettext_lazy("Hãy viết sai ở đâu."),
            "min_length": gettext_lazy("Hãy viết rõ hơn một chút, ít nhất %(limit_value)d ký tự."),
            "max_length": gettext_lazy("Hãy viết gọn lại, nhiều nhất %(limit_value)d ký tự."),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def report_mistake(request: HttpRequest, slug: str) -> HttpResponse:
    """The form. What is sent is kept for the operators, and answered by a page of its own."""
    platform = get_object_or_404(Platform.objects.visible_to(request.user).select_related("vendor"), slug=slug)
    form = MistakeForm(request.POST or None, instance=MistakeReport(platform=platform))
    status, wait = 200, 0
    if request.method == "POST":
        status = 400
        if form.is_valid():
            wait = MistakeThrottle().wait_for(request)
            if not wait:
                if not form.cleaned_data["honeypot"]:  # who fills what nobody sees is a program, and is told nothing
                    receive(form.save(commit=False))
                return HttpResponseRedirect(reverse("mistake-received", args=[platform.slug]), status=303)
            form.add_error(
                None, _("Bạn đã gửi nhiều báo cáo trong một giờ. Hãy gửi tiếp sau; nội dung vẫn còn dưới đây.")
            )
            status = 429
    answer = render(
        request,
        "catalogue/mistake.html",
        {"platform": platform, "trail": [{"label": platform.name, "url": platform.get_absolute_url()}], "form": form},
        status=status,
    )
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


@require_safe
def mistake_received(request: HttpRequest, slug: str) -> HttpResponse:
    """Thanks, and what happens next."""
    platform = get_object_or_404(Platform.objects.visible_to(request.user), slug=slug)
    return render(request, "catalogue/mistake_received.html", {"platform": platform})
