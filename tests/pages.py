"""Every page that the public sees, in one list: the browser, the HTML checker and the sitemap's test walk it.

A page without arguments is on it by itself. One with arguments needs an example in EXAMPLES, or a reason in NOT_PAGES;
a test says so when neither is there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import LocalePrefixPattern, URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone, translation

from catalogue.platforms.models import Platform
from catalogue.problems.models import Problem
from catalogue.register import checkpoints
from catalogue.vetting import challenges
from catalogue.vetting.challenges import Challenge, token_of
from catalogue.vetting.service_levels import ServiceLevel
from catalogue.vetting.service_levels import Step as Term
from recommender import services
from recommender.models import Run
from tests import account_pages
from tests.support.factories import (
    CriteriaSetFactory,
    CriterionFactory,
    ProblemFactory,
    ReceivingOfficeFactory,
    entered,
    small_catalogue,
)
from tests.support.vetting import reviewer

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
    "decision-docx": "a file",
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
        "agency-problems", "agency-problem-new", "agency-problem", "agency-problem-check", "agency-problem-take-back",
        "agency-problem-coach", "agency-problem-reuse", "agency-problem-step", "problem-recommendation", "problem-join",
        "moderation", "moderated-problem",
    ),
    "an agency's or the ministry's own, see tests/journeys/test_posting.py",
)  # fmt: skip
NOT_PAGES |= dict.fromkeys(
    (
        "vendor-products", "product-new", "product", "product-revise", "product-changes", "product-check",
        "product-submitted", "product-withdraw", "product-packages", "product-package-new", "product-package",
        "product-package-remove", "product-evidence-list", "product-evidence-new", "product-evidence",
        "product-evidence-remove", "product-step",
    ),
    "for the people of a vendor: tests/catalogue/web/test_vendor_products.py and tests/journeys/test_vendor.py",
)  # fmt: skip
NOT_PAGES |= dict.fromkeys(
    ("saved-searches", "saved-search-remove"), "for the people of a vendor: tests/catalogue/web/test_following.py"
)
NOT_PAGES |= dict.fromkeys(
    (
        "problem-ask", "integrity", "proposals", "proposal", "problem-work", "problem-answer", "problem-amend",
        "problem-convene", "problem-open", "problem-declare", "problem-score", "problem-agree", "problem-decide",
        "problem-look-back",
    ),
    "for vendors that answer, agencies that choose, and the ministry: tests/catalogue/web/test_proposals.py",
)  # fmt: skip
NOT_PAGES["document"] = "a file"
NOT_PAGES |= dict.fromkeys(("register-entries", "register-checkpoints", "register-key"), "a file")
NOT_PAGES |= dict.fromkeys(("problems-ocds", "problems-ocds-lines", "problem-ocds", "problem-deadlines"), "a file")
NOT_PAGES |= dict.fromkeys(("badge-svg", "badge-qr"), "a picture")
NOT_PAGES |= dict.fromkeys(
    (
        "vendor-appeal", "vetting-challenges", "vetting-challenge", "vetting-appeal",
        "vetting-desk", "vetting-submission", "vetting-take", "vetting-examine", "vetting-conclude", "vetting-act",
        "vendor-vetting", "vendor-vetting-begin", "vendor-vetting-submit", "vendor-vetting-withdraw",
        "vendor-vetting-answer", "vendor-vetting-explain",
    ),
    "for reviewers, or the people of a vendor: tests/journeys/test_vetting.py",
)  # fmt: skip
NOT_PAGES |= dict.fromkeys(
    ("import", "import-publiccode", "import-check", "import-discard", "export"),
    "for the people of a vendor: tests/catalogue/web/test_bulk.py",
)
NOT_PAGES |= dict.fromkeys(("import-template", "import-errors", "export-file"), "a file")
STATEMENTS = {
    "answer": "Phường cần họp trực tuyến, họp không giấy, kết nối LGSP, kinh phí dưới 100 triệu đồng",
    "nothing": "Mua máy phát điện dự phòng cho trụ sở",
}


# Products stand in every way: vetted, suspended, expired, and one whose product is gone.
REGISTER: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "rejected",
        "hopviet",
        {"reasons": {"security": "Chưa có chứng chỉ.", "export": ["csv", "json"]}, "set": "2026-1"},
    ),
    ("vetted", "hopviet", {"until": date(2999, 1, 1), "reasons": {"security": "Đã có chứng chỉ."}, "renewal": False}),
    ("vetted", "khamxa", {}),
    ("challenge_upheld", "khamxa", {"claim": "export_formats", "about": 3}),
    ("suspended", "khamxa", {"reason": "Không xuất được dữ liệu."}),
    ("vetted", "temviet", {"until": date(2020, 1, 1)}),
    ("withdrawn", "da-go-khoi-danh-muc", {"note": None}),
)


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
        Example("challenge", {"slug": "hopviet"}),
        *(Example("challenge-answered", {"token": token_of(one)}) for one in Challenge.objects.all()),
        Example("category", {"key": "telehealth"}),
        Example("category", {"key": "health"}),
        Example("vendor", {"key": Platform.objects.get(slug="hopviet").vendor.key}),
        Example("compare", query="?p=hopviet&p=khamxa"),
        *(Example("problem", {"slug": slug}) for slug in Problem.objects.public().values_list("slug", flat=True)),
        Example("vetting-criteria", query="?ngay=2000-01-01"),
        *(
            Example("agency", {"key": key})
            for key in Problem.objects.public().values_list("agency__key", flat=True).distinct()
        ),
        Example("problems", query="?state=all"),
        Example("problems", query="?q=zzzz&category=telehealth"),
        *(Example("register-entry", {"number": number}) for number in range(1, len(REGISTER) + 1)),
        Example("register", query="?q=hop&kind=vetted"),
        Example("register", query="?platform=khong-co&year=1999"),
        *(Example("badge", {"slug": slug}) for slug in ("hopviet", "khamxa", "temviet", "hopcu")),
        Example("run", {"run_id": answer}),
        Example("run", {"run_id": nothing}),
        Example("decision", {"run_id": answer}),
        Example("decision", {"run_id": nothing}),
        Example("why-not", {"run_id": answer}, "?san-pham=khamxa"),
    ]


def prepare() -> None:
    """Make the rows that the examples show."""
    meetings = small_catalogue()["hopviet"].category
    ReceivingOfficeFactory()
    for criteria in (CriteriaSetFactory(), CriteriaSetFactory(group=meetings.parent, note="Thêm.", note_en="More.")):
        CriterionFactory(criteria_set=criteria, fields=["standards"], basis_from="2021-02-15", basis_to="2025-12-31")
        CriterionFactory(criteria_set=criteria, mandatory=False, basis_url="https://example.gov.vn/van-ban")
    for traits in ({}, {"over": True}, {"ended": True}, {"withdrawn": True}, {"draft": True}):
        ProblemFactory(categories=[meetings], **traits)
    for kind, platform, facts in REGISTER:
        entered(kind, platform, Platform.objects.filter(slug=platform).values_list("vendor__key", flat=True).first() or "x",
                **facts)  # fmt: skip
    checkpoints.make(now=timezone.now())
    _challenge()
    for statement in STATEMENTS.values():
        services.answer_and_record(services.Asked(statement))


def _challenge() -> None:
    """Raise three challenges: one waits, one was founded, one was not and can be appealed against."""
    now, hopviet = timezone.now(), Platform.objects.get(slug="hopviet")
    for step in Term:
        ServiceLevel.objects.get_or_create(
            step=step, defaults={"days": 10, "warn_days": 3, "reason": "Mẫu.", "reason_en": "Sample."}
        )
    made = [
        challenges.challenge(hopviet, about=about, reason=f"Điều này đã khác từ tháng {about}.", by=None, now=now)
        for about in ("price", "evidence", "customers")
    ]
    for one, upheld in ((made[1], True), (made[2], False)):
        challenges.settle(one, upheld=upheld, answer="Đã xem lại.", suspends=False, by=reviewer(one.about), now=now)


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
