"""What in a content would keep an officer from understanding or believing it. Advice with reasons; nothing here refuses.

Every threshold was read off the seed catalogue, and how often each hint fires there stands in docs/quality-help.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalogue.common.reading import sentences, syllables
from catalogue.common.text import canonical, fold

from .completeness import has_price
from .content import Content
from .likeness import Copy, sentences_of
from .slogans import Reason, findings

LONGEST_SENTENCE = 36  # syllables; of the seed catalogue's sentences 98 in 100 have fewer
LONGEST_PARAGRAPH = 120  # syllables; the longest of the seed catalogue has 97
MOST_CAPITALS = 3  # words in a row that are written in capitals throughout; a fourth is shouting, not a name
# Not Vietnamese, or no words any more: what whoever reads at an office knows without being told.
WELL_KNOWN = frozenset({
    "2G", "3G", "4G", "5G", "AI", "API", "ATM", "CD", "COVID", "CPU", "CSV", "CV", "DNS", "DOC", "DOCX", "DVD", "EU", "GB", "GPS",
    "HCM", "HTML", "HTTP", "HTTPS", "ICT", "ID", "IP", "IT", "JPG", "JSON", "LAN", "LED", "MB", "MP3", "OCR", "OK", "OTP", "PC",
    "PDF", "PIN", "PNG", "PPT", "QR", "RAM", "SDK", "SIM", "SMS", "SQL", "SSL", "TB", "TP", "TV", "URL", "USB", "USD", "VIP", "VND",
    "VPN", "XLS", "XLSX", "XML",
})  # fmt: skip


class Severity(TextChoices):
    SERIOUS = "serious", gettext_lazy("Nên sửa")
    ADVICE = "advice", gettext_lazy("Có thể rõ hơn")


class Code(StrEnum):
    NO_PRICE = "no_price"
    SUPERLATIVE = "superlative"
    SLOGAN = "slogan"
    NEAR_COPY = "near_copy"
    LONG_SENTENCE = "long_sentence"
    WALL_OF_TEXT = "wall_of_text"
    CAPITALS = "capitals"
    ABBREVIATION = "abbreviation"


@dataclass(frozen=True, slots=True)
class Hint:
    """One piece of advice. field: as in `Content`, "solves.2" for one of a list. message: what to do.

    why: what it means for the officer who reads. example: what it is about, in the content's own words; "" without.
    """

    code: Code
    severity: Severity
    field: str
    message: str
    why: str
    example: str = ""


# What nobody can check, unless something is shown for it. "Duy nhất" also says that there is one of a thing ("một mã định
# danh duy nhất"), "đầu tiên" what comes first; so both count only beside the market that they compare with.
_MARKET = r"(?:tại |ở |của |trên )?(?:việt nam|thị trường|đông nam á|cả nước|thế giới|châu á)"
_SUPERLATIVES = re.compile(
    r"(?<!\w)(?:"
    + "|".join(
        map(
            canonical,
            (
                r"hàng đầu", r"số (?:1|một) (?:việt nam|tại|thị trường|về)", r"no\.? ?1", r"tốt nhất", r"ưu việt", r"vượt trội", r"đột phá",
                r"đẳng cấp", r"hoàn hảo", r"tiên phong", r"(?:hiện đại|tiên tiến|mạnh mẽ|toàn diện|thông minh|uy tín|nhanh|rẻ|phổ biến|lớn|an toàn|tối ưu|chuyên nghiệp) nhất",
                rf"duy nhất {_MARKET}", rf"đầu tiên {_MARKET}", r"dẫn đầu", r"tuyệt đối", r"an toàn 100 ?%", r"bảo mật 100 ?%", r"world[- ]class", r"best[- ]in[- ]class",
            ),
        )
    )
    + r")(?!\w)"
)  # fmt: skip
_NEIGHBOURS = re.compile(r"(?:[^\W\d_]+[ \t]+)+[^\W\d_]+")
_ABBREVIATION = re.compile(r"(?<![\w/.@-])[^\W\d_a-z][^\W_a-z]*(?:&[^\W\d_a-z][^\W_a-z]*)?(?![\w/@-])")


def hints(
    content: Content,
    *,
    names: Iterable[str] = (),
    known: Collection[str] = (),
    copies: Sequence[Copy] = (),
) -> list[Hint]:
    """Return the advice on a content, what matters most first.

    names: of the product and its vendor. known: abbreviations of official writing, which need no explanation.
    copies: sentences that another vendor's listing said before, see `likeness`.
    """
    own = list(names)
    found = [
        *_price(content),
        *_superlatives(content),
        *_slogans(content, own),
        *map(_copy, copies),
        *_long_sentences(content),
        *_walls(content),
        *_capitals(content),
        *_abbreviations(content, own, known),
    ]
    return sorted(found, key=lambda hint: hint.severity != Severity.SERIOUS)


def _price(content: Content) -> Iterator[Hint]:
    if not has_price(content):
        yield Hint(
            Code.NO_PRICE,
            Severity.SERIOUS,
            "packages",
            _("Chưa có giá. Hãy thêm ít nhất một gói có giá, hoặc một khoảng giá."),
            _("Cơ quan phải có giá để lập dự toán; sản phẩm không có giá thường bị bỏ qua dù hợp."),
        )


def _superlatives(content: Content) -> Iterator[Hint]:
    if any(one.url or one.document for one in content.evidence):
        return
    texts = [*sentences_of(content), *((f"capabilities.{at}", text) for at, text in enumerate(content.capabilities))]
    for field, text in texts:
        if not field.startswith("solves") and (match := _SUPERLATIVES.search(canonical(text))):
            yield Hint(
                Code.SUPERLATIVE,
                Severity.SERIOUS,
                field,
                _(
                    "“%(found)s” chưa có gì chứng minh. Hãy thêm bằng chứng ở bước Bằng chứng, hoặc thay bằng một con số."
                )
                % {"found": match[0]},
                _("Cán bộ không đưa được lời khen vào tờ trình; người thẩm định sẽ hỏi căn cứ."),
                text,
            )


def _slogans(content: Content, names: Sequence[str]) -> Iterator[Hint]:
    for at, text in enumerate(content.solves):
        if found := findings(text, names):
            serious = any(finding.reason != Reason.NO_PROBLEM for finding in found)
            yield Hint(
                Code.SLOGAN,
                Severity.SERIOUS if serious else Severity.ADVICE,
                f"solves.{at}",
                " ".join(finding.sentence for finding in found),
                _("Câu này được so với bài toán mà cơ quan gõ vào; lời quảng cáo không giống lời của cơ quan nào."),
                text,
            )


def _copy(copy: Copy) -> Hint:
    return Hint(
        Code.NEAR_COPY,
        Severity.SERIOUS,
        copy.field,
        _("Câu này gần như trùng với hồ sơ “%(name)s”. Hãy viết bằng lời của mình.") % {"name": copy.name}
        if copy.name
        else _("Câu này gần như trùng với một hồ sơ hoặc bài toán đã đăng trước. Hãy viết bằng lời của mình."),
        _("Hai hồ sơ giống nhau thì cán bộ không biết chọn theo gì, và không biết ai là người làm ra."),
        copy.text,
    )


def _long_sentences(content: Content) -> Iterator[Hint]:
    for field, text in sentences_of(content):
        if (n := len(syllables(text))) > LONGEST_SENTENCE:
            yield Hint(
                Code.LONG_SENTENCE,
                Severity.ADVICE,
                field,
                ngettext(
                    "Câu có %(n)d tiếng. Hãy tách thành hai, ba câu, mỗi câu một ý.",
                    "Câu có %(n)d tiếng. Hãy tách thành hai, ba câu, mỗi câu một ý.",
                    n,
                )
                % {"n": n},
                _("Cán bộ đọc lướt hàng chục hồ sơ; câu dài phải đọc lại mới hiểu."),
                text,
            )


def _walls(content: Content) -> Iterator[Hint]:
    for paragraph in content.description.split("\n"):
        if (n := len(syllables(paragraph))) > LONGEST_PARAGRAPH and len(sentences(paragraph)) > 1:
            yield Hint(
                Code.WALL_OF_TEXT,
                Severity.ADVICE,
                "description",
                ngettext(
                    "Một đoạn có %(n)d tiếng. Hãy xuống dòng sau mỗi ý.",
                    "Một đoạn có %(n)d tiếng. Hãy xuống dòng sau mỗi ý.",
                    n,
                )
                % {"n": n},
                _("Khối chữ dày trên điện thoại kéo qua cả màn hình, người đọc bỏ dở."),
                f"{paragraph[:120]}…",
            )


def _capitals(content: Content) -> Iterator[Hint]:
    for field, text in sentences_of(content):
        for run in _capital_runs(text):
            if len(run) > MOST_CAPITALS:
                yield Hint(
                    Code.CAPITALS,
                    Severity.ADVICE,
                    field,
                    _("Cụm này viết hoa toàn bộ. Hãy viết thường, chỉ hoa tên riêng."),
                    _("Chữ hoa liền nhau khó đọc, và nhiều trình đọc màn hình đánh vần từng chữ."),
                    " ".join(run),
                )
                break


def _capital_runs(text: str) -> Iterator[list[str]]:
    """Yield each run of neighbouring words of two letters or more that have only capitals."""
    for words in _NEIGHBOURS.findall(text):
        for shouted, run in groupby(words.split(), key=lambda word: len(word) > 1 and word.isupper()):
            if shouted:
                yield list(run)


def _abbreviations(content: Content, names: Sequence[str], known: Collection[str]) -> Iterator[Hint]:
    """Yield a hint for each abbreviation that the content uses and nowhere says in full, at its first place."""
    texts = [*sentences_of(content), *((f"capabilities.{at}", text) for at, text in enumerate(content.capabilities))]
    whole = "\n".join(text for _field, text in texts)
    named = {word.upper() for name in (content.name, *names, *content.customers) for word in syllables(name)}
    told = {short.upper() for short in known} | named | WELL_KNOWN
    seen: set[str] = set()
    for field, text in texts:
        spelt = {word for run in _capital_runs(text) if len(run) >= MOST_CAPITALS for word in run}  # words, all of them
        for short in _ABBREVIATION.findall(text):
            if len(short) < 2 or not short.isupper() or short in told | seen | spelt or _is_a_word(short):
                continue
            seen.add(short)
            if not _is_explained(short, whole):
                yield Hint(
                    Code.ABBREVIATION,
                    Severity.ADVICE,
                    field,
                    _("“%(short)s” chưa được viết đầy đủ lần nào. Hãy viết đủ ở lần đầu, chữ tắt trong ngoặc.")
                    % {"short": short},
                    _("Cán bộ ngành khác không biết chữ tắt này, và không tìm ra sản phẩm bằng tên đầy đủ."),
                    text,
                )


def _is_explained(short: str, whole: str) -> bool:
    """Say whether it stands in brackets behind what it stands for, or is itself followed by that in brackets."""
    return bool(re.search(rf"\(\s*{re.escape(short)}\s*\)|(?<!\w){re.escape(short)}\s*\([^)]*\s[^)]*\)", whole))


def _is_a_word(short: str) -> bool:
    """Say whether it has the marks of a spoken syllable ("NHẤT"), or is a Roman number."""
    return fold(short) != short.replace("Đ", "D") or bool(re.fullmatch(r"[IVX]+", short))
