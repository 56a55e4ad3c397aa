"""The picture that a shared link shows: drawn here, in the site's own typeface, and kept until its words change."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path

import fontpkg_be_vietnam_pro
from django.core.cache import cache as kept
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw, ImageFont

from catalogue.platforms.choices import Assurance
from catalogue.platforms.models import Platform
from catalogue.problems.models import Problem
from catalogue.templatetags.catalogue_ui import vndate

LOOK = 1  # raise it when the drawing changes
WIDTH, HEIGHT, EDGE = 1200, 630, 80
BAND, PAPER, QUIET, GOLD, RED = "#0b3b3c", "#f7f5ee", "#c4d6d2", "#eebf55", "#d98a7e"
DAY_S = 86_400
_FONTS = Path(fontpkg_be_vietnam_pro.__file__).parent / "files"


@dataclass(frozen=True)
class Words:
    """What stands on a card."""

    site: str
    title: str
    under: str
    text: str
    foot: str


@require_safe
@cache_control(public=True, max_age=DAY_S)
def site_card(request: HttpRequest) -> HttpResponse:
    """The card of every page that has none of its own."""
    words = Words(
        site=_("Nền tảng Việt cho cơ quan nhà nước"),
        title=_("Nêu bài toán của cơ quan bạn"),
        under=_("Nhận một danh sách ngắn các nền tảng Việt"),
        text=_("Có xếp hạng, nói rõ vì sao phù hợp và còn thiếu gì."),
        foot="Make in Viet Nam",
    )
    return _answer(request, words)


@require_safe
@cache_control(public=True, max_age=DAY_S)
def platform_card(request: HttpRequest, slug: str) -> HttpResponse:
    """A platform's name, vendor, summary and how far it was checked."""
    visible = Platform.objects.visible_to(request.user).select_related("vendor", "category")
    platform = get_object_or_404(visible, slug=slug)
    words = Words(
        site=_("Nền tảng Việt cho cơ quan nhà nước"),
        title=platform.name,
        under=f"{platform.vendor.short_name} · {platform.category.label}",
        text=platform.summary,
        foot=str(Assurance(platform.assurance).label),
    )
    return _answer(request, words)


@require_safe
@cache_control(public=True, max_age=300)
def problem_card(request: HttpRequest, slug: str) -> HttpResponse:
    """A problem's title, agency, what is wanted and how it stands. Only of what is public: others may keep the picture."""
    problem = get_object_or_404(Problem.objects.public().select_related("agency"), slug=slug)
    words = Words(
        site=_("Nền tảng Việt cho cơ quan nhà nước"),
        title=problem.title,
        under=problem.agency.name,
        text=" ".join(problem.outcome.split()),
        foot=_("%(state)s · hạn %(day)s")
        % {"state": problem.stage_at(timezone.now()).label, "day": vndate(problem.closes_at)},
    )
    return _answer(request, words)


def _answer(request: HttpRequest, words: Words) -> HttpResponse:
    tag = hashlib.blake2b(repr((LOOK, astuple(words))).encode(), digest_size=12).hexdigest()
    unchanged = get_conditional_response(request, etag=f'"{tag}"')
    if unchanged is not None:
        return unchanged
    picture = kept.get_or_set(f"card-{tag}", lambda: draw(words), timeout=DAY_S)
    return HttpResponse(picture, content_type="image/png", headers={"ETag": f'"{tag}"'})


def draw(words: Words) -> bytes:
    """Return the card as PNG, 1200 × 630: a page of an exercise book with its red margin, as the site looks."""
    image = Image.new("RGB", (WIDTH, HEIGHT), BAND)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 12), fill=GOLD)
    pen.line((EDGE - 28, 12, EDGE - 28, HEIGHT), fill=RED, width=4)

    pen.text((EDGE, 56), words.site, font=_font("SemiBold", 30), fill=QUIET)
    y = _write(pen, words.title, 130, size=64, weight="Bold", fill=PAPER, lines=2)
    y = _write(pen, words.under, y + 18, size=34, weight="Medium", fill=GOLD, lines=1)
    _write(pen, words.text, y + 22, size=32, weight="Regular", fill=PAPER, lines=2)
    pen.line((EDGE, HEIGHT - 104, WIDTH - EDGE, HEIGHT - 104), fill=QUIET, width=2)
    pen.text((EDGE, HEIGHT - 84), words.foot, font=_font("SemiBold", 30), fill=QUIET)

    file = io.BytesIO()
    image.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def _write(pen: ImageDraw.ImageDraw, text: str, y: float, *, size: int, weight: str, fill: str, lines: int) -> float:
    """Write text into at most so many lines and return where the next may begin."""
    font = _font(weight, size)
    for line in wrapped(text, lambda part: font.getlength(part) <= WIDTH - 2 * EDGE, lines):
        pen.text((EDGE, y), line, font=font, fill=fill)
        y += size * 1.34  # room for two marks above a letter, or one below
    return y


def wrapped(text: str, fits: Callable[[str], bool], lines: int) -> list[str]:
    """Break a text into at most so many lines that fit; what is left out is shown as "…"."""
    made: list[str] = []
    words = text.split()
    while words and len(made) < lines:
        count = next((n for n in range(len(words), 1, -1) if fits(" ".join(words[:n]))), 1)
        made.append(" ".join(words[:count]))
        words = words[count:]
    if made:
        last, cut = made[-1], bool(words)
        while last and not fits(last + "…" * cut):
            last, cut = last[:-1].rstrip(), True
        made[-1] = last + "…" * cut
    return made


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"BeVietnamPro-{weight}.ttf", size)
