"""Requirements that stand in the statement: read, offered back with their words, never applied unasked.

Each rule is one pattern. What is found is a suggestion for the officer to confirm; only `Required`,
which the officer confirmed, changes the answer.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from catalogue.common.text import canonical, fold

from .types import Constraint, Document, Required, Unmet

BUDGET, DEPLOYMENT, USERS, SITES, SECURITY, DEADLINE, DATA_IN_VIETNAM, CONNECTIONS, MODE, OFFLINE = KINDS = (
    "budget_vnd_max", "deployment", "users", "sites", "security_level", "deadline", "data_in_vietnam", "connections",
    "mode", "offline",
)  # fmt: skip
CONFIRMED = "confirmed_since"  # never read from a statement
DEPLOYMENTS = ("saas", "on_premise", "private_cloud", "mobile_app", "hardware")
CONNECTED = ("LGSP", "NDXP", "VNEID", "CSDLQG_DC", "DVCQG", "BHXH")
MODES = ("rent", "buy")
DEADLINE_FORM = r"(?:\d{1,2}/\d{1,2}/20\d\d|\d{1,2}/20\d\d|(?:I|II|III|IV)/20\d\d|20\d\d)"
MOST_MONEY = 10**15  # dong; a budget above it is a slip of the keyboard
MOST_COUNTED = 10**9

_NUMBER = r"(\d{1,3}(?:[.,\s]\d{3}){2,4}|\d{1,3}(?:[.\s]\d{3})|\d{1,12}(?:,\d{1,3}|\.\d{1,2})?)(?![\d.,]*\d)"
_UNITS = {
    "nghìn": 10**3,
    "ngàn": 10**3,
    "triệu": 10**6,
    "tr": 10**6,
    "trđ": 10**6,
    "tỷ": 10**9,
    "tỉ": 10**9,
    "đồng": 1,
    "vnd": 1,
    "vnđ": 1,
    "đ": 1,
}
_LIMITS = ("dưới", "không quá", "không vượt quá", "tối đa", "kinh phí", "ngân sách", "dự toán", "trần")


def _either(*words: str) -> str:
    """Return a pattern of these words, with their marks or without any."""
    forms = {canonical(word) for word in words} | {fold(canonical(word)) for word in words}
    return "|".join(sorted(forms, key=len, reverse=True))


def _group(*words: str) -> str:
    return f"(?:{_either(*words)})"


def _unless(*words: str) -> str:
    """Return a pattern of a place before which none of these words stands."""
    return "".join(f"(?<!{form} )" for form in _either(*words).split("|"))


# The rule for money sees the text in lower case but with its marks: "đã" is not "(tối) đa", "ti vi" is no sum.
_AMOUNT = rf"{_NUMBER}\s*({_either(*_UNITS)})(?!\w)(?! vi\b)"
_MONEY = re.compile(
    rf"(?<!\w)(?:{_either(*_LIMITS)})(?!\w)[^.;\n]{{0,40}}?(?<![\w.,]){_AMOUNT}(?:\s+{_AMOUNT})?(?:\s*(?:{_either('đồng')}|vn[dđ]))?"
)
# The limit may follow: "500 triệu trở xuống".
_MONEY_BELOW = re.compile(
    rf"(?<![\w.,]){_AMOUNT}(?:\s+{_AMOUNT})?(?:\s*(?:{_either('đồng')}|vn[dđ]|đ))?\s+{_group('trở xuống', 'đổ xuống', 'đổ lại')}(?!\w)"
)
_SUM = re.compile(rf"{_AMOUNT}(?:\s+{_AMOUNT})?(?:\s*(?:{_either('đồng')}|vn[dđ]|đ))?")
_PLAIN_SUM = re.compile(rf"{_NUMBER}(?:\s*(?:đồng|dong|vn[dđ]|đ))?")
_SMALLEST_PLAIN = 100_000  # dong; below, whoever typed it left out "triệu"
# Marks decide here too: "thuế" is no rent, "mùa" buys nothing, "ngoài tuyến đường" is a place.
_THINGS = _group("phần mềm", "hệ thống", "dịch vụ", "nền tảng", "giải pháp")
_NOT_SOFTWARE = _group("vệ sinh", "bảo vệ", "xe", "nhà", "ăn uống", "du lịch", "vận chuyển", "y tế", "điện")
_MODE = re.compile(
    rf"(?<!\w){_unless('không', 'chưa')}"
    rf"(?:{_unless('nộp', 'cục', 'quan', 'khai', 'ngành', 'mềm')}(?P<rent>{_group('thuê')})"
    rf"|(?P<buy>{_unless('thu', 'mùa')}{_group('mua sắm', 'mua')}"
    rf"|{_unless('gọi', 'hút', 'nhà', 'tiến')}{_group('đầu tư')}(?: {_group('mua sắm', 'xây dựng', 'mua')})?))"
    rf"(?: {_group('trọn gói', 'ngoài', 'sử dụng', 'mới', 'một', 'các', 'bản quyền', 'giấy phép', 'gói')})?"
    rf" {_THINGS}(?! {_NOT_SOFTWARE}\b)(?!\w)"
)
# "Tại chợ" is a market, and "bốn tại chỗ" a way to meet floods.
_ON_PREMISE = re.compile(
    rf"(?<!\w)(?:{_group('cài đặt', 'cài', 'lắp đặt', 'triển khai', 'vận hành', 'lưu trữ', 'máy chủ', 'đặt')}(?: \w+)? {_group('tại chỗ')}"
    rf"|on[- ]premises?|{_group('cài đặt nội bộ')}|{_group('máy chủ của')} {_group('đơn vị', 'cơ quan', 'sở', 'tỉnh')})(?!\w)"
)
_NETWORK = _group("kết nối mạng", "kết nối internet", "mạng", "internet")
_OFFLINE = re.compile(
    rf"(?<!\w)(?:{_unless('trực tuyến', 'tuyến và', 'tuyến,')}{_group('ngoại tuyến')}(?! {_group('và trực', 'và online', 'đường')})"
    rf"|{_group('chế độ', 'hoạt động', 'làm việc', 'sử dụng', 'dùng', 'chạy', 'nhập liệu', 'nhập', 'tra cứu', 'được')} offline"
    rf"|(?:{_group('khi', 'lúc', 'nơi', 'dù')} {_group('mất', 'rớt')}|{_group('không có', 'không cần')}) {_NETWORK}"
    rf"|{_group('mất mạng')} {_group('vẫn', 'thì vẫn', 'cũng')})(?!\w)"
)
# The other rules run over the folded text, which has the statement's own length, so spans point into what was typed.
_COUNTED = {
    USERS: re.compile(rf"(?<![\w/.,]){_NUMBER}\s*(?:nguoi dung|nguoi su dung|tai khoan|user|users)\b"),
    SITES: re.compile(
        rf"(?<![\w/.,]){_NUMBER}\s*(?:diem cau|diem|dia diem|tram|co so(?! du lieu)|truong(?! hop)|xa(?! hoi)|don vi)\b"
    ),
    SECURITY: re.compile(r"\b(?:an toan (?:he thong )?(?:thong tin )?(?:theo )?)?cap do\s*([1-5])\b"),
}
_DEADLINE = re.compile(
    r"\b(?:truoc|den het|den|trong|cham nhat|hoan thanh)\s+(?:ngay |thang |nam |quy )?"
    r"(\d{1,2}/\d{1,2}/20\d\d|\d{1,2}/20\d\d|(?:i|ii|iii|iv)/20\d\d|(?<=nam )20\d\d)\b"
)
_DEPLOYMENT = {
    "private_cloud": re.compile(r"\b(?:dam may (?:rieng|noi bo)|private cloud)\b"),
    "saas": re.compile(
        r"\b(?:saas|thue (?:dich vu )?phan mem|tren (?:nen )?(?:dien toan )?dam may)\b(?! (?:rieng|noi bo))"
    ),
    "mobile_app": re.compile(r"\b(?:ung dung (?:di dong|dien thoai|tren dien thoai)|mobile app)\b"),
}


_WORD = r"\w+ "
_ABROAD = r"(?:ra|o|tai)(?: khoi)? nuoc ngoai"
_HERE = r"(?:tai|o|trong)? ?(?:lanh tho )?(?:viet nam|trong nuoc(?! (?:thai|bien|ngam|ngot|man|sach|song|ao|ho|mua)\b))"
_DATA_IN_VIETNAM = re.compile(
    rf"\b(?:du lieu|may chu|trung tam du lieu|ha tang)\b (?:(?!tu |cam |phao |khong )\w+ ){{0,5}}?"
    rf"(?:luu tru|luu giu|luu|dat|de) (?:\w+ )?{_HERE}\b"
    rf"|(?<!khong can )(?<!khong bat buoc )\b(?:luu tru|luu giu|luu|dat) (?:du lieu|may chu) (?:{_WORD}){{0,2}}?{_HERE}\b"
    rf"|\b(?:trung tam du lieu|(?:dien toan )?dam may|may chu) {_HERE}\b"
    rf"|\bkhong (?:{_WORD}){{0,3}}?du lieu (?:{_WORD}){{0,3}}?{_ABROAD}\b"
    rf"|\bdu lieu (?:{_WORD}){{0,3}}?khong (?:{_WORD}){{0,4}}?{_ABROAD}\b"
)
_SYSTEMS = {
    "LGSP": r"lgsp|nen tang tich hop,? (?:va )?chia se du lieu (?:cap|cua) (?:bo|tinh|thanh pho)",
    "NDXP": r"ndxp|nen tang tich hop,? (?:va )?chia se du lieu quoc gia",
    "VNEID": r"vneid|tai khoan dinh danh dien tu",
    "CSDLQG_DC": r"(?:csdlqg|csdl|co so du lieu)(?: quoc gia| qg)?(?: ve)? dan cu|csdlqgv?dc",
    "DVCQG": r"dvcqg|(?:dich vu cong|dvc) quoc gia",
    "BHXH": r"bhxh|bao hiem xa hoi",
}
_NAMED = {value: re.compile(rf"\b(?:{names})\b") for value, names in _SYSTEMS.items()}
# A system is only a requirement after a word for connecting: "Bảo hiểm xã hội tỉnh cần…" names who asks.
_CONNECTIONS = {
    value: re.compile(
        rf"(?<!khong can )(?<!chua can )(?<!nen tang )(?<!tich hop )(?<!tich hop, )(?<!tich hop va )\b"
        rf"(?:(?:ket noi|lien thong|tich hop|dong bo|doi soat|khai thac|dang nhap|xac thuc|chia se (?:du lieu|thong tin))"
        rf"\b[^.;\n]{{0,60}}?|(?:qua|bang) (?:{_WORD}){{0,3}}?)\b(?:{names})\b"
    )
    for value, names in _SYSTEMS.items()
}
_OFFLINE_NAMED = re.compile(r"\b(?:ngoai tuyen|offline|mat mang|khong co mang|khong co internet)\b")


def find_constraints(raw: str) -> tuple[Constraint, ...]:
    """Return the requirements that a statement states, in the order of its words."""
    return tuple(sorted(_find(raw), key=lambda constraint: constraint.start))


def _find(raw: str) -> Iterator[Constraint]:
    def found(kind: str, value: int | str, match: re.Match[str]) -> Constraint:
        return Constraint(kind, value, raw[match.start() : match.end()], match.start(), match.end())

    folded, lowered = _fold_in_place(raw), _lower_in_place(raw)
    if match := _MONEY.search(lowered) or _MONEY_BELOW.search(lowered):
        yield found(BUDGET, _total(match), match)
    for kind, pattern in _COUNTED.items():
        if match := pattern.search(folded):
            yield found(kind, int(_number(match[1])), match)
    if match := _DEADLINE.search(folded):
        yield found(DEADLINE, match[1].upper(), match)
    for kind, patterns in ((DEPLOYMENT, _DEPLOYMENT), (CONNECTIONS, _CONNECTIONS)):
        for value, pattern in patterns.items():
            if match := pattern.search(folded):
                yield found(kind, value, match)
    if match := _ON_PREMISE.search(lowered):
        yield found(DEPLOYMENT, "on_premise", match)
    if match := _DATA_IN_VIETNAM.search(folded):
        yield found(DATA_IN_VIETNAM, True, match)
    if match := _MODE.search(lowered):
        yield found(MODE, "rent" if match["rent"] else "buy", match)
    if match := _OFFLINE.search(lowered):
        yield found(OFFLINE, True, match)


def read_money(typed: str) -> int | None:
    """Return the dong that somebody typed ("1,5 tỷ", "500tr", "500.000.000 đ"), None when it is no sum of money.

    A small number without a unit is refused rather than guessed at.
    """
    text = _lower_in_place(" ".join(typed.split()))
    if match := _SUM.fullmatch(text):
        dong = _total(match)
    elif (match := _PLAIN_SUM.fullmatch(text)) and not re.fullmatch(r"\d+,\d+", match[1]):
        dong = round(_number(match[1]))
        if 0 < dong < _SMALLEST_PLAIN:
            return None
    else:
        return None
    return dong if dong <= MOST_MONEY else None


def _total(match: re.Match[str]) -> int:
    """Add up the one or two amounts of a sum ("1 tỷ 500 triệu"), which are its first four groups."""
    return sum(_money(*match.group(at, at + 1)) for at in (1, 3) if match[at])


def _fold_in_place(text: str) -> str:
    """Fold letter by letter, so that every place in the result is the same place in the text."""
    return "".join(map(_fold_letter, text))


@lru_cache(maxsize=1024)
def _fold_letter(letter: str) -> str:
    return fold(letter)[:1].lower() or " "


def _lower_in_place(text: str) -> str:
    """Lower letter by letter, marks in one place and composed, keeping the length."""
    low = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    same = canonical(low)
    return same if len(same) == len(text) else low


def _money(number: str, unit: str) -> int:
    factor = {name: value for word, value in _UNITS.items() for name in (canonical(word), fold(canonical(word)))}[unit]
    return round(_number(number) * factor)


def _number(written: str) -> float:
    """Read a Vietnamese number: groups of three by dot, space or comma, decimals by comma ("1.500", "1,5")."""
    groups = re.fullmatch(r"\d{1,3}(?:[.\s]\d{3})+|\d{1,3}(?:,\d{3}){2,}", written)
    return float(re.sub(r"[.,\s]", "", written)) if groups else float(written.replace(",", "."))


def failures(document: Document, required: Required) -> tuple[Unmet, ...]:
    """Return what the listing fails of the confirmed requirements, and what it leaves unknown."""
    out: list[Unmet] = []
    if required.deployment and not required.deployment.intersection(document.deployment):
        out.append(Unmet(DEPLOYMENT, ", ".join(sorted(required.deployment)), known=bool(document.deployment)))
    if required.budget_vnd_max is not None and (
        document.price_min is None or document.price_min > required.budget_vnd_max
    ):
        out.append(Unmet(BUDGET, str(required.budget_vnd_max), known=document.price_min is not None))
    said = mentions(document, required)
    out += [
        Unmet(kind, str(value).lower() if value is True else str(value), known=False)
        for kind, value in asked_for(required)
        if kind not in (DEPLOYMENT, BUDGET) and (kind, value) not in said
    ]
    if required.confirmed_since is not None and (
        document.assured_on is None or document.assured_on < required.confirmed_since
    ):
        out.append(Unmet(CONFIRMED, document.assured_on.isoformat() if document.assured_on else ""))
    if not document.available:
        out.append(Unmet("status", "discontinued"))
    return tuple(out)


@lru_cache(maxsize=64)  # every listing of an answer is held against the same ones
def asked_for(required: Required) -> tuple[tuple[str, int | str], ...]:
    """Return every single requirement as (kind, value), in the order of `KINDS`."""
    out: list[tuple[str, int | str]] = []
    for kind in KINDS:
        value = getattr(required, kind)
        if isinstance(value, frozenset):
            out += [(kind, one) for one in sorted(value)]
        elif value is not None and value is not False:
            out.append((kind, value))
    return tuple(out)


def mentions(document: Document, required: Required) -> tuple[tuple[str, int | str], ...]:
    """Return those required connections, and offline use, that the listing's own text names. It counts as declared."""
    if not required.connections and not required.offline:
        return ()
    listed = (document.name, document.summary, document.description, *document.capabilities, *document.solves)
    text = _fold_in_place("\n".join(listed))
    named = [(CONNECTIONS, value) for value in named_systems("\n".join(listed)) if value in required.connections]
    return (*named, *([(OFFLINE, True)] if required.offline and _OFFLINE_NAMED.search(text) else []))


def named_systems(text: str) -> tuple[str, ...]:
    """Return which of the national systems in `CONNECTED` a text names, in alphabetical order."""
    folded = _fold_in_place(text)
    return tuple(value for value in sorted(_NAMED) if _NAMED[value].search(folded))
