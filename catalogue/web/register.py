"""The public register: its list, the page of each entry, the files, and how anybody can check it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalogue.accounts.models import Organisation
from catalogue.common.text import one_line
from catalogue.platforms import search
from catalogue.platforms.models import Platform
from catalogue.register import chain, keys
from catalogue.register.models import Checkpoint, Entry, Head
from catalogue.register.states import EntryKind
from catalogue.register.verifying import canonical, fingerprint, hashed_part
from catalogue.templatetags.catalogue_ui import vndate

from .paging import PAGE_PARAMETER, page_of, ways

LONGEST_TEXT = 200
MOST_ON_A_PRODUCT = 5  # entries on its page
_KEY_LENGTH = 80
_LABELS = {
    "until": gettext_lazy("Có hiệu lực đến hết ngày"),
    "reason": gettext_lazy("Lý do"),
    "reasons": gettext_lazy("Lý do theo tiêu chí"),
    "criteria": gettext_lazy("Tiêu chí"),
    "criterion": gettext_lazy("Tiêu chí"),
    "criteria_set": gettext_lazy("Bộ tiêu chí"),
    "claim": gettext_lazy("Điều bị phản ánh"),
    "about": gettext_lazy("Về mục số"),
}


@dataclass(frozen=True)
class Asked:
    """What an address asks of the list. Left out: everything, the newest first."""

    text: str = ""
    platform: str = ""
    kind: str = ""
    year: int = 0

    @classmethod
    def read(cls, query: QueryDict) -> Asked:
        """Return what can be read; what makes no sense is left out."""
        kind, year = query.get("kind", ""), query.get("year", "")
        return cls(
            text=one_line(query.get("q", "").replace("\0", ""))[:LONGEST_TEXT],
            platform=query.get("platform", "").replace("\0", "")[:_KEY_LENGTH],
            kind=kind if kind in EntryKind.values else "",
            year=int(year) if len(year) == 4 and year.isascii() and year.isdigit() and year > "0000" else 0,
        )

    def address(self, page: int = 1) -> str:
        """Return the one address of this choice: nothing in it that would be so without."""
        asked = [
            ("q", self.text), ("platform", self.platform), ("kind", self.kind), ("year", str(self.year or "")),
            (PAGE_PARAMETER, str(page) if page > 1 else ""),
        ]  # fmt: skip
        query = urlencode([(name, value) for name, value in asked if value])
        return reverse("register") + (f"?{query}" if query else "")


@require_safe
def register_page(request: HttpRequest) -> HttpResponse:
    """What was decided, the newest first."""
    asked = Asked.read(request.GET)
    entries = Entry.objects.newest_first()
    if asked.text:
        entries = entries.matching(asked.text, search.slugs(asked.text))
    if asked.platform:
        entries = entries.filter(platform=asked.platform)
    if asked.kind:
        entries = entries.filter(kind=asked.kind)
    if asked.year:
        entries = entries.filter(at__year=asked.year)
    page = page_of(request, entries)
    plain = asked == Asked()
    context = {
        "asked": asked,
        "page": page,
        "rows": rows(request, page),
        "pages": ways(page, asked.address, label=_("Sổ đăng ký")) | ({} if plain else {"query": ""}),
        "plain": plain,
        "kinds": EntryKind.choices,
        "years": Entry.objects.years(),
        "everything_url": reverse("register"),
    }
    return render(request, "register/list.html", context)


@require_safe
def entry_page(request: HttpRequest, number: int) -> HttpResponse:
    """One decision, why, and what it needs to be checked."""
    entry = get_object_or_404(Entry, number=number)
    row = chain.plain(entry)
    context = {
        **rows(request, [entry])[0],
        "entry": entry,
        "facts": [shown(name, value) for name, value in entry.facts.items()],
        "hashed": hashed_part(row).decode(),
        "api_url": request.build_absolute_uri(reverse("api:register-detail", args=[entry.number])),
        "key_url": request.build_absolute_uri(reverse("register-key")),
        "checkpoint": Checkpoint.objects.filter(number__gte=entry.number).order_by("day").first(),
        "before": reverse("register-entry", args=[number - 1]) if number > 1 else "",
        "after": reverse("register-entry", args=[number + 1]) if number < Head.objects.get().number else "",
        "trail": [{"label": _("Sổ đăng ký"), "url": reverse("register")}],
    }
    return render(request, "register/entry.html", context)


@require_safe
def check_page(request: HttpRequest) -> HttpResponse:
    """How anybody can prove the register, without trusting this site."""
    address = request.build_absolute_uri
    context = {
        "head": Head.objects.get(),
        "checkpoint": Checkpoint.objects.order_by("-day").first(),
        "fingerprints": [fingerprint(key) for key in keys.trusted()],
        "entries_url": address(reverse("register-entries")),
        "checkpoints_url": address(reverse("register-checkpoints")),
        "key_url": address(reverse("register-key")),
        "trail": [{"label": _("Sổ đăng ký"), "url": reverse("register")}],
    }
    return render(request, "register/check.html", context)


@require_safe
def entries_file(request: HttpRequest) -> StreamingHttpResponse:
    """Every entry, one a line, from the first."""
    return _file(chain.entry_rows(), "so-dang-ky.ndjson")


@require_safe
def checkpoints_file(request: HttpRequest) -> StreamingHttpResponse:
    """Every checkpoint, one a line, from the first."""
    return _file(chain.checkpoint_rows(), "moc-so-dang-ky.ndjson")


def _file(content: Iterable[dict[str, Any]], name: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(_lines(content), content_type="application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-cache"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _lines(content: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    return (canonical(row) + b"\n" for row in content)


@require_safe
@cache_control(public=True, max_age=300)
def key_file(request: HttpRequest) -> HttpResponse:
    """The public keys: the one that signs today, then those that signed before."""
    return HttpResponse(keys.pem(keys.trusted()), content_type="application/x-pem-file")


def rows(request: HttpRequest, entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return entries as a list shows them; products and vendors by name while they have a page. Two queries."""
    found = list(entries)
    slugs, makers = {entry.platform for entry in found}, {entry.vendor for entry in found}
    products = dict(Platform.objects.visible_to(request.user).filter(slug__in=slugs).values_list("slug", "name"))
    vendors = dict(Organisation.objects.shown().filter(key__in=makers).values_list("key", "name"))
    return [
        {
            "number": entry.number,
            "url": entry.get_absolute_url(),
            "at": entry.at,
            "kind": entry.kind,
            "label": EntryKind(entry.kind).label,
            "platform": _named(entry.platform, products, "platform"),
            "vendor": _named(entry.vendor, vendors, "vendor"),
            "until": _moment(entry.facts.get("until")),
        }
        for entry in found
    ]


def on_product(request: HttpRequest, platform: str) -> dict[str, Any]:
    """Return the latest entries of a product, for its page; {} when it has none."""
    entries = list(Entry.objects.about(platform)[: MOST_ON_A_PRODUCT + 1])
    if not entries:
        return {}
    return {
        "entries": [
            {"url": entry.get_absolute_url(), "label": EntryKind(entry.kind).label, "at": entry.at}
            for entry in entries[:MOST_ON_A_PRODUCT]
        ],
        "all_url": Asked(platform=platform).address(),
        "badge_url": reverse("badge", args=[platform]),
    }


def _named(key: str, names: dict[str, str], page: str) -> dict[str, str]:
    return {"key": key, "name": names.get(key, key), "url": reverse(page, args=[key]) if key in names else ""}


def shown(name: str, value: object) -> dict[str, Any]:
    """Return a fact as register/facts.html takes it: with a text, or with facts of its own."""
    fact: dict[str, Any] = {"name": name, "label": _LABELS.get(name, "")}
    if isinstance(value, dict):
        return fact | {"facts": [shown(inner, part) for inner, part in value.items()]}
    if isinstance(value, list) and any(isinstance(part, dict | list) for part in value):
        return fact | {"facts": [shown("", part) for part in value]}
    return fact | {"text": ", ".join(map(_text, value)) if isinstance(value, list) else _text(value)}


def _text(value: object) -> str:
    if value is None:
        return _("không có")
    if isinstance(value, bool):
        return _("có") if value else _("không")
    return vndate(_moment(value)) or str(value)


def _moment(value: object) -> date | None:
    """Return the date or moment that a fact writes, None for any other fact."""
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(value) if isinstance(value, str) and "-" in value else None
        except ValueError:
            continue
    return None
