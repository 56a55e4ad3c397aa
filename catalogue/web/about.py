"""How products are vetted, and where the data comes from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.core.cache import cache as kept
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.accounts.models import Organisation, OrganisationKind
from catalogue.lexicon.models import Abbreviation, Concept, OutsideExample, SynonymGroup
from catalogue.places.models import Province
from catalogue.platforms import changes, coverage
from catalogue.platforms.capabilities import Capability
from catalogue.platforms.choices import Assurance, ClaimLevel, EvidenceKind
from catalogue.platforms.models import Category, CategoryPhrase, Evidence, Platform
from catalogue.platforms.revisions import FieldRule
from catalogue.problems.shared import SharedPlatform
from catalogue.templatetags.catalogue_ui import host
from catalogue.vetting import counts
from catalogue.vetting.challenges import APPEAL_DAYS
from catalogue.vetting.criteria import Criterion
from catalogue.vetting.service_levels import ServiceLevel

SEEDS = settings.BASE_DIR / "seeds"
HOSTS_AT_ONCE = 20
_COMPILED_ON = re.compile(r"^compiled_on: (\d{4}-\d\d-\d\d)$", re.MULTILINE)
A_DAY = 86_400  # seconds


@require_safe
def how_vetting(request: HttpRequest) -> HttpResponse:
    """What each level means and takes, and what has been done so far."""
    counted = coverage.of(Platform.objects.visible_to(request.user))
    context = {
        "levels": [
            {
                "assurance": {"level": level.value, "label": level.label},
                "explanation": level.explanation,
                "n": getattr(counted, level.value),
            }
            for level in Assurance
        ],
        "total": counted.total,
        "claim_levels": [level.label for level in ClaimLevel],
        "kinds": EvidenceKind.labels,
        "waiting": counts.waiting(timezone.localdate()),
        "appeal_days": APPEAL_DAYS,
    }
    return render(request, "catalogue/how_vetting.html", context)


@require_safe
def about_data(request: HttpRequest) -> HttpResponse:
    """Every set of data: how many rows, from where, of which day, under which licence; and the pages cited."""
    hosts = _cited_hosts()
    context = {
        "sets": _sets(request),
        "hosts": hosts[:HOSTS_AT_ONCE],
        "more_hosts": hosts[HOSTS_AT_ONCE:],
        "n_hosts": len(hosts),
        "evidence": Evidence.objects.public().exclude(url="").count(),
    }
    return render(request, "catalogue/about_data.html", context)


def _sets(request: HttpRequest) -> list[dict[str, Any]]:
    public, ours = _("Trang công khai, dẫn từng dòng"), _("Dự án tự viết")
    rows: list[tuple[str, str, int, str]] = [
        (_("Nền tảng"), "platforms.yaml", Platform.objects.visible_to(request.user).count(), public),
        (_("Nhà cung cấp"), "vendors.yaml", Organisation.objects.shown().count(), public),
        (
            _("Cơ quan, với tên trước khi sáp nhập"),
            "agencies.yaml",
            Organisation.objects.filter(kind__in=(OrganisationKind.AGENCY, OrganisationKind.REGULATOR)).count(),
            _("Luật, nghị quyết và báo chí về tổ chức bộ máy, đọc qua nguồn thứ cấp"),
        ),
        (
            _("Nhóm và nhóm con"),
            "categories.yaml",
            Category.objects.count(),
            _("Chỉ thị 16/CT-BTTTT (25/03/2020), tám chương trình (18/08/2020) và phần mở rộng của danh mục"),
        ),
        (_("Nhu cầu, từ khóa, điểm dễ nhầm của từng nhóm"), "leaf_needs.yaml", CategoryPhrase.objects.count(), ours),
        (
            _("Tỉnh, thành phố"),
            "provinces.yaml",
            Province.objects.count(),
            _("Nghị quyết 202/2025/QH15, Quyết định 19/2025/QĐ-TTg, Nghị quyết 30/2026/QH16, đọc qua nguồn thứ cấp"),
        ),
        (
            _("Từ viết tắt"),
            "abbreviations.yaml",
            Abbreviation.objects.count(),
            _("Kiến thức chung về văn bản hành chính"),
        ),
        (_("Nhóm từ đồng nghĩa"), "synonyms.yaml", SynonymGroup.objects.count(), _("Kiến thức chung")),
        (
            _("Lời của bài toán và lời của sản phẩm"),
            "concepts.yaml",
            Concept.objects.count(),
            _("Thực tiễn hành chính, hoặc văn bản ghi ở từng dòng"),
        ),
        (
            _("Chức năng nhiều hồ sơ cùng nêu"),
            "capabilities.yaml",
            Capability.objects.count(),
            _("Lấy từ platforms.yaml; từng dòng ghi hồ sơ nào nêu"),
        ),
        (_("Trường phải thẩm định khi sửa"), "field_rules.yaml", FieldRule.objects.count(), ours),
        (
            _("Tiêu chí thẩm định"),
            "criteria.yaml",
            Criterion.objects.count(),
            _("Luật, nghị định, thông tư, đọc qua nguồn thứ cấp; từng dòng ghi căn cứ"),
        ),
        (_("Thời hạn từng bước thẩm định"), "service_levels.yaml", ServiceLevel.objects.count(), ours),
        (
            _("Nền tảng quốc gia, dùng chung"),
            "shared_platforms.yaml",
            SharedPlatform.objects.count(),
            _("Quyết định 2618/QĐ-BKHCN (11/09/2025), đọc qua báo chí; công dụng do danh mục soạn"),
        ),
        (_("Ví dụ ngoài phạm vi"), "out_of_scope.yaml", OutsideExample.objects.count(), ours),
    ]
    return [
        {"label": label, "file": file, "n": n, "source": source, "date": _compiled_on(file)}
        for label, file, n, source in rows
    ]


@cache
def _compiled_on(file: str) -> date | None:
    """Return the day on which the facts of a seed file were read, as it says near its top; None where it says none."""
    try:
        with (SEEDS / file).open(encoding="utf-8") as lines:
            found = _COMPILED_ON.search(lines.read(4_000))
    except OSError:
        return None
    return date.fromisoformat(found[1]) if found else None


def _cited_hosts() -> list[dict[str, Any]]:
    """Return the sites that listings, vendors and evidence cite, most cited first. Read anew after each change."""
    key = f"cited-hosts-{changes.current_sequence()}"
    hosts: list[dict[str, Any]] | None = kept.get(key)
    if hosts is None:
        found = Counter(
            [
                *_hosts(Platform.objects.listed().values_list("sources", flat=True)),
                *_hosts(Organisation.objects.shown().values_list("sources", flat=True)),
                *(host(url) for url in Evidence.objects.public().exclude(url="").values_list("url", flat=True)),
            ]
        )
        hosts = [{"host": name, "n": n} for name, n in sorted(found.items(), key=lambda item: (-item[1], item[0]))]
        kept.set(key, hosts, A_DAY)
    return hosts


def _hosts(sources: Iterable[list[Mapping[str, Any]]]) -> list[str]:
    return [host(source["url"]) for row in sources for source in row if source.get("url")]
