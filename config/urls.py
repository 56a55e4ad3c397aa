"""The whole site map. Vietnamese pages stand at the root, English ones under /en/; the API has no language prefix."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from catalogue.api.docs import Docs, Schema
from catalogue.api.errors import fallback
from catalogue.web import account_urls, discovery, sitemaps
from recommender import health

urlpatterns = [
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("robots.txt", discovery.robots, name="robots"),
    path("llms.txt", discovery.llms, name="llms"),
    path("sitemap.xml", sitemaps.sitemap_xml, name="sitemap"),
    path("api/v1/schema/", Schema.as_view(), name="schema"),
    path("api/docs/", Docs.as_view(url_name="schema"), name="docs"),
    path("api/v1/", include(("catalogue.api.v1.urls", "catalogue"), namespace="api")),
    path("api/v1/", include(("recommender.api_urls", "recommender"), namespace="recommender-api")),
    re_path(r"^api/(?P<rest>.*)$", fallback),
    path("quan-tri/", admin.site.urls),
    *account_urls.without_language,
    *i18n_patterns(
        path("", include("recommender.urls")),
        path("", include("catalogue.web.urls")),
        path("tai-khoan/", include("catalogue.web.account_urls")),
        prefix_default_language=False,
    ),
]

handler400 = "catalogue.web.errors.bad_request"
