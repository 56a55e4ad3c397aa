"""The public pages that search engines should know, each in both languages."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalogue.accounts.models import Organisation
from catalogue.platforms.models import Category, Platform
from catalogue.problems.models import Problem
from catalogue.problems.standing import agencies
from catalogue.register.models import Entry

# Pages without arguments, by the name of their address, with a line on what is there (llms.txt says it).
PAGES: dict[str, Promise] = {
    "home": _("Nêu bài toán, nhận danh sách ngắn có xếp hạng, có giải thích"),
    "platforms": _("Mọi nền tảng, lọc và tìm theo từ"),
    "compare": _("So sánh từ hai đến bốn sản phẩm"),
    "problems": _("Bài toán các cơ quan nêu ra, còn hạn trả lời hay đã có kết quả"),
    "problem-post": _("Đăng một bài toán thế nào"),
    "directive": _("Chỉ thị 16 và mười nhiệm vụ, danh mục đáp ứng đến đâu"),
    "how-vetting": _("Sản phẩm được thẩm định thế nào"),
    "vetting-criteria": _("Từng tiêu chí thẩm định: câu hỏi, giấy tờ, căn cứ, thời hạn"),
    "how-ranking": _("Kết quả được xếp hạng thế nào"),
    "register": _("Sổ đăng ký công khai: mọi quyết định thẩm định, ai cũng kiểm tra được"),
    "register-check": _("Tự kiểm tra sổ đăng ký thế nào"),
    "about-data": _("Dữ liệu lấy từ đâu"),
    "scoreboard": _("Hệ thống gợi ý tốt đến đâu: số đo, khoảng tin cậy, chỗ còn yếu"),
}


class _BothLanguages(Sitemap):
    i18n = alternates = x_default = True


class PageSitemap(_BothLanguages):
    def items(self) -> list[str]:
        return list(PAGES)

    def location(self, item: str) -> str:
        return reverse(item)


class PlatformSitemap(_BothLanguages):
    def items(self) -> Iterable[Platform]:
        return Platform.objects.listed().only("slug", "updated_at").order_by("pk")

    def lastmod(self, item: Platform) -> datetime:
        return item.updated_at


class CategorySitemap(_BothLanguages):
    def items(self) -> Iterable[str]:
        return Category.objects.order_by("pk").values_list("key", flat=True)

    def location(self, item: str) -> str:
        return reverse("category", args=[item])


class VendorSitemap(_BothLanguages):
    def items(self) -> Iterable[Organisation]:
        return Organisation.objects.shown().only("key", "updated_at").order_by("pk")

    def location(self, item: Organisation) -> str:
        return reverse("vendor", args=[item.key])

    def lastmod(self, item: Organisation) -> datetime:
        return item.updated_at


class ProblemSitemap(_BothLanguages):
    def items(self) -> Iterable[Problem]:
        return Problem.objects.public().only("slug", "updated_at").order_by("pk")

    def lastmod(self, item: Problem) -> datetime:
        return item.updated_at


class AgencySitemap(_BothLanguages):
    def items(self) -> Iterable[Organisation]:
        return agencies().only("key").order_by("pk")

    def location(self, item: Organisation) -> str:
        return reverse("agency", args=[item.key])


class RegisterSitemap(_BothLanguages):
    def items(self) -> Iterable[Entry]:
        return Entry.objects.only("number", "at").order_by("number")

    def lastmod(self, item: Entry) -> datetime:
        return item.at


SITEMAPS: dict[str, type[Sitemap] | Sitemap] = {
    "pages": PageSitemap,
    "platforms": PlatformSitemap,
    "categories": CategorySitemap,
    "vendors": VendorSitemap,
    "problems": ProblemSitemap,
    "agencies": AgencySitemap,
    "register": RegisterSitemap,
}


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap_xml(request: HttpRequest) -> HttpResponse:
    """Everything in one file: far below the 50,000 addresses that one may hold."""
    return sitemap(request, SITEMAPS)
