"""The decision file: what it says of a run, as a page and as a document, and to whom."""

import io
import uuid
import zipfile

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT

from catalogue.platforms.models import Change, Platform
from catalogue.problems.requirements import Requirement
from catalogue.problems.states import Mode, RequirementKind, Visibility
from catalogue.templatetags.catalogue_ui import vndate
from recommender import services
from recommender.decision import content
from recommender.engine import pipeline
from recommender.engine.types import Required
from recommender.models import ListingVersion, Run
from tests.support.factories import ProblemFactory
from tests.support.roles import ROLES, check, everyone

pytestmark = pytest.mark.django_db
STATEMENT = "Phường cần họp trực tuyến, họp không giấy, kinh phí dưới 100 triệu đồng"
NOTHING = "Mua máy phát điện dự phòng cho trụ sở"
PARTS = ["1. Nhu cầu", "2. Ràng buộc", "3. Phương án", "4. So sánh", "5. Lý do và đề xuất"]


@pytest.fixture
def run(catalogue, answering) -> Run:
    return services.answer_and_record(services.Asked(STATEMENT, required=Required(budget_vnd_max=100_000_000)))


@pytest.fixture
def nothing(catalogue, monkeypatch) -> Run:
    monkeypatch.setattr(pipeline, "threshold", lambda *, semantic: 1.1)
    found = services.answer_and_record(services.Asked(NOTHING))
    assert found.abstained
    return found


def page_of(run: Run, prefix: str = "") -> str:
    return f"{prefix}/goi-y/{run.pk}/to-trinh/"


def file_of(run: Run, prefix: str = "") -> str:
    return f"{prefix}/goi-y/{run.pk}/to-trinh.docx"


def opened(client, address: str):
    answer = client.get(address)
    assert answer.status_code == 200
    return Document(io.BytesIO(answer.content))


def words(document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_everybody_who_has_the_address_of_a_run_has_its_decision_file(run):
    people = everyone()

    for address in (page_of(run), file_of(run), page_of(run, "/en")):
        check(people, "GET", address, dict.fromkeys(ROLES, 200))
    for address in (f"/goi-y/{uuid.uuid4()}/to-trinh/", f"/goi-y/{uuid.uuid4()}/to-trinh.docx"):
        check(people, "GET", address, dict.fromkeys(ROLES, 404))


def test_the_document_has_the_parts_of_an_official_letter_and_leaves_blank_what_only_the_office_knows(client, run):
    document = opened(client, file_of(run))
    said = words(document)

    assert document.sections[0].header.paragraphs[0].text == "DỰ THẢO – cơ quan kiểm tra trước khi trình"
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số: ……/TTr-……",
        "………, ngày …… tháng …… năm ……", "TỜ TRÌNH", "Kính gửi: ……", "Nơi nhận:", "- Lưu: VT, ……",
        "Phương án cơ quan đề xuất: ……", "Lý do: ……", "Căn cứ pháp lý: ……",
    ):  # fmt: skip
        assert part in said, part
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 2"]
    assert headings == [*PARTS, "Nguồn của dự thảo", "BẢNG SO SÁNH"], (
        "needs, constraints, candidates, comparison, reason"
    )
    assert STATEMENT in said
    assert "Kinh phí tối đa: 100.000.000 đ" in said


def test_candidates_reasons_and_gaps_are_those_of_the_run(client, run):
    said = words(opened(client, file_of(run)))

    for hit in run.answer["results"]:
        assert f"{hit['platform_name']} ({hit['vendor_name']})" in said
    first = run.answer["results"][0]
    assert f"Phương án xếp đầu: {first['platform_name']}." in said
    assert all(reason["text"] in said for reason in first["reasons"] if reason["field"] != "category")


def test_the_comparison_stands_across_with_a_column_a_product(client, run):
    document = opened(client, file_of(run))
    table = document.tables[-1]
    names = [hit["platform_name"] for hit in run.answer["results"]][: content.MOST_COMPARED]

    assert document.sections[-1].orientation == WD_ORIENT.LANDSCAPE
    assert [cell.text for cell in table.rows[0].cells] == ["Nội dung", *names]
    labels = [row.cells[0].text for row in table.rows]
    assert {"Mức bảo đảm", "Giá nêu trong hồ sơ", "Cách triển khai", "Hồ sơ được trích"} <= set(labels)
    price = table.rows[labels.index("Giá nêu trong hồ sơ")]
    assert "50.000.000 đ – 90.000.000 đ" in price.cells[1 + names.index("HọpViệt")].text


def test_listings_are_cited_as_they_were_by_change_and_day(client, run):
    version = ListingVersion.objects.get(slug="hopviet")
    platform = Platform.objects.get(slug="hopviet")
    platform.summary, platform.price_max = "Nay bán máy cày.", 95_000_000
    platform.save()
    services.follow_catalogue([])

    assert ListingVersion.objects.filter(slug="hopviet").count() > 1, "there is a later one"
    said = words(opened(client, file_of(run)))
    assert f"bản từ thay đổi số {version.first_sequence} của danh mục" in said
    assert "Nay bán máy cày." not in said
    assert "95.000.000" not in said


def test_the_day_of_a_version_is_that_of_its_change(run):
    version = ListingVersion.objects.get(slug="hopviet")
    Change.objects.filter(sequence=version.first_sequence).delete()
    letter = content.letter(run, "https://example.gov.vn/")
    (cited,) = (row for row in letter.rows if row.label == "Hồ sơ được trích")
    assert "ngày" not in cited.cells[letter.names.index("HọpViệt")][0], "nobody knows it any more"

    change = Change.objects.create(sequence=version.first_sequence, slug="hopviet")
    letter = content.letter(run, "https://example.gov.vn/")
    (cited,) = (row for row in letter.rows if row.label == "Hồ sơ được trích")
    assert cited.cells[letter.names.index("HọpViệt")][0].endswith(f"ngày {vndate(change.at)}")


def test_a_listing_that_was_not_kept_is_said_to_be_so_and_nothing_is_made_up(client, run):
    ListingVersion.objects.all().delete()
    said = words(opened(client, file_of(run)))

    assert "bản lúc đó không còn được lưu" in said
    assert "50.000.000 đ –" not in said


def test_the_run_is_cited_by_its_address_and_a_picture_of_it(client, run):
    answer = client.get(file_of(run, "/en"))
    said = words(Document(io.BytesIO(answer.content)))

    assert f"Kết quả gợi ý: http://testserver/goi-y/{run.pk}/" in said
    assert str(run.pk) in said
    assert any(name.endswith(".png") for name in zipfile.ZipFile(io.BytesIO(answer.content)).namelist())
    assert answer["X-Robots-Tag"] == "noindex"


def test_a_run_without_results_makes_a_letter_without_candidates(client, nothing):
    document = opened(client, file_of(nothing))
    said = words(document)

    assert "Danh mục chưa có sản phẩm nào được gợi ý cho bài toán này." in said
    assert "Chưa có phương án để so sánh." in said
    assert "BẢNG SO SÁNH" not in said
    assert "Phương án xếp đầu" not in said
    assert "Phương án cơ quan đề xuất: ……" in said
    assert "BẢNG SO SÁNH" not in client.get(page_of(nothing)).content.decode()


def test_an_english_page_holds_the_letter_in_vietnamese(client, run):
    page = client.get(page_of(run, "/en")).content.decode()
    letter = page.split("<article", 1)[1].split("</article>")[0]

    assert "Draft letter" in page
    assert letter.startswith(' class="decision" lang="vi"')
    for text in [*PARTS, "Kinh phí tối đa: 100.000.000 đ", "TỜ TRÌNH", "Nơi nhận:", f"/goi-y/{run.pk}/qr.svg"]:
        assert text in letter, text
    assert "VND 100" not in letter
    assert words(opened(client, file_of(run))) == words(opened(client, file_of(run, "/en")))


def test_page_and_document_say_the_same(client, run):
    page = client.get(page_of(run)).content.decode()
    letter = content.letter(run, f"http://testserver/goi-y/{run.pk}/")

    for part in letter.parts:
        assert part.title in page
    for row in letter.rows:
        assert row.label in page


@pytest.mark.parametrize(
    "typed", ["=HYPERLINK(1)", "<script>alert(1)</script>", "<w:p/>&amp;\x0b\x1f", "{{ 7|add:7 }}"]
)
def test_what_a_listing_says_is_text_whatever_it_says(client, catalogue, answering, typed):
    Platform.objects.filter(slug="hopviet").update(summary=f"Họp trực tuyến, họp không giấy {typed}")
    run = services.answer_and_record(services.Asked(f"{STATEMENT} {typed}"))
    assert run.answer["results"]

    said = words(opened(client, file_of(run)))
    page = client.get(page_of(run)).content.decode()
    assert typed.replace("\x0b", "").replace("\x1f", "") in said
    assert "<script>alert" not in page
    assert "<w:p/>" not in page


@pytest.fixture
def of_problem(run):
    """Everybody, and a draft of the office that names the run."""
    people = everyone()
    problem = ProblemFactory(
        agency=people.office, draft=True, title="Họp ở phường Mẫu", run=str(run.pk), mode=Mode.RENT_READY, budget_max=90_000_000,
    )  # fmt: skip
    Requirement.objects.create(problem=problem, kind=RequirementKind.MUST, text="Dùng được khi mất mạng.", position=1)
    return people, problem


def test_the_file_of_a_problem_is_for_its_own_agency(run, of_problem):
    people, problem = of_problem

    for address in (page_of(run), file_of(run)):
        for role in ROLES:
            answer = people.client(role).get(address, {"bai-toan": problem.slug})
            assert answer.status_code == (200 if role == "agency" else 404), (role, address)


def test_the_file_of_a_problem_says_what_the_agency_wrote(run, of_problem):
    people, problem = of_problem
    document = opened(people.client("agency"), f"{file_of(run)}?bai-toan={problem.slug}")
    said = words(document)

    assert people.office.name in document.tables[0].rows[0].cells[0].text
    assert f"“{problem.title}”" in said
    assert problem.number in said
    assert "Bắt buộc: Dùng được khi mất mạng." in said
    assert "Hình thức nêu trong bài toán: Thuê dịch vụ sẵn có." in said
    assert "90.000.000 đ" in said


def test_a_problem_that_names_another_run_has_no_file_here(run, of_problem):
    people, problem = of_problem
    problem.run = str(uuid.uuid4())
    problem.save()

    assert people.client("agency").get(page_of(run), {"bai-toan": problem.slug}).status_code == 404
    assert people.client("agency").get(page_of(run), {"bai-toan": "x\0"}).status_code == 404


def test_the_page_of_a_run_without_results_leads_to_its_file_too(client, nothing):
    assert page_of(nothing) in client.get(nothing.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("code", "said"), [("outside", "nằm ngoài"), ("no_product", "chưa có sản phẩm nào đáp ứng")])
def test_why_nothing_was_recommended_is_said(client, nothing, code, said):
    nearest = {"platform": "hopviet", "platform_name": "HọpViệt"} if code == "no_product" else None
    why = {"code": code, "category": "", "label": "", "nearest": nearest, "missing": ["máy phát điện"]}
    Run.objects.filter(pk=nothing.pk).update(answer={**nothing.answer, "why_no_result": why})
    text = words(opened(client, file_of(nothing)))

    assert said in text
    assert ("Gần nhất là HọpViệt, chưa đủ căn cứ để gợi ý. Hồ sơ không nói tới: máy phát điện." in text) is bool(
        nearest
    )


def test_an_answer_of_before_there_were_reasons_and_bundles_has_a_file(client, nothing):
    old = {key: value for key, value in nothing.answer.items() if key not in ("why_no_result", "doubtful", "bundle")}
    Run.objects.filter(pk=nothing.pk).update(answer=old)

    assert "Danh mục chưa có sản phẩm nào" in words(opened(client, file_of(nothing)))


def test_pages_lead_to_the_file(client, run, of_problem):
    people, problem = of_problem
    assert page_of(run) in client.get(run.get_absolute_url()).content.decode()

    ours = people.client("agency").get(problem.get_absolute_url()).content.decode()
    assert f"{page_of(run)}?bai-toan={problem.slug}" in ours


def test_only_the_agency_is_led_to_the_file_of_a_public_problem(run):
    people = everyone()
    problem = ProblemFactory(agency=people.office, run=str(run.pk), visibility=Visibility.PUBLIC)

    for role in ROLES:
        page = people.client(role).get(problem.get_absolute_url()).content.decode()
        assert (page_of(run) in page) is (role == "agency"), role
    problem.run = "not a run"
    problem.save()
    assert people.client("agency").get(problem.get_absolute_url()).status_code == 200


def by_api(run: Run) -> str:
    return f"/api/v1/recommendations/{run.pk}/decision-file"


def test_the_api_gives_the_same_letter_in_its_parts(run, nothing, api):
    check(everyone(), "GET", by_api(run), dict.fromkeys(ROLES, 200))
    said = api.get(by_api(run)).json()

    assert [part["title"] for part in said["parts"]] == PARTS
    assert {len(row["cells"]) for row in said["rows"]} == {len(said["names"])}
    assert said["docx"] == f"http://testserver{file_of(run)}"
    assert api.get(by_api(nothing)).json()["rows"] == []
    assert api.get(f"/api/v1/recommendations/{uuid.uuid4()}/decision-file").status_code == 404


def test_the_api_gives_the_file_of_a_problem_to_its_own_agency(run, of_problem):
    people, problem = of_problem
    for role in ROLES:
        answer = people.api(role).get(by_api(run), {"problem": problem.slug})
        assert answer.status_code == (200 if role == "agency" else 404), role

    said = people.api("agency").get(by_api(run), {"problem": problem.slug}).json()
    assert said["agency"] == people.office.name
    assert people.client("agency").get(said["docx"].removeprefix("http://testserver")).status_code == 200
