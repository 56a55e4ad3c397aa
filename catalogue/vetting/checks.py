"""What a machine can look at before a person does. Each check yields findings, never a verdict: a reviewer decides.

A finding is a code with facts that can be kept as JSON; `sentence` says it to people, in the language of whoever reads it.
Facts are for reviewers: they may name other vendors. They never hold a tax code, which may be a person's number.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.common import tax_codes
from catalogue.common.tax_codes import WrongTaxCode
from catalogue.documents.models import Document
from catalogue.platforms.choices import EvidenceKind
from catalogue.platforms.content import Content, PackageContent
from catalogue.platforms.models import Platform
from catalogue.platforms.originals import would_borrow
from catalogue.platforms.packages import Package, counted
from catalogue.platforms.reading import date_in_words, money_in_words

from . import links
from .links import Seen, Trouble

logger = logging.getLogger(__name__)
SOON = 60  # days before its end in which a certificate is said to expire
FEWEST_PEERS = 5  # other vendors' products of the category that publish a price of the same unit and period
FAR = 10  # times the median, or a tenth of it
AT_ONCE = 8  # addresses asked at the same time
# Papers that a validity is written on; one without a date has not been read closely.
_DATED = frozenset({EvidenceKind.CERTIFICATION, EvidenceKind.REQUIREMENT_NOTICE})
Fetch = Callable[[str], Seen]


@dataclass(frozen=True, slots=True)
class Found:
    """What a check saw. passed: None when it cannot be told. facts: plain values, to keep and to make the sentence from."""

    code: str
    passed: bool | None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at: a text of a platform, published or not, at a time. fetch: how an address is asked; None: not at all."""

    platform: Platform
    content: Content
    now: datetime
    fetch: Fetch | None

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)


def run(platform: Platform, content: Content, *, now: datetime, fetch: Fetch | None = links.look) -> list[Found]:
    """Return what every check found, in their order. One that fails is itself a finding, and stops no other.

    Not inside a request unless `fetch` is None: asking the addresses of a listing can take minutes.
    """
    subject = Subject(platform, content, now, fetch)
    found: list[Found] = []
    for name, check in CHECKS.items():
        try:
            with _apart():
                found += list(check(subject))
        except Exception:  # whatever it is, a person looks at the file in any case
            logger.exception("an automatic check failed", extra={"check": name, "platform": platform.pk})
            found.append(Found("not_checked", None, {"check": name}))
    return found


def _apart() -> AbstractContextManager[object]:
    """Let an error of the database end with the check that met it. No transaction is opened to wait for other people's servers."""
    return transaction.atomic() if transaction.get_connection().in_atomic_block else nullcontext()


def tax_code(subject: Subject) -> Iterator[Found]:
    """Is the vendor's tax code one that can exist? Whether it is in use only a look-up can tell."""
    code = subject.platform.vendor.tax_code
    if not code:
        yield Found("tax_code", None)
        return
    try:
        tax_codes.normalised(code)
    except WrongTaxCode:
        yield Found("tax_code", False)
    else:
        yield Found("tax_code", True)


def addresses(subject: Subject) -> Iterator[Found]:
    """Does every address of the listing answer?"""
    content = subject.content
    urls = dict.fromkeys(url for url in (content.website, *(one.url for one in content.evidence)) if url)
    if subject.fetch is None:
        yield Found("links_not_asked", None)
        return
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for seen in pool.map(subject.fetch, urls):
            yield Found(
                "link",
                seen.alive,
                {
                    "url": seen.url,
                    "status": seen.status,
                    "trouble": seen.trouble.value if seen.trouble else None,
                    "final": seen.final,
                    "at": subject.now.isoformat(),
                },
            )


def certificate_dates(subject: Subject) -> Iterator[Found]:
    """Is a certificate over, or soon? Is one without a date that should have one?"""
    for one in subject.content.evidence:
        facts: dict[str, Any] = {"title": one.title}
        if one.expires_on is None:
            if one.kind in _DATED:
                yield Found("evidence_undated", None, facts)
            continue
        left = (one.expires_on - subject.today).days
        code = "evidence_expired" if left < 0 else "evidence_expiring" if left <= SOON else "evidence_in_force"
        yield Found(
            code, code == "evidence_in_force", {**facts, "expires_on": one.expires_on.isoformat(), "days": left}
        )


def same_files(subject: Subject) -> Iterator[Found]:
    """Did another vendor hand in the very same file?"""
    titles = {one.document: one.title for one in subject.content.evidence if one.document}
    vendor = subject.platform.vendor_id
    own = dict(Document.objects.filter(pk__in=titles, organisation=vendor).values_list("sha256", "pk"))
    others: defaultdict[str, set[str]] = defaultdict(set)
    rows = Document.objects.filter(sha256__in=own).exclude(organisation=vendor)
    for digest, key in rows.values_list("sha256", "organisation__key"):
        others[digest].add(key)
    for digest, document in own.items():
        facts = {"title": titles[document], "sha256": digest, "vendors": sorted(others[digest])}
        yield Found("same_file", not others[digest], facts)


def borrowed_passages(subject: Subject) -> Iterator[Found]:
    """Does the text hold passages that another vendor's listing, or a published statement, had said before?"""
    for one in would_borrow(subject.platform, subject.content):
        facts = {
            "text": one.sentence,
            "platform": one.original.slug if one.original else None,
            "name": one.original.name if one.original else "",
            "since": timezone.localdate(one.said_at).isoformat(),
        }
        yield Found("borrowed", False, facts)


def price_beside_others(subject: Subject) -> Iterator[Found]:
    """Is a price far from what others of the category ask for the same unit and period? Free packages compare with nothing."""
    peers: dict[tuple[str, str], list[float]] = {}
    for package in subject.content.packages:
        if not package.price_min:
            continue
        counted_by = (str(package.unit), str(package.period))
        if counted_by not in peers:
            peers[counted_by] = _prices(subject, *counted_by)
        yield _compared(package, peers[counted_by])


def _prices(subject: Subject, unit: str, period: str) -> list[float]:
    """Return one price of each product of another vendor in the main category: the median of its packages so counted."""
    of_product: defaultdict[int, list[int]] = defaultdict(list)
    rows = (
        Package.objects.filter(
            platform__in=Platform.objects.listed().filter(category__key=subject.content.category),
            unit=unit,
            period=period,
            price_min__gt=0,
        )
        .exclude(platform__vendor=subject.platform.vendor_id)
        .values_list("platform", "price_min")
    )
    for product, price in rows:
        of_product[product].append(price or 0)
    return [median(prices) for prices in of_product.values()]


def _compared(package: PackageContent, prices: list[float]) -> Found:
    facts: dict[str, Any] = {
        "package": package.name,
        "unit": str(package.unit),
        "period": str(package.period),
        "price": package.price_min,
        "peers": len(prices),
    }
    if len(prices) < FEWEST_PEERS:
        return Found("price", None, facts)
    middle = median(prices)
    times = (package.price_min or 0) / middle
    return Found("price", 1 / FAR <= times <= FAR, {**facts, "median": round(middle)})


CHECKS: dict[str, Callable[[Subject], Iterator[Found]]] = {
    "tax_code": tax_code,
    "addresses": addresses,
    "certificate_dates": certificate_dates,
    "same_files": same_files,
    "borrowed_passages": borrowed_passages,
    "price_beside_others": price_beside_others,
}


def sentence(found: Found) -> str:
    """Say a finding in the reader's language. An unknown code, of a check that is no more, is said as such."""
    say = _SENTENCES.get(found.code)
    return say(found) if say else _("Kết quả của một phép kiểm tra không còn dùng (%(code)s).") % {"code": found.code}


def _of_tax_code(found: Found) -> str:
    if found.passed is None:
        return _("Nhà cung cấp chưa khai mã số thuế.")
    return _("Mã số thuế đúng dạng và đúng số kiểm tra; còn hoạt động hay không thì phải tra cứu.") if found.passed else _("Mã số thuế sai dạng hoặc sai số kiểm tra.")  # fmt: skip


def _of_link(found: Found) -> str:
    facts = found.facts
    if facts["trouble"]:
        said = _troubles()[facts["trouble"]]
    elif found.passed is None:
        said = _("trả lời mã %(status)d, máy không biết người đọc có mở được không")
    else:
        said = _("mở được, mã %(status)d") if found.passed else _("không có trang, mã %(status)d")
    moved = facts["final"] and facts["final"] != facts["url"]
    whole = _("%(url)s: %(said)s (dẫn tới %(final)s).") if moved else _("%(url)s: %(said)s.")
    return whole % {"url": facts["url"], "said": said % {"status": facts["status"] or 0}, "final": facts["final"]}


def _troubles() -> dict[str, str]:
    return {
        Trouble.NO_ADDRESS: _("không phải địa chỉ của một trang công khai"),
        Trouble.UNKNOWN_HOST: _("không có máy chủ mang tên này"),
        Trouble.NOT_PUBLIC: _("dẫn vào mạng nội bộ, không phải trang công khai"),
        Trouble.CERTIFICATE: _("chứng thư bảo mật không hợp lệ"),
        Trouble.TIMEOUT: _("không trả lời kịp"),
        Trouble.NO_CONNECTION: _("không kết nối được"),
        Trouble.TOO_MANY_REDIRECTS: _("chuyển hướng quá nhiều lần"),
    }


def _of_date(found: Found) -> str:
    facts = found.facts
    said = {
        "evidence_expired": _("“%(title)s” đã hết hạn ngày %(date)s."),
        "evidence_expiring": ngettext(
            "“%(title)s” hết hạn ngày %(date)s, còn %(days)d ngày.",
            "“%(title)s” hết hạn ngày %(date)s, còn %(days)d ngày.",
            facts["days"],
        ),
        "evidence_in_force": _("“%(title)s” còn hạn đến ngày %(date)s."),
    }[found.code]
    day = date_in_words(date.fromisoformat(facts["expires_on"]))
    return said % {"title": facts["title"], "date": day, "days": facts["days"]}


def _of_file(found: Found) -> str:
    n = len(found.facts["vendors"])
    if not n:
        return _("Tệp của “%(title)s” không trùng với tệp của doanh nghiệp nào khác.") % {"title": found.facts["title"]}
    said = ngettext(
        "Tệp của “%(title)s” trùng từng byte với tệp mà %(n)d doanh nghiệp khác đã nộp: %(vendors)s.",
        "Tệp của “%(title)s” trùng từng byte với tệp mà %(n)d doanh nghiệp khác đã nộp: %(vendors)s.",
        n,
    )
    return said % {"title": found.facts["title"], "n": n, "vendors": ", ".join(found.facts["vendors"])}


def _of_borrowed(found: Found) -> str:
    since = date_in_words(date.fromisoformat(found.facts["since"]))
    said = (
        _("Đoạn “%(text)s” đã có trong hồ sơ “%(name)s” từ ngày %(date)s.")
        if found.facts["platform"]
        else _("Đoạn “%(text)s” đã được công bố ở nơi khác từ ngày %(date)s.")
    )
    return said % {"text": found.facts["text"], "name": found.facts["name"], "date": since}


def _of_price(found: Found) -> str:
    facts = found.facts
    parts = {
        "package": facts["package"],
        "price": money_in_words(facts["price"]),
        "unit": counted(facts["unit"], facts["period"]),
        "peers": facts["peers"],
        "median": money_in_words(facts.get("median", 0)),
    }
    if found.passed is None:
        few = ngettext(
            "Gói “%(package)s”: mới có %(peers)d sản phẩm cùng nhóm công bố giá theo %(unit)s, chưa đủ để so.",
            "Gói “%(package)s”: mới có %(peers)d sản phẩm cùng nhóm công bố giá theo %(unit)s, chưa đủ để so.",
            facts["peers"],
        )
        return few % parts
    said = (
        _("Gói “%(package)s” giá %(price)s / %(unit)s, không quá xa mức giữa %(median)s của %(peers)d sản phẩm cùng nhóm.")
        if found.passed
        else _("Gói “%(package)s” giá %(price)s / %(unit)s, cách hơn mười lần mức giữa %(median)s của %(peers)d sản phẩm cùng nhóm.")
    )  # fmt: skip
    return said % parts


_SENTENCES: dict[str, Callable[[Found], str]] = {
    "tax_code": _of_tax_code,
    "link": _of_link,
    "evidence_expired": _of_date,
    "evidence_expiring": _of_date,
    "evidence_in_force": _of_date,
    "evidence_undated": lambda found: _("“%(title)s” không ghi ngày hết hạn.") % {"title": found.facts["title"]},
    "same_file": _of_file,
    "borrowed": _of_borrowed,
    "price": _of_price,
    "links_not_asked": lambda found: _("Chưa mở thử các địa chỉ: trang này đang chạy không có tiến trình nền."),
    "not_checked": lambda found: _("Không kiểm tra được: %(check)s.") % {"check": _names()[found.facts["check"]]},
}


def _names() -> dict[str, str]:
    return {
        "tax_code": _("mã số thuế"),
        "addresses": _("các địa chỉ trang"),
        "certificate_dates": _("hạn của giấy tờ"),
        "same_files": _("tệp trùng với doanh nghiệp khác"),
        "borrowed_passages": _("đoạn giống hồ sơ khác"),
        "price_beside_others": _("giá so với sản phẩm cùng nhóm"),
    }
