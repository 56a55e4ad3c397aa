"""Searches that a vendor keeps: the list, adding one, taking one away."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from catalogue.accounts.models import Organisation, User
from catalogue.platforms.models import Category
from catalogue.problems import following
from catalogue.problems.following import SavedSearch

from .forms import SheetForm, carried_out
from .problems import Asked


class CategoryField(forms.ModelChoiceField):
    def label_from_instance(self, category: Category) -> str:
        return category.label


class SearchForm(SheetForm):
    text = forms.CharField(label=gettext_lazy("Từ cần tìm"), max_length=following.LONGEST_TEXT, required=False)
    category = CategoryField(
        Category.objects.order_by("position", "key"), to_field_name="key", label=gettext_lazy("Nhóm nhu cầu"),
        required=False, empty_label=gettext_lazy("Mọi nhóm"),
    )  # fmt: skip


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def saved_searches(request: HttpRequest, key: str) -> HttpResponse:
    """Show the searches of a vendor one writes for, and save one; the address may fill in what."""
    user = cast(User, request.user)
    vendor = get_object_or_404(Organisation.objects.vendors().edited_by(user), key=key)
    asked = Asked.read(request.GET)
    initial = {"text": asked.text, "category": asked.category}
    form = SearchForm(request.POST) if request.method == "POST" else SearchForm(initial=initial)
    if carried_out(
        request, form, lambda by, now: following.save(vendor, **form.cleaned_data, by=by, now=now),
        _("Đã lưu tìm kiếm. Bài toán mới sẽ được báo trong thư gộp hằng ngày."),
    ):  # fmt: skip
        return redirect("saved-searches", vendor.key)
    context = {
        "vendor": vendor,
        "form": form,
        "searches": [
            {"row": row, "url": Asked(text=row.text, category=row.category.key if row.category else "").address()}
            for row in SavedSearch.objects.filter(vendor=vendor).select_related("category")
        ],
    }
    return render(request, "vendor/saved_searches.html", context, status=400 if form.errors else 200)


@never_cache
@login_required
@require_POST
def remove_search(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    own = SavedSearch.objects.of_vendors_of(request.user).filter(vendor__key=key).select_related("vendor")
    following.remove(get_object_or_404(own, pk=pk), by=cast(User, request.user), now=timezone.now())
    messages.success(request, _("Đã bỏ tìm kiếm."))
    return redirect("saved-searches", key)
