"""Atom feeds, for people and programs that follow the catalogue."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from catalogue.platforms.models import Platform
from catalogue.problems.models import Problem
from catalogue.problems.states import Sort
from catalogue.templatetags.catalogue_ui import vndate

MOST = 50


class _Atom(Feed):
    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: object, **kwargs: object):  # type: ignore[no-untyped-def]
        answer = super().__call__(request, *args, **kwargs)
        answer["Cache-Control"] = "public, max-age=900"
        return answer


class NewPlatforms(_Atom):
    """The platforms that came last, newest first."""

    def title(self) -> str:
        return _("Nền tảng mới trong danh mục")

    def subtitle(self) -> str:
        return _("Sản phẩm vừa vào danh mục nền tảng số Việt Nam cho cơ quan nhà nước.")

    def link(self) -> str:
        return reverse("platforms")

    def items(self) -> Iterable[Platform]:
        newest = Platform.objects.listed().select_related("vendor", "category")
        return newest.order_by("-listed_at", "slug")[:MOST]

    def item_title(self, item: Platform) -> str:
        return item.name

    def item_description(self, item: Platform) -> str:
        return escape(item.summary)  # Atom reads it as HTML

    def item_author_name(self, item: Platform) -> str:
        return item.vendor.short_name

    def item_categories(self, item: Platform) -> list[str]:
        return [item.category.label]

    def item_pubdate(self, item: Platform) -> datetime:
        return item.listed_at or item.created_at

    def item_updateddate(self, item: Platform) -> datetime:
        return item.updated_at


class NewProblems(_Atom):
    """The problems that were posted last, newest first; what became of one is told in the same entry."""

    def title(self) -> str:
        return _("Bài toán của các cơ quan")

    def subtitle(self) -> str:
        return _("Bài toán cơ quan nhà nước nêu ra để doanh nghiệp Việt Nam trả lời, và kết quả.")

    def link(self) -> str:
        return reverse("problems")

    def items(self) -> Iterable[Problem]:
        return Problem.objects.public().for_cards().in_order(Sort.NEWEST, timezone.now())[:MOST]

    def item_title(self, item: Problem) -> str:
        return item.title

    def item_description(self, item: Problem) -> str:
        """Atom reads it as HTML."""
        state = item.stage_at(timezone.now())
        lines = [
            _("%(state)s. Hạn trả lời: %(day)s.") % {"state": state.label, "day": vndate(item.closes_at)},
            item.today,
            item.outcome,
            *([f"{item.get_ending_display()}: {item.reason}" if item.ending else item.reason] if item.reason else []),
        ]
        return "".join(f"<p>{escape(line)}</p>" for line in lines)

    def item_author_name(self, item: Problem) -> str:
        return item.agency.name

    def item_categories(self, item: Problem) -> list[str]:
        return [category.label for category in item.categories.all()]

    def item_pubdate(self, item: Problem) -> datetime | None:
        return item.posted_at

    def item_updateddate(self, item: Problem) -> datetime:
        return item.updated_at
