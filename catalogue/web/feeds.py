"""Atom feeds, for people and programs that follow the catalogue."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from catalogue.platforms.models import Platform

MOST = 50


class NewPlatforms(Feed):
    """The platforms that came last, newest first."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: object, **kwargs: object):  # type: ignore[no-untyped-def]
        answer = super().__call__(request, *args, **kwargs)
        answer["Cache-Control"] = "public, max-age=900"
        return answer

    def title(self) -> str:
        return _("Nền tảng mới trong danh mục")

    def subtitle(self) -> str:
        return _("Sản phẩm vừa vào danh mục nền tảng số Việt Nam cho cơ quan nhà nước.")

    def link(self) -> str:
        return reverse("platforms")

    def items(self) -> Iterable[Platform]:
        newest = Platform.objects.listed().select_related("vendor", "category")
        return newest.order_by("-created_at", "slug")[:MOST]

    def item_title(self, item: Platform) -> str:
        return item.name

    def item_description(self, item: Platform) -> str:
        return escape(item.summary)  # Atom reads it as HTML

    def item_author_name(self, item: Platform) -> str:
        return item.vendor.short_name

    def item_categories(self, item: Platform) -> list[str]:
        return [item.category.label]

    def item_pubdate(self, item: Platform) -> datetime:
        return item.created_at

    def item_updateddate(self, item: Platform) -> datetime:
        return item.updated_at
