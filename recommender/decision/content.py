"""What a decision file says, before it is a page or a document: needs, constraints, candidates, comparison, reason.

It is written in Vietnamese, whatever the page is read in: it goes to an office. What only the office knows is a blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone, translation

from catalogue.platforms.choices import Assurance, Deployment
from catalogue.platforms.models import Category, Change
from catalogue.problems.models import Problem
from catalogue.problems.states import Mode, RequirementKind
from catalogue.templatetags.catalogue_ui import grouped, money, points, vndate
from catalogue.web.posting import DOTS
from recommender import history, whatif, wording
from recommender.answer import required_from_json
from recommender.engine.constraints import asked_for
from recommender.engine.types import Document
from recommender.models import Run

LANGUAGE = "vi"
DRAFT = "DỰ THẢO – cơ quan kiểm tra trước khi trình"
COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
NUMBER = "Số: ……/TTr-……"
PLACE_AND_DAY = "………, ngày …… tháng …… năm ……"
TITLE = "TỜ TRÌNH"
RECIPIENTS = ("- Như trên;", f"- {DOTS};", "- Lưu: VT, ……")
SIGNATURE = ("CHỨC VỤ CỦA NGƯỜI KÝ", "(Chữ ký, dấu)", DOTS)
TABLE_TITLE = "BẢNG SO SÁNH"
NOT_SAID = "Hồ sơ không nói"
_NOTHING = {
    "outside": "Bài toán có vẻ nằm ngoài những gì nền tảng số giải quyết.",
    "no_product": "Đây là một nhu cầu số, nhưng trong danh mục chưa có sản phẩm nào đáp ứng.",
}
MOST_COMPARED = 4  # columns that a page across can bear


@dataclass(frozen=True)
class Line:
    """A sentence of a part. kind: "text", "quote" (somebody's own words) or "item" of a list."""

    text: str
    kind: str = "text"


@dataclass(frozen=True)
class Part:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Row:
    """One respect, with what is said of each product."""

    label: str
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Letter:
    """A decision file. agency: its name where a problem of it is the reason, else a blank; rows: empty without products."""

    agency: str
    subject: str
    parts: tuple[Part, ...]
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    sources: tuple[str, ...]
    address: str


@dataclass(frozen=True)
class _Candidate:
    """A product of the answer, with its listing as it was then. document: None where that was not kept."""

    hit: Mapping[str, Any]
    version: str
    document: Document | None

    @property
    def name(self) -> str:
        return str(self.hit["platform_name"])

    @property
    def level(self) -> str:
        said = wording.listing(self.hit, {})["assurance"]
        return f"{said['label']}, ngày {vndate(said['date'])}" if said["date"] else str(said["label"])

    @property
    def gaps(self) -> list[str]:
        return wording.unmet(self.hit["unmet"])


@translation.override(LANGUAGE)
def letter(run: Run, address: str, problem: Problem | None = None) -> Letter:
    """Draft the letter of a run. address: of its page; problem: one that names this run, None without."""
    labels = {category.key: category.label for category in Category.objects.leaves_only()}
    candidates = _candidates(run, run.answer["results"])
    apart = [] if run.abstained else _candidates(run, run.answer["also_listed"])
    compared = candidates[:MOST_COMPARED]
    return Letter(
        agency=problem.agency.name if problem else "",
        subject=f"Về việc chọn nền tảng số cho bài toán “{problem.title if problem else DOTS}”",
        parts=(
            Part("1. Nhu cầu", tuple(_needs(run, labels, problem))),
            Part("2. Ràng buộc", tuple(_constraints(run, problem))),
            Part("3. Phương án", tuple(_options(run, candidates, apart))),
            Part("4. So sánh", tuple(_comparison(candidates, compared))),
            Part("5. Lý do và đề xuất", tuple(_reasons(candidates, labels))),
        ),
        names=tuple(candidate.name for candidate in compared),
        rows=tuple(_rows(compared, labels)) if compared else (),
        sources=tuple(_sources(run, address)),
        address=address,
    )


def _candidates(run: Run, hits: Iterable[Mapping[str, Any]]) -> list[_Candidate]:
    found = list(hits)
    engine = run.engine
    kept = history.versions((hit["platform"] for hit in found), engine["catalogue_sequence"], engine["model"])
    days = dict(
        Change.objects.filter(sequence__in={version.first_sequence for version in kept.values()}).values_list(
            "sequence", "at"
        )
    )
    return [
        _Candidate(hit, _cited(version, days), history.document_of(version) if version else None)
        for hit in found
        for version in [kept.get(hit["platform"])]
    ]


def _cited(version: Any, days: Mapping[int, datetime]) -> str:
    """Name a version so that it can be found again: the change of the catalogue from which it holds, and its day."""
    if version is None:
        return "bản lúc đó không còn được lưu"
    day = days.get(version.first_sequence)
    since = f", ngày {vndate(timezone.localtime(day))}" if day else ""
    return f"bản từ thay đổi số {grouped(version.first_sequence)} của danh mục{since}"


def _needs(run: Run, labels: Mapping[str, str], problem: Problem | None) -> Iterator[Line]:
    if problem:
        yield Line(f"Bài toán của cơ quan: {problem.title} (mã {problem.number}).")
    yield Line("Bài toán nêu khi tra cứu danh mục:")
    yield Line(run.statement, "quote")
    shares = [(need, round(100 * need["share"])) for need in run.answer["needs"]]
    needs = [f"{labels.get(need['category'], need['label'])} ({share}%)" for need, share in shares if share]
    if needs:
        yield Line(f"Hệ thống hiểu nhu cầu thuộc nhóm: {'; '.join(needs)}.")
    for one in problem.requirements.all() if problem else ():
        yield Line(f"{RequirementKind(one.kind).label}: {one.text}", "item")


def _constraints(run: Run, problem: Problem | None) -> Iterator[Line]:
    tags = [tag["text"] for tag in whatif.applied(run)["tags"]]
    if tags:
        yield Line("Đã xác nhận khi tra cứu:")
        yield from (Line(text, "item") for text in tags)
    else:
        yield Line("Khi tra cứu chưa xác nhận ràng buộc nào.")
    if problem and problem.budget_max is not None:
        yield Line(f"Ngân sách nêu trong bài toán: đến {money(problem.budget_max)}.")
    if problem and problem.mode:
        yield Line(f"Hình thức nêu trong bài toán: {Mode(problem.mode).label}.")
    confirmed = {kind for kind, _ in asked_for(required_from_json(run.required))}
    read = [one["words"] for one in run.answer["constraints"] if one["kind"] not in confirmed]
    if read:
        yield Line("Có trong lời văn, chưa được xác nhận khi tra cứu:")
        yield from (Line(words, "item") for words in dict.fromkeys(read))
    yield Line(f"Ràng buộc khác (nguồn vốn, thời hạn, cấp độ an toàn): {DOTS}")


def _options(run: Run, candidates: list[_Candidate], apart: list[_Candidate]) -> Iterator[Line]:
    if candidates:
        yield Line(f"Danh mục có {len(candidates)} sản phẩm phù hợp, theo thứ hạng:")
        for rank, one in enumerate(candidates, start=1):
            yield Line(f"Hạng {rank}: {_described(one)}", "item")
    else:
        yield Line("Danh mục chưa có sản phẩm nào được gợi ý cho bài toán này.")
        yield from (Line(text) for text in _why(run.answer.get("why_no_result")))
    if run.answer.get("doubtful"):
        yield Line("Có thể danh mục chưa có sản phẩm đúng nhu cầu này; các sản phẩm trên là những gì gần nhất.")
    if bundle := run.answer.get("bundle"):
        names = " + ".join(member["platform_name"] for member in bundle["members"])
        yield Line(f"Không sản phẩm nào đáp ứng đủ mọi nhu cầu. Bộ có thể dùng cùng nhau: {names}.")
    if apart:
        yield Line("Nêu để tham khảo, chưa đạt yêu cầu hoặc mức bảo đảm đã chọn:")
        yield from (Line(_described(one), "item") for one in apart)


def _why(why: Mapping[str, Any] | None) -> Iterator[str]:
    """Say why nothing was recommended; nothing in answers given before reasons were."""
    if not why:
        return
    if why["code"] in _NOTHING:
        yield _NOTHING[why["code"]]
    if nearest := why["nearest"]:
        missing = f" Hồ sơ không nói tới: {'; '.join(why['missing'])}." if why["missing"] else ""
        yield f"Gần nhất là {nearest['platform_name']}, chưa đủ căn cứ để gợi ý.{missing}"


def _described(one: _Candidate) -> str:
    return (
        f"{one.name} ({one.hit['vendor_name']}): {one.hit['summary']} Mức bảo đảm: {one.level}. Hồ sơ: {one.version}."
    )


def _comparison(candidates: list[_Candidate], compared: list[_Candidate]) -> Iterator[Line]:
    if not candidates:
        yield Line("Chưa có phương án để so sánh.")
        return
    yield Line(f"Bảng so sánh kèm theo nêu {len(compared)} phương án xếp đầu, theo hồ sơ trong danh mục lúc tra cứu.")
    yield Line(f"“{NOT_SAID}” nghĩa là chưa biết, không phải là không có; cần hỏi doanh nghiệp.")


def _reasons(candidates: list[_Candidate], labels: Mapping[str, str]) -> Iterator[Line]:
    for first in candidates[:1]:
        yield Line(f"Phương án xếp đầu: {first.name}. Căn cứ trong hồ sơ:")
        yield from (Line(text, "item") for text in _supports(first, labels))
        if first.gaps:
            yield Line("Chưa đáp ứng hoặc chưa rõ:")
            yield from (Line(text, "item") for text in first.gaps)
    if not candidates:
        yield Line("Cơ quan có thể đăng bài toán để doanh nghiệp trả lời, hoặc viết lại bài toán rồi tra cứu lại.")
    yield Line("Thứ hạng do máy xếp theo hồ sơ; chọn phương án nào là quyết định của cơ quan.")
    yield Line(f"Phương án cơ quan đề xuất: {DOTS}")
    yield Line(f"Lý do: {DOTS}")
    yield Line(f"Hình thức thuê, mua hoặc đặt hàng, kinh phí, thời gian: {DOTS}")
    yield Line(f"Căn cứ pháp lý: {DOTS}")


def _supports(one: _Candidate, labels: Mapping[str, str]) -> list[str]:
    """Return the sentences of the listing that speak for it, each with where it stands."""
    return [
        f"“{labels.get(one.hit['category'], reason['text']) if reason['field'] == 'category' else reason['text']}” "
        f"({wording.FIELDS[reason['field']]})"
        for reason in one.hit["reasons"]
    ] or [NOT_SAID]


def _rows(compared: list[_Candidate], labels: Mapping[str, str]) -> Iterator[Row]:
    def row(label: str, *cells: Iterable[str]) -> Row:
        return Row(label, tuple(tuple(text for text in cell if text) or (NOT_SAID,) for cell in cells))

    documents = [one.document for one in compared]
    yield row("Nhà cung cấp", *([one.hit["vendor_name"]] for one in compared))
    yield row("Nhóm", *([labels.get(one.hit["category"], one.hit["category"])] for one in compared))
    yield row("Tóm tắt", *([one.hit["summary"]] for one in compared))
    yield row("Mức bảo đảm", *([one.level] for one in compared))
    yield row("Điểm gợi ý (trên 100)", *([points(one.hit["score"])] for one in compared))
    yield row("Câu trong hồ sơ đáp ứng nhu cầu", *(_supports(one, labels) for one in compared))
    yield Row("Chưa đáp ứng hoặc chưa rõ", tuple(tuple(one.gaps) or ("Không thấy",) for one in compared))
    yield row("Chức năng", *(document.capabilities if document else () for document in documents))
    yield row("Cách triển khai", *(_deployments(document) for document in documents))
    yield row("Giá nêu trong hồ sơ", *(_price(document) for document in documents))
    yield row("Nơi đã dùng", *(document.customers if document else () for document in documents))
    yield row("Hồ sơ được trích", *([one.version] for one in compared))


def _deployments(document: Document | None) -> list[str]:
    return [str(Deployment(key).label) for key in document.deployment] if document else []


def _price(document: Document | None) -> list[str]:
    """Return the price as listed. Its unit is not kept with the version, so the reader is sent to the page."""
    if document is None or document.price_min is None:
        return []
    low, high = document.price_min, document.price_max
    said = money(low) if high in (None, low) else f"{money(low)} – {money(high)}"
    return [f"{said} (đơn vị tính: xem trang sản phẩm)"]


def _sources(run: Run, address: str) -> Iterator[str]:
    asked = timezone.localtime(run.created_at)
    yield f"Kết quả gợi ý: {address}"
    yield f"Mã kết quả {run.pk}, lúc {asked:%H:%M} ngày {vndate(asked)}; hệ thống {run.engine['version']}, danh mục tới thay đổi số {grouped(run.engine['catalogue_sequence'])}."
    yield f"Mức bảo đảm tối thiểu đã hỏi: {Assurance(run.min_assurance).label}."
