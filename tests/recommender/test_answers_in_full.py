"""What an answer says besides its list: the bundle, why nothing is recommended, the caution. Everywhere it is given."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from recommender import services
from recommender.engine import pipeline
from recommender.engine.types import NoResult
from recommender.models import Run
from recommender.replaying import replay
from tests.support.factories import UserFactory, evidenced

pytestmark = pytest.mark.django_db
TWO_NEEDS = "Họp trực tuyến và biểu quyết điện tử; khám chữa bệnh từ xa cho trạm y tế xã"
ONE_NEED = "họp trực tuyến và biểu quyết điện tử"
PATH = "/api/v1/recommendations"


@pytest.fixture(params=["anonymous", "member", "operator"])
def person(request):
    return None if request.param == "anonymous" else UserFactory(is_staff=request.param == "operator")


@pytest.fixture
def read(client, person):
    if person:
        client.force_login(person)

    def ask(statement: str, prefix: str = "") -> str:
        answer = client.post(prefix + reverse("recommend"), {"statement": statement}, follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    return ask


@pytest.fixture
def post(api, person):
    if person:
        api.force_authenticate(person)
    return lambda statement, **body: api.post(PATH, {"statement": statement, **body}, format="json").json()


@pytest.fixture
def sure(monkeypatch):
    """Set how sure the engine is: of an answer, of a digital need, of the product meeting it (0 to 1 each)."""

    def set_to(*, answer: float = 1.0, digital: float = 1.0, met: float = 1.0) -> None:
        monkeypatch.setattr(pipeline, "confidence", lambda signals, *, semantic: answer)
        monkeypatch.setattr(pipeline, "digital", lambda signals, *, semantic: digital)
        monkeypatch.setattr(pipeline, "met", lambda signals, *, semantic: met)
        for name in ("threshold", "digital_threshold", "met_threshold"):
            monkeypatch.setattr(pipeline, name, lambda *, semantic: 0.5)

    return set_to


def spoken(capsys, statement: str) -> str:
    capsys.readouterr()
    call_command("recommend", statement)
    return capsys.readouterr().out


@pytest.mark.usefixtures("catalogue", "answering")
class TestBundle:
    def test_the_api_gives_it_to_everybody(self, post):
        given = post(TWO_NEEDS)["bundle"]

        assert {member["platform"] for member in given["members"]} == {"hopviet", "khamxa"}
        assert {cover["platform"] for cover in given["covers"]} == {"hopviet", "khamxa"}
        assert given["left"] == []
        assert given["connections"] == [
            {"platforms": [member["platform"] for member in given["members"]], "declared": []}
        ]
        for cover in given["covers"]:
            assert cover["basis"] in ("words", "category")
            assert cover["reason"]["need"] == cover["need"]
            assert cover["need"] in TWO_NEEDS
            for start, end in cover["reason"]["marks"]:
                assert cover["reason"]["text"][start:end].strip()

    def test_one_need_has_none(self, post):
        assert post(ONE_NEED)["bundle"] is None

    def test_the_page_shows_which_product_answers_which_need_by_which_sentence(self, read):
        shown = read(TWO_NEEDS)

        section = shown.split('id="bo-san-pham"')[1].split("</section>")[0]
        assert "Không sản phẩm nào đáp ứng đủ; bộ nhỏ nhất đáp ứng đủ" in section
        assert section.count('<th scope="row"') == 2
        rows = section.split("<tr>")[2:]
        assert "khám chữa bệnh từ xa cho trạm y tế xã" in rows[1]
        assert "KhámXa" in rows[1]
        assert "<mark>" in rows[1]
        assert "Chưa có thông tin." in section.split("kết nối với nhau thế nào")[1]
        assert 'href="#bo-san-pham"' in shown.split('id="bo-san-pham"')[0], "the list leads to it"

    def test_the_page_shows_none_where_there_is_none(self, read):
        assert "bo-san-pham" not in read(ONE_NEED)

    def test_the_english_page_speaks_english(self, read):
        assert "No single product covers everything" in read(TWO_NEEDS, "/en")

    def test_what_is_declared_of_a_connection_is_quoted_with_whose_word_it_is(self, read, catalogue):
        platform = catalogue["hopviet"]
        platform.capabilities = ["Có API mở", "Kết nối sẵn với KhámXa"]
        platform.save()

        section = read(TWO_NEEDS).split("kết nối với nhau thế nào")[1].split("</dl>")[0]

        assert "Hồ sơ HọpViệt nhắc tới KhámXa" in section
        assert "Kết nối sẵn với KhámXa" in section
        assert "Hồ sơ HọpViệt nói có giao diện kết nối: API" in section
        assert "Chưa có thông tin" not in section

    def test_the_command_tells_it(self, capsys):
        said = spoken(capsys, TWO_NEEDS)

        assert "HọpViệt" in said.split("bộ nhỏ nhất")[1]
        assert "chưa có thông tin về kết nối" in said

    def test_a_run_keeps_it_and_a_replay_gives_it_again_after_the_catalogue_changed(self, catalogue):
        run = services.answer_and_record(services.Asked(TWO_NEEDS))
        kept = run.answer["bundle"]
        both = [
            "Biểu quyết bằng phiếu điện tử khi họp trực tuyến",
            "Trạm y tế ở xã xa chữa và khám bệnh với bác sĩ tỉnh",
        ]
        evidenced(slug="ca-hai", summary=" ".join(both), category=catalogue["khamxa"].category, solves=both)

        again = replay(run)

        assert again.same
        assert again.answer["bundle"] == kept
        assert services.answer(services.Asked(TWO_NEEDS))["bundle"] is None, "one product now does"

    def test_a_replay_that_gives_another_one_says_so(self):
        run = services.answer_and_record(services.Asked(TWO_NEEDS))
        run.answer["bundle"]["members"].reverse()

        again = replay(run)

        assert not again.same
        assert {difference.part for difference in again.differences} == {"bundle"}

    def test_an_answer_from_before_there_were_bundles_is_shown_and_replayed(self, client):
        run = services.answer_and_record(services.Asked(TWO_NEEDS))
        old = {
            key: value for key, value in run.answer.items() if key not in ("bundle", "why_no_result", "doubtful", "met")
        }
        Run.objects.filter(pk=run.pk).update(answer=old)
        run.refresh_from_db()

        assert client.get(run.get_absolute_url()).status_code == 200
        assert replay(run).same

    def test_a_listing_cannot_put_markup_on_the_page(self, read, catalogue):
        platform = catalogue["hopviet"]
        platform.capabilities = ["<script>alert(1)</script> API nối với KhámXa"]
        platform.save()

        assert "<script>alert" not in read(TWO_NEEDS)


@pytest.mark.usefixtures("catalogue")
class TestWhyNothing:
    def test_out_of_scope(self, post, read, sure, capsys):
        sure(answer=0.0, digital=0.1)

        why = post(ONE_NEED)["why_no_result"]

        assert why == {
            "code": "outside", "digital": 0.1, "category": None, "label": None, "nearest": None, "missing": [],
        }  # fmt: skip
        shown = read(ONE_NEED)
        assert "nằm ngoài những gì nền tảng số giải quyết" in shown
        assert "HọpViệt" not in shown
        assert "nằm ngoài" in spoken(capsys, ONE_NEED)

    def test_a_need_that_no_product_meets_names_the_category_and_what_is_missing(self, post, read, sure, capsys):
        sure(answer=0.0, digital=0.9)
        statement = f"{ONE_NEED}; dịch cabin nhiều thứ tiếng cùng lúc"

        given = post(statement)

        why = given["why_no_result"]
        assert given["abstained"]
        assert given["results"] == given["also_listed"] == []
        assert (why["code"], why["category"]) == ("no_product", "online-meetings")
        assert why["nearest"]["platform"] == "hopviet"
        assert any("cabin" in text for text in why["missing"])
        shown = read(statement)
        assert "Nhóm nhu cầu gần nhất: <strong>Họp trực tuyến</strong>" in shown
        assert "Đăng thành bài toán để doanh nghiệp trả lời" in shown
        assert "cabin" in shown.split("không nói tới:")[1].split("</ul>")[0]
        assert "nhóm Họp trực tuyến" in spoken(capsys, statement)

    def test_products_below_what_was_asked(self, post, sure):
        sure()

        given = post(ONE_NEED, min_assurance="vetted")

        assert given["why_no_result"]["code"] == "below_asked"
        assert not given["abstained"]
        assert given["also_listed"]

    def test_results_need_no_reason(self, post, sure):
        sure()

        assert post(ONE_NEED)["why_no_result"] is None

    def test_the_english_page_speaks_english(self, read, sure):
        sure(answer=0.0, digital=0.9)

        assert "This is a digital need, but no platform in the catalogue meets it yet" in read(ONE_NEED, "/en")

    def test_another_reason_is_another_answer(self, sure):
        sure(answer=0.0, digital=0.9)
        run = services.answer_and_record(services.Asked(ONE_NEED))
        assert replay(run).same

        sure(answer=0.0, digital=0.1)

        assert not replay(run).same

    def test_the_command_that_replays_says_which_reason_it_was(self, sure, capsys):
        sure(answer=0.0, digital=0.9)
        run = services.answer_and_record(services.Asked(ONE_NEED))
        sure(answer=0.0, digital=0.1)

        with pytest.raises(Exception, match="not the same"):
            call_command("replay", str(run.pk))

        assert "then because of no_product, now because of outside" in capsys.readouterr().out


@pytest.mark.usefixtures("catalogue")
class TestCaution:
    def test_is_given_where_the_right_product_is_unlikely(self, post, read, sure, capsys):
        sure(met=0.2)

        given = post(ONE_NEED)

        assert (given["met"], given["doubtful"]) == (0.2, True)
        assert given["results"]
        assert "Có thể danh mục chưa có sản phẩm đúng nhu cầu này." in read(ONE_NEED)
        assert "Có thể danh mục chưa có" in spoken(capsys, ONE_NEED)

    def test_is_not_given_otherwise(self, post, read, sure):
        sure(met=0.8)

        assert not post(ONE_NEED)["doubtful"]
        assert "Có thể danh mục chưa có" not in read(ONE_NEED)

    def test_is_not_added_to_an_answer_of_nothing(self, post, sure):
        sure(answer=0.0, met=0.2)

        assert not post(ONE_NEED)["doubtful"]


@pytest.mark.usefixtures("catalogue", "answering")
def test_the_page_explains_score_levels_and_what_to_do_next(read):
    shown = read(ONE_NEED)

    assert "Điểm không phải chất lượng sản phẩm" in shown
    for level in ("Có trong danh mục", "Có bằng chứng công khai", "Đã thẩm định"):
        assert f"<strong>{level}</strong>:" in shown
    assert "Làm gì tiếp theo" in shown


def test_openapi_describes_bundles_and_reasons(client, db):
    schema = client.get("/api/v1/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json").content.decode()

    described = json.loads(schema)["components"]["schemas"]
    answer = described["Answer"]["properties"]
    assert {"bundle", "why_no_result", "met", "doubtful"} <= set(answer)
    assert {"members", "covers", "left", "connections"} == set(described["Bundle"]["properties"])
    assert set(described["Why"]["properties"]) == {"code", "digital", "category", "label", "nearest", "missing"}
    codes = next(one["enum"] for one in described.values() if set(one.get("enum", ())) == {c.value for c in NoResult})
    assert codes
