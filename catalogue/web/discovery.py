"""Small files by which machines find their way: robots.txt, llms.txt, the description of the search."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalogue.accounts.models import Organisation
from catalogue.platforms.choices import Assurance
from catalogue.platforms.models import Category, Platform
from catalogue.problems.models import Problem

from .sitemaps import PAGES

# Not worth a robot's time. Answers may be fetched: their pages ask not to be indexed, which only who reads them can know.
CLOSED = ("/quan-tri/", "/to-chuc/", "/tep/", "/api/v1/recommendations")


@require_safe
@cache_control(public=True, max_age=86_400)
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    lines += [f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def llms(request: HttpRequest) -> HttpResponse:
    """What a language model should read first, in English: what this is, how far to trust it, where the data are."""
    platforms = Platform.objects.listed()
    with translation.override("en"):
        context = {
            "site": request.build_absolute_uri("/")[:-1],
            "pages": [(reverse(name), text) for name, text in PAGES.items()],
            "feed": reverse("feed-platforms"),
            "problem_feed": reverse("feed-problems"),
            "open_problems": Problem.objects.open(timezone.now()).count(),
            "platforms": platforms.count(),
            "evidenced": platforms.exclude(assurance=Assurance.LISTED).count(),
            "vetted": platforms.filter(assurance=Assurance.VETTED).count(),
            "vendors": Organisation.objects.shown().count(),
            "categories": Category.objects.leaves_only().count(),
        }
        return render(request, "catalogue/llms.txt", context, content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=86_400)
def opensearch(request: HttpRequest) -> HttpResponse:
    """Let a browser search the catalogue from its address bar."""
    home = request.build_absolute_uri(reverse("home"))
    context = {
        "name": _("Nền tảng Việt"),
        "description": _("Tìm nền tảng số Việt Nam cho cơ quan nhà nước"),
        "home": home,
        "search": f"{home}nen-tang/?q={{searchTerms}}",
        "language": translation.get_language(),
        "site": request.build_absolute_uri("/")[:-1],
    }
    kind = "application/opensearchdescription+xml; charset=utf-8"
    return render(request, "catalogue/opensearch.xml", context, content_type=kind)
