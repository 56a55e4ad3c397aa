"""What a firm needs to know of a problem before it can answer, what of it is missing, and what keeps good firms away.

Pure functions over text and fields. Each rule says why it is there; those that cannot be judged yet are left out of the
grade. The rules follow what firms complained of in other countries (docs/coach.md), not single statements.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalogue.common import working_days
from catalogue.common.text import canonical, fold

MANY_ESSENTIALS = 6  # from so many on, small firms with a good product stop reading
FEWEST_DAYS = 10  # working days in which a firm can ask, hear and write
FEWEST_WORDS = 12  # less is a heading, not a description
MOST_WORDS = 5  # quoted for one finding
CAP = 0.74  # of a problem that names a product, or tells the solution: no better than C
_GRADES = ((0.9, "A"), (0.75, "B"), (0.55, "C"), (0.35, "D"), (0.0, "E"))


class Rule(StrEnum):
    PROBLEM = "problem"
    SOLUTION = "solution"
    AFFECTED = "affected"
    NUMBERS = "numbers"
    OUTCOME = "outcome"
    MEASURE = "measure"
    SYSTEMS = "systems"
    REQUIREMENTS = "requirements"
    ESSENTIALS = "essentials"
    SENTENCES = "sentences"
    BRAND = "brand"
    EXACT = "exact"
    BUDGET = "budget"
    DEADLINE = "deadline"


class Kind(Enum):
    NEEDED = "needed"  # what a firm must know
    FLAG = "flag"  # what should not be there


@dataclass(frozen=True, slots=True)
class Stated:
    """A problem as far as it is written. texts: all in one, when it is not told in parts.

    names: products and firms of the catalogue, as they are written. today_is: the day on which it is looked at. in_parts:
    False for a bare text, of which nothing is known of money, dates and requirements.
    """

    today: str
    affected: str = ""
    outcome: str = ""
    title: str = ""
    systems: str = ""
    must: Sequence[str] = ()
    nice: Sequence[str] = ()
    budget_min: int | None = None
    budget_max: int | None = None
    closes_on: date | None = None
    today_is: date | None = None
    names: frozenset[str] = frozenset()
    in_parts: bool = True

    @property
    def told(self) -> str:
        return "\n".join(filter(None, (self.title, self.today, self.affected, self.outcome)))

    @property
    def asked(self) -> str:
        """What is asked for, where a brand would shut others out. Systems in use are named there for good reason."""
        return "\n".join((self.told, *self.must, *self.nice))


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found. `ok` is the good case; words: what in the text it rests on."""

    rule: Rule
    kind: Kind
    ok: bool
    weight: int
    field: str
    say: str | Promise
    why: str | Promise
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """What the coach says: the grade, and all that it rests on."""

    grade: str
    share: float
    findings: tuple[Finding, ...] = field(default=())

    @property
    def missing(self) -> list[Finding]:
        return [one for one in self.findings if one.kind is Kind.NEEDED and not one.ok]

    @property
    def flags(self) -> list[Finding]:
        return [one for one in self.findings if one.kind is Kind.FLAG and not one.ok]

    @property
    def good(self) -> list[Finding]:
        return [one for one in self.findings if one.ok]


def review(stated: Stated) -> Review:
    """Look at a problem by every rule that can be judged.

    The grade is the share of what a firm needs to know that is told, by weight; each flag takes its weight off. What is
    free of flags earns nothing by that: an empty text has none.
    """
    findings = tuple(found for rule in _RULES for found in rule(stated))
    needed = [one for one in findings if one.kind is Kind.NEEDED]
    points = sum(one.weight for one in needed if one.ok) - sum(
        one.weight for one in findings if one.kind is Kind.FLAG and not one.ok
    )
    share = max(points, 0) / sum(one.weight for one in needed)
    if any(one.rule in (Rule.BRAND, Rule.SOLUTION) and not one.ok for one in findings):
        share = min(share, CAP)
    return Review(next(grade for least, grade in _GRADES if share >= least), round(share, 2), findings)


# How problems, people and measures are spoken of: with marks, and the same without, for much is typed so.


@dataclass(frozen=True, slots=True)
class _Speech:
    with_marks: re.Pattern[str]
    without: re.Pattern[str]

    def found(self, text: str) -> tuple[str, ...]:
        """Return what of the text is spoken so, each once. A text without any mark is read as typed without."""
        plain = canonical(text).lower()
        pattern = self.without if fold(plain) == plain else self.with_marks
        return tuple(dict.fromkeys(match.group(0).strip() for match in pattern.finditer(plain)))[:MOST_WORDS]


def _speech(pattern: str) -> _Speech:
    return _Speech(re.compile(pattern), re.compile(fold(pattern)))


_HARD = _speech(
    r"\b(khó khăn|khó|vướng mắc|vướng|hạn chế|bất cập|quá tải|ùn tắc|ùn ứ|chậm|trễ|muộn|mất thời gian|mất công|mất \w+ (giờ|ngày|buổi)|"
    r"tốn|thủ công|bằng tay|viết tay|giấy tờ|bản giấy|trùng lặp|chồng chéo|sai sót|nhầm lẫn|thất lạc|rời rạc|phân tán|manh mún|"
    r"riêng lẻ|không đồng bộ|không thống nhất|không kết nối|không kiểm soát|không nắm được|không biết|không theo dõi|không kịp|"
    r"không đủ|không thể|không được|chưa|còn thiếu|thiếu|quá nhiều|nhập lại|đi lại nhiều|phiền hà|rò rỉ|lừa đảo|giả mạo|ô nhiễm|"
    r"thất thoát|thất thu|lãng phí|mất an toàn|nguy cơ|rủi ro|bỏ sót|kéo dài|áp lực|xếp hàng|phải chờ|tồn đọng|quên|thấp|vi phạm|"
    r"thay cho|thay vì)\b"
)
_BUILD = _speech(
    r"\b(xây dựng|phát triển|triển khai|mua sắm|mua|đầu tư|thuê|nâng cấp|trang bị|thiết kế|lắp đặt|hoàn thiện|cung cấp)\s+"
    r"(?:\w+\s+){0,4}?(hệ thống|phần mềm|nền tảng|ứng dụng|app|cổng thông tin|website|trang thông tin|cơ sở dữ liệu|giải pháp|"
    r"thiết bị|camera|máy chủ|trung tâm|data center|hạ tầng|trạm|ioc)\b"
)
_PEOPLE = _speech(
    r"\b(cán bộ|công chức|viên chức|người dân|nhân dân|công dân|dân|doanh nghiệp|hộ kinh doanh|hộ gia đình|hộ dân|nông dân|"
    r"học sinh|sinh viên|giáo viên|giảng viên|phụ huynh|bệnh nhân|người bệnh|bác sĩ|nhân viên|lao động|công nhân|lái xe|tài xế|"
    r"du khách|khách hàng|khách|tiểu thương|tổ dân phố|thôn|xã|phường|hợp tác xã|trường|bệnh viện|trạm y tế|cơ sở|đơn vị|cơ quan|"
    r"phòng ban|chủ tàu|ngư dân|đại biểu|người cao tuổi|trẻ em|người khuyết tật|người đi đường)\b"
)
_UNIT = (
    r"(cán bộ|công chức|viên chức|người|dân|hộ|doanh nghiệp|học sinh|sinh viên|giáo viên|bệnh nhân|bệnh viện|lượt|hồ sơ|văn bản|"
    r"thủ tục|xã|phường|thôn|tổ dân phố|trường|trạm|đơn vị|cơ quan|phòng|điểm|kỳ họp|cuộc gọi|phản ánh|giao dịch|xe|tàu|thiết bị|"
    r"camera|trang|bản ghi|thửa đất|hợp tác xã|tài khoản|khách|nhân viên|phần mềm|hệ thống|tài liệu|hiện vật|lỗ hổng|tuyến|chợ)"
)
_COUNT = _speech(r"(?<![\w/.,-])\d[\d.,]*\s*(?:nghìn|ngàn|triệu|tỷ|vạn|trăm)?\s*(?:\w+\s){0,2}?" + _UNIT + r"\b")
_MEASURE = _speech(
    r"\d[\d.,]*\s*(%|phần trăm|phút|giờ|giây|ngày|tuần|tháng|năm|lần|trang|đồng|triệu|tỷ|người|hồ sơ|km|xã|phường)"
    r"|\b(không còn|không phải|không in)\b|\b(toàn bộ|tất cả|mọi)\s+\w+"
)
_GOAL = _speech(
    r"\b(để|nhằm|mục tiêu|cần|mong muốn|muốn|giúp|bảo đảm|đảm bảo|phục vụ|hướng tới|từ đó|sao cho|không còn|giảm|tăng|rút ngắn)\b"
)
_FIGURE = re.compile(
    r"\b\d[\d.,]*\s?(ghz|mhz|gb|tb|mb|mbps|gbps|inch|core|rpm|dpi|megapixel|mp|nits|kva|cd/m2|lõi|nhân)\b"
    r"|\b(version|phiên bản|v)\s?\d+(\.\d+)+\b"
)
_ROOM = _speech(
    r"\b(tối thiểu|ít nhất|trở lên|không ít hơn|tối đa|không quá|khoảng|hoặc cao hơn|tương đương|nhỏ nhất|lớn hơn|nhỏ hơn|"
    r"(dưới|trên) (?=\d))|[≥≤><~]"
)
_OR_LIKE = _speech(r"\btương đương\b|\btương tự\b|\bví dụ\b|\bchẳng hạn\b")
_SENTENCE = re.compile(r"[.!?;\n]+")


def _words(text: str) -> int:
    return len(re.findall(r"\w+", text))


def _problem(stated: Stated) -> Iterator[Finding]:
    hard = _HARD.found(stated.told)
    enough = _words(stated.today) >= FEWEST_WORDS
    yield Finding(
        Rule.PROBLEM, Kind.NEEDED, bool(hard) and enough, 3, "today",
        _("Việc đang khó ở đâu"),
        _("Doanh nghiệp chỉ đề xuất đúng khi biết hôm nay việc vướng chỗ nào, không chỉ biết tên việc."), hard,
    )  # fmt: skip


def _solution(stated: Stated) -> Iterator[Finding]:
    built = _BUILD.found(stated.told)
    tells_why = bool(_HARD.found(stated.told))
    yield Finding(
        Rule.SOLUTION, Kind.FLAG, not built or tells_why, 2, "today",
        _("Nêu cách làm thay cho bài toán"),
        _("Viết sẵn “xây dựng hệ thống…” mà không nói vì sao thì loại mất cách giải rẻ hơn, và không ai biết thế nào là xong."),
        built,
    )  # fmt: skip


def _affected(stated: Stated) -> Iterator[Finding]:
    text = f"{stated.affected}\n{stated.told}"
    people = _PEOPLE.found(text)
    yield Finding(
        Rule.AFFECTED, Kind.NEEDED, bool(people), 2, "affected",
        _("Ai gặp việc này"),
        _("Người dùng khác nhau thì sản phẩm khác nhau: cán bộ xã, người dân và lãnh đạo không cần cùng một thứ."), people,
    )  # fmt: skip
    counts = _COUNT.found(text)
    yield Finding(
        Rule.NUMBERS, Kind.NEEDED, bool(counts), 2, "affected",
        _("Bao nhiêu người, hồ sơ, đơn vị"),
        _("Không có con số thì không tính được giá và không biết sản phẩm có chịu tải nổi không."), counts,
    )  # fmt: skip


def _outcome(stated: Stated) -> Iterator[Finding]:
    text = stated.outcome if stated.in_parts else stated.told
    goal = bool(text.strip()) if stated.in_parts else bool(_GOAL.found(text))
    yield Finding(
        Rule.OUTCOME, Kind.NEEDED, goal, 2, "outcome",
        _("Cần đạt điều gì"),
        _("Kết quả mong muốn là thứ để so các đề xuất với nhau và để nghiệm thu."),
    )  # fmt: skip
    measures = _MEASURE.found(text)
    yield Finding(
        Rule.MEASURE, Kind.NEEDED, bool(measures), 1, "outcome",
        _("Đo kết quả bằng gì"),
        _("“Nhanh hơn”, “hiệu quả hơn” thì ai cũng đạt; một con số thì không."), measures,
    )  # fmt: skip


def _systems(stated: Stated) -> Iterator[Finding]:
    if stated.in_parts:
        yield Finding(
            Rule.SYSTEMS, Kind.NEEDED, bool(stated.systems.strip()), 1, "systems",
            _("Đang dùng phần mềm nào"),
            _("Cái mới phải nối với cái cũ hoặc thay nó. Có nơi đã dùng hai mươi phần mềm và nhập lại số liệu bằng tay."),
        )  # fmt: skip


# A sentence ends and something begins; what ends in “TP.” or “v.v.” is no sentence.
_GOES_ON = re.compile(r"\w{3}[.!?…]\s+([^\W\d_])")


def _is_several(text: str) -> bool:
    return any(match.group(1).isupper() for match in _GOES_ON.finditer(text))


def _requirements(stated: Stated) -> Iterator[Finding]:
    if not stated.in_parts:
        return
    yield Finding(
        Rule.REQUIREMENTS, Kind.NEEDED, bool(stated.must), 1, "must",
        _("Điều bắt buộc phải có"),
        _("Mỗi yêu cầu một câu, để doanh nghiệp trả lời từng câu và cơ quan nêu được lý do chọn hay không chọn."),
    )  # fmt: skip
    yield Finding(
        Rule.ESSENTIALS, Kind.FLAG, len(stated.must) < MANY_ESSENTIALS, 1, "must",
        _("Từ sáu yêu cầu bắt buộc trở lên"),
        _("Ở Anh, 77% bài toán đòi từ sáu điều bắt buộc trở lên và doanh nghiệp nhỏ bỏ qua. Chuyển bớt sang “nên có”."),
        tuple(stated.must[MANY_ESSENTIALS - 1 :]),
    )  # fmt: skip
    several = tuple(one for one in (*stated.must, *stated.nice) if _is_several(one))
    yield Finding(
        Rule.SENTENCES, Kind.FLAG, not several, 1, "must",
        _("Một yêu cầu có nhiều câu"),
        _("Doanh nghiệp chỉ trả lời được một lần cho mỗi yêu cầu: câu đạt, câu không thì không ai biết. Hãy tách ra."),
        several[:MOST_WORDS],
    )  # fmt: skip


def _brand(stated: Stated) -> Iterator[Finding]:
    named = tuple(_locked(stated.asked, stated.names))
    yield Finding(
        Rule.BRAND, Kind.FLAG, not named, 3, "must",
        _("Nêu tên sản phẩm hoặc hãng mà không có “hoặc tương đương”"),
        _("Tên riêng loại mọi sản phẩm khác và dễ bị kiến nghị. Hãy tả việc nó làm được, hoặc thêm “hoặc tương đương”."),
        named,
    )  # fmt: skip


def _locked(text: str, names: frozenset[str]) -> Iterator[str]:
    """Yield the names that stand in a sentence which does not let others in. Capitals count: “Thông” is no “thông”."""
    if not names:
        return
    pattern = _pattern(names)
    seen = set()
    for sentence in _SENTENCE.split(text):
        if _OR_LIKE.found(sentence):
            continue
        for match in pattern.finditer(sentence):
            if (name := match.group(0)) not in seen:
                seen.add(name)
                yield name


_patterns: dict[frozenset[str], re.Pattern[str]] = {}


def _pattern(names: frozenset[str]) -> re.Pattern[str]:
    """Return one pattern for all names, the longest first; kept for the last set of names only."""
    if names not in _patterns:
        _patterns.clear()
        options = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
        _patterns[names] = re.compile(rf"(?<!\w)(?:{options})(?!\w)")
    return _patterns[names]


def _exact(stated: Stated) -> Iterator[Finding]:
    sentences = [one for text in (stated.told, *stated.must, *stated.nice) for one in _SENTENCE.split(text)]
    tight = [canonical(one).lower() for one in sentences if not _ROOM.found(one)]
    figures = tuple(match.group(0).strip() for one in tight for match in _FIGURE.finditer(one))[:MOST_WORDS]
    yield Finding(
        Rule.EXACT, Kind.FLAG, not figures, 1, "must",
        _("Con số kỹ thuật quá khít"),
        _("Cấu hình đúng một con số thường chép từ một sản phẩm. Hãy viết “tối thiểu”, hoặc viết việc cần làm được."),
        figures,
    )  # fmt: skip


def _budget(stated: Stated) -> Iterator[Finding]:
    if stated.in_parts:
        yield Finding(
            Rule.BUDGET, Kind.NEEDED, stated.budget_max is not None or stated.budget_min is not None, 2, "budget_max",
            _("Ngân sách"),
            _("Không có khoảng tiền, doanh nghiệp đoán; người đoán cao và người đoán thấp đều mất công."),
        )  # fmt: skip


def _deadline(stated: Stated) -> Iterator[Finding]:
    if not stated.in_parts:
        return
    if stated.closes_on is None or stated.today_is is None:
        yield Finding(
            Rule.DEADLINE, Kind.NEEDED, False, 1, "closes_at", _("Hạn trả lời"),
            _("Không có hạn thì không ai biết đến khi nào."),
        )  # fmt: skip
        return
    days = working_days.between(stated.today_is, stated.closes_on)
    yield Finding(
        Rule.DEADLINE, Kind.FLAG, days >= FEWEST_DAYS, 1, "closes_at",
        _("Hạn trả lời dưới mười ngày làm việc"),
        _("Hỏi, chờ trả lời rồi viết cần thời gian. Hạn ngắn thì chỉ người biết trước kịp trả lời."),
        (str(max(days, 0)),),
    )  # fmt: skip


_RULES: tuple[Callable[[Stated], Iterable[Finding]], ...] = (
    _problem, _solution, _affected, _outcome, _systems, _requirements, _brand, _exact, _budget, _deadline,
)  # fmt: skip
