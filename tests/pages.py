"""Every page that the public sees, in one list: the browser, the HTML checker and the sitemap's test walk it.

A page without arguments is on it by itself. One with arguments needs an example in EXAMPLES, or a reason in NOT_PAGES;
a test says so when neither is there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import LocalePrefixPattern, URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from catalogue.platforms.models import Platform
from catalogue.problems.models import Problem
from recommender import services
from recommender.models import Run
from tests import account_pages
from tests.support.factories import ProblemFactory, ReceivingOfficeFactory, small_catalogue

NOT_PAGES = {
    **dict.fromkeys(
        (
            "organisations",
            "organisation-choose",
            "organisation-new",
            "organisation-join-by-tax-code",
            "invitation",
            "organisation-withdraw",
            "organisation",
            "organisation-details",
            "organisation-ask-again",
            "organisation-leave",
            "organisation-join",
            "organisation-claim",
            "organisation-people",
            "organisation-member",
            "organisation-remove",
            "organisation-transfer",
            "organisation-invitation",
            "organisation-join-request",
            "vendor-claim",
            "operate-organisations",
            "operate-agency",
            "operate-claim",
        ),
        "wants an account",
    ),
    "recommend": "the form's address: it answers with a redirect",
    "what-if": "the form's address: it answers with a redirect",
    "run-qr": "a picture",
    "shortlist-add": "a form's address",
    "shortlist-remove": "a form's address",
    "shortlist-note": "a form's address",
    "shortlist-undo": "a form's address",
    "compare-file": "a file",
    "feed-platforms": "a feed",
    "feed-problems": "a feed",
    "opensearch": "XML for browsers",
    "site-card": "a picture",
    "platform-card": "a picture",
    "problem-card": "a picture",
    "notice-choices": "for who is signed in",
    "notice-stop": "for who got a mail, by an address of their own",
    **dict.fromkeys(account_pages.NAMES - account_pages.PUBLIC, "a page of an account: tests/account_pages.py"),
    "vendor-desk": "a vendor's own, see tests/recommender/test_vendor_pages.py",
    "product-preview": "a vendor's own, see tests/recommender/test_vendor_pages.py",
}
NOT_PAGES |= dict.fromkeys(
    (
        "vendor-products", "product-new", "product", "product-revise", "product-changes", "product-check",
        "product-submitted", "product-withdraw", "product-packages", "product-package-new", "product-package",
        "product-package-remove", "product-evidence-list", "product-evidence-new", "product-evidence",
        "product-evidence-remove", "product-step",
    ),
    "for the people of a vendor: tests/catalogue/web/test_vendor_products.py and tests/journeys/test_vendor.py",
)  # fmt: skip
NOT_PAGES["document"] = "a file"
NOT_PAGES |= dict.fromkeys(
    ("import", "import-publiccode", "import-check", "import-discard", "export"),
    "for the people of a vendor: tests/catalogue/web/test_bulk.py",
)
NOT_PAGES |= dict.fromkeys(("import-template", "import-errors", "export-file"), "a file")
STATEMENTS = {
    "answer": "Phường cần họp trực tuyến, họp không giấy, kết nối LGSP, kinh phí dưới 100 triệu đồng",
    "nothing": "Mua máy phát điện dự phòng cho trụ sở",
}


@dataclass(frozen=True)
class Example:
    """One address of a page: its arguments, and what is asked of it."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    query: str = ""


def examples() -> list[Example]:
    """Return an example or more of each page, with the rows of `prepare()`."""
    runs = {run.statement: run.pk for run in Run.objects.all()}
    answer, nothing = (runs[STATEMENTS[which]] for which in ("answer", "nothing"))
    return [
        *(Example(name) for name in sorted(names(with_arguments=False) - NOT_PAGES.keys())),
        Example("home", query="?vi-du=1"),
        Example("platform", {"slug": "hopviet"}),
        Example("platform", {"slug": "hopcu"}),
        Example("platforms", query="?q=hop"),
        Example("platforms", query="?q=zzzz"),
        Example("mistake", {"slug": "hopviet"}),
        Example("mistake-received", {"slug": "hopviet"}),
        Example("category", {"key": "telehealth"}),
        Example("category", {"key": "health"}),
        Example("vendor", {"key": Platform.objects.get(slug="hopviet").vendor.key}),
        Example("compare", query="?p=hopviet&p=khamxa"),
        *(Example("problem", {"slug": slug}) for slug in Problem.objects.public().values_list("slug", flat=True)),
        Example("problems", query="?state=all"),
        Example("problems", query="?q=zzzz&category=telehealth"),
        Example("run", {"run_id": answer}),
        Example("run", {"run_id": nothing}),
        Example("why-not", {"run_id": answer}, "?san-pham=khamxa"),
    ]


def prepare() -> None:
    """Make the rows that the examples show."""
    meetings = small_catalogue()["hopviet"].category
    ReceivingOfficeFactory()
    for traits in ({}, {"over": True}, {"ended": True}, {"withdrawn": True}, {"draft": True}):
        ProblemFactory(categories=[meetings], **traits)
    for statement in STATEMENTS.values():
        services.answer_and_record(services.Asked(statement))


def addresses(language: str) -> list[str]:
    """Return the address of every example in a language."""
    with translation.override(language):
        return [reverse(page.name, kwargs=page.arguments or None) + page.query for page in examples()]


def names(*, with_arguments: bool | None = None) -> set[str]:
    """Return the names of all addresses that exist in both languages, which is where pages for people stand."""
    both = next(entry for entry in get_resolver().url_patterns if isinstance(entry.pattern, LocalePrefixPattern))
    return {
        str(entry.name)
        for entry in _leaves(both)
        if with_arguments is None or with_arguments == bool(entry.pattern.converters)
    }


def _leaves(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _leaves(entry)
        else:
            yield entry
