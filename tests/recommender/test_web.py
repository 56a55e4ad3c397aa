"""The main job as pages."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from catalogue.platforms import changes
from catalogue.platforms.models import Platform
from recommender import services, store
from recommender.models import Run
from tests.recommender.bad_input import READABLE, REFUSED
from tests.support.factories import PlatformFactory, UserFactory

pytestmark = pytest.mark.django_db
STATEMENT = "Phường cần họp trực tuyến, họp không giấy, kinh phí dưới 100 triệu đồng"


@pytest.fixture(params=["anonymous", "member", "operator"])
def visitor(request, client):
    if request.param != "anonymous":
        client.force_login(UserFactory(is_staff=request.param == "operator"))
    return client


def answer_page(client, statement=STATEMENT, **fields) -> str:
    answer = client.post(reverse("recommend"), {"statement": statement, **fields}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_home_page_asks_one_question_and_shows_three_examples(visitor, catalogue):
    page = visitor.get("/").content.decode()

    assert page.count("<textarea") == 1
    assert page.count("?vi-du=") == 3
    assert page.count("<h1") == 1


def test_an_example_fills_the_box(client, catalogue):
    assert "trạm y tế xã" in client.get("/?vi-du=1").content.decode().split("<textarea")[1].split("</textarea>")[0]


@pytest.mark.parametrize(
    "query", ["vi-du=0", "vi-du=99", "vi-du=x", "vi-du=²", "cau-hoi=x", "cau-hoi=3f2b6c1e-7f0a-4c1d-9b57-0a2f0d9a5b11"]
)
def test_an_address_that_leads_nowhere_gives_an_empty_box(client, catalogue, query):
    assert client.get(f"/?{query}").status_code == 200


def test_asking_leads_to_an_answer_with_an_address_of_its_own(visitor, catalogue, answering):
    answer = visitor.post(reverse("recommend"), {"statement": STATEMENT})

    run = Run.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"/goi-y/{run.id}/"


def test_the_answer_shows_rank_product_vendor_why_gaps_level_and_date(client, catalogue, answering):
    page = answer_page(client)

    for shown in (
        STATEMENT,
        "HọpViệt",
        catalogue["hopviet"].vendor.short_name,
        "<mark>",
        "Có bằng chứng công khai",
        "22/11/2026",
    ):
        assert shown in page
    assert "kinh phí dưới 100 triệu đồng" in page
    assert "100.000.000" in page
    assert 'name="robots" content="noindex"' in page


def test_an_answer_can_be_edited_and_asked_again(client, catalogue, answering):
    answer_page(client, min_assurance="listed")
    run = Run.objects.get()

    page = client.get(f"/?cau-hoi={run.id}").content.decode()

    assert STATEMENT in page.split("<textarea")[1].split("</textarea>")[0]


def test_nothing_fits_is_said_kindly_and_shows_what_to_do(client, catalogue, monkeypatch):
    from recommender.engine import pipeline

    monkeypatch.setattr(pipeline, "threshold", lambda *, semantic: 1.1)
    page = answer_page(client, "mua 20 xe ô tô bán tải")

    assert "Chưa có nền tảng nào phù hợp" in page
    assert "HọpViệt" not in page


@pytest.mark.parametrize(("code", "offered"), [("no_product", True), ("outside", False)])
def test_a_need_that_nothing_meets_can_be_posted_as_a_problem_with_its_words(client, db, code, offered):
    statement = "Quản lý kho vắc xin của tỉnh"
    run = services.answer_and_record(services.Asked(statement))
    why = {"code": code, "category": "", "label": "", "nearest": None, "missing": []}
    Run.objects.filter(pk=run.pk).update(answer={**run.answer, "why_no_result": why})

    page = client.get(run.get_absolute_url()).content.decode()

    assert ('action="/bai-toan/dang/"' in page) is offered
    assert (f'name="today" value="{statement}"' in page) is offered


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_no_statement_comes_back_with_a_message_and_what_was_typed(client, catalogue, name):
    answer = client.post(reverse("recommend"), {"statement": REFUSED[name]})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert 'href="#id_statement"' in page, "the summary leads to the field"
    assert 'aria-invalid="true"' in page
    assert not Run.objects.exists()


@pytest.mark.parametrize("name", sorted(READABLE))
def test_whatever_else_is_typed_is_shown_as_text(client, catalogue, answering, name):
    page = answer_page(client, READABLE[name])

    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_level_that_cannot_be_is_refused_in_words(client, catalogue):
    answer = client.post(reverse("recommend"), {"statement": STATEMENT, "min_assurance": "perfect"})

    assert answer.status_code == 400
    assert "Hãy chọn một trong các mức" in answer.content.decode()


def test_the_address_of_the_form_alone_leads_home(client):
    assert client.get("/goi-y/")["Location"] == "/"


def test_an_answer_that_is_not_there_is_a_404(client):
    assert client.get(f"/goi-y/{uuid.uuid4()}/").status_code == 404


def test_a_form_without_its_token_is_explained(catalogue):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post(reverse("recommend"), {"statement": STATEMENT})

    assert answer.status_code == 403
    assert "<h1" in answer.content.decode()


def test_the_english_page_answers_in_english(client, catalogue, answering):
    answer = client.post("/en/goi-y/", {"statement": STATEMENT}, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain[0][0].startswith("/en/goi-y/")
    assert "On public record" in page


def test_without_vectors_the_answer_says_so(client, catalogue, answering, monkeypatch):
    from recommender import vectors

    monkeypatch.setattr(vectors, "embedder", lambda: None)

    assert "chỉ dựa trên từ ngữ" in answer_page(client)


def test_a_statement_without_marks_is_told_that_marks_help(client, catalogue, answering):
    store.fill_vectors()

    assert "gõ không dấu" in answer_page(client, "hop truc tuyen cho uy ban phuong")


def test_marks_are_not_said_to_be_put_back_where_meaning_is_not_compared(
    client, catalogue, answering, monkeypatch, embedder
):
    from recommender.engine.semantic import EmbedderDown

    store.fill_vectors()

    def down(texts):
        raise EmbedderDown("gone")

    monkeypatch.setattr(embedder, "queries", down)
    page = answer_page(client, "hop truc tuyen cho uy ban phuong")

    assert "đang tạm ngừng" in page
    assert "gõ không dấu" not in page


def test_an_embedding_server_that_is_down_costs_quality_not_the_answer(
    client, catalogue, answering, monkeypatch, embedder
):
    from recommender.engine.semantic import EmbedderDown

    answer_page(client)

    def down(texts):
        raise EmbedderDown("gone")

    monkeypatch.setattr(embedder, "queries", down)

    assert "HọpViệt" in answer_page(client)


NEEDS = "Phường cần họp trực tuyến, họp không giấy, kết nối LGSP, 30 điểm cầu, kinh phí dưới 10 triệu đồng"
UNTICKED = {"min_assurance": "public_record", "top": "10"}


@pytest.fixture
def run(client, catalogue, answering) -> Run:
    """An answer of which nothing is confirmed yet."""
    client.post(reverse("recommend"), {"statement": NEEDS})
    return Run.objects.get()


def again(client, run, **fields):
    return client.post(reverse("what-if", args=[run.id]), {**UNTICKED, **fields})


def child_of(run) -> Run:
    return Run.objects.exclude(pk=run.pk).latest("created_at")


class TestWhatIf:
    def test_every_requirement_that_was_read_can_be_confirmed_and_none_is_at_first(self, client, run):
        page = client.get(run.get_absolute_url()).content.decode()

        for name, value in (("connections", "LGSP"), ("sites", "30"), ("budget_vnd_max", "10000000")):
            assert f'name="{name}" value="{value}"' in page
        assert " checked" not in page
        assert "từ <q>kinh phí dưới 10 triệu đồng</q>" in page

    def test_a_confirmed_requirement_asks_the_same_statement_again(self, visitor, run):
        answer = again(visitor, run, budget_vnd_max="10000000", sites="30", connections="LGSP")

        child = child_of(run)
        assert (answer.status_code, answer["Location"]) == (303, child.get_absolute_url())
        assert child.statement == run.statement
        assert child.required == {"budget_vnd_max": 10_000_000, "sites": 30, "connections": ["LGSP"]}
        assert child.answer["parent"] == str(run.pk)
        assert child.answer["required"] == child.required
        assert run.answer == Run.objects.get(pk=run.pk).answer

    def test_the_new_page_shows_what_is_on_what_changed_and_where_it_came_from(self, client, run):
        again(client, run, budget_vnd_max="10000000", sites="30")

        page = client.get(child_of(run).get_absolute_url()).content.decode()

        assert f'href="{run.get_absolute_url()}"' in page
        assert "Từ kết quả trước" in page
        assert "Kinh phí tối đa: 10.000.000 đ" in page
        assert "được để riêng phía dưới" in page.split("Không còn")[1], "too dear, so it stands apart now"
        assert "Số điểm triển khai: chưa rõ" in page
        assert "Kinh phí tối đa: không đáp ứng" in page
        assert page.count(" checked") == 2

    def test_one_requirement_is_taken_off_and_the_others_stay(self, client, run):
        again(client, run, budget_vnd_max="10000000", sites="30", connections="LGSP", min_assurance="listed")
        first = child_of(run)

        again(client, first, sites="30", budget_vnd_max="10000000", connections="LGSP", bo="connections:LGSP")

        assert child_of(first).required == {"budget_vnd_max": 10_000_000, "sites": 30}

    def test_the_level_is_taken_off_too(self, client, run):
        again(client, run, bo="min_assurance:public_record")

        assert child_of(run).min_assurance == "listed"

    def test_the_day_of_the_last_confirmation_is_asked_and_taken_off(self, client, run):
        Platform.objects.filter(slug="hopviet").update(assured_on=date(2020, 1, 1))
        changes.record(["hopviet"], ["assured_on"])

        again(client, run, confirmed="year", sites="30")
        child = child_of(run)
        page = client.get(child.get_absolute_url()).content.decode()

        assert "hopviet" in [hit["platform"] for hit in child.answer["also_listed"]]
        assert 'name="confirmed" value="year" checked' in page
        assert "Xác nhận lần cuối ngày 01/01/2020" in page
        again(client, child, confirmed="year", sites="30", bo="confirmed:year")
        assert child_of(child).required == {"sites": 30}

    @pytest.mark.parametrize("off", ["", ":", "statement:x", "bo:bo", "sites", "csrfmiddlewaretoken:x"])
    def test_a_button_that_takes_nothing_off_does_no_harm(self, client, run, off):
        assert again(client, run, sites="30", bo=off).status_code == 303
        assert child_of(run).required == {"sites": 30}

    def test_a_typed_budget_goes_before_the_one_that_was_read(self, client, run):
        again(client, run, budget_vnd_max="10000000", budget="0,5 tỷ", deployment=["saas", "on_premise"], top="3")

        child = child_of(run)
        assert child.required == {"budget_vnd_max": 500_000_000, "deployment": ["on_premise", "saas"]}
        assert child.top == 3
        page = client.get(child.get_absolute_url()).content.decode()
        assert 'value="500.000.000"' in page
        assert '<details class="options no-print" open>' in page

    def test_what_is_not_sent_stays_as_it_was_asked(self, client, run):
        client.post(reverse("what-if", args=[run.id]), {"offline": "true", "data_in_vietnam": "true", "mode": "rent"})

        child = child_of(run)
        assert (child.top, child.min_assurance) == (run.top, run.min_assurance)
        assert child.required == {"mode": "rent", "data_in_vietnam": True, "offline": True}
        page = client.get(child.get_absolute_url()).content.decode()
        assert "Hồ sơ chưa nói rõ: Nơi lưu dữ liệu; Hình thức; Khi không có mạng" in page
        assert page.count(" checked") == 3, "what was not read can be dropped as well"

    def test_nothing_changed_is_said(self, client, run):
        again(client, run, sites="30")

        assert "Danh sách không đổi." in client.get(child_of(run).get_absolute_url()).content.decode()

    def test_what_a_listing_names_is_shown_as_named(self, client, catalogue, run):
        platform = catalogue["hopviet"]
        platform.capabilities = ["Kết nối LGSP của tỉnh"]
        platform.save()
        store.store().rebuild()

        again(client, run, connections="LGSP")

        page = client.get(child_of(run).get_absolute_url()).content.decode()
        assert "Hồ sơ có nhắc tới:" in page

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("budget", "nhiều tiền"),
            ("budget", "500"),
            ("budget", "9" * 60),
            ("budget", "x" * 100),
            ("budget_vnd_max", "-1"),
            ("budget_vnd_max", "1" + "0" * 16),
            ("budget_vnd_max", "9" * 5000),
            ("users", "1e9"),
            ("users", "99999999999"),
            ("security_level", "6"),
            ("deadline", "mai"),
            ("mode", "steal"),
            ("connections", "INTERNET"),
            ("deployment", "moon"),
            ("min_assurance", "perfect"),
            ("top", "0"),
            ("top", "51"),
            ("top", "<script>"),
        ],
    )
    def test_what_cannot_be_comes_back_with_a_message_and_what_was_typed(self, client, run, field, value):
        answer = again(client, run, sites="30", **{field: value})

        page = answer.content.decode()
        assert answer.status_code == 400
        assert 'role="alert"' in page
        assert f'href="#id_{field}"' in page
        assert "<script>" not in page
        assert 'value="30" aria-describedby="yc-' in page.split(" checked")[0], "what was ticked stays ticked"
        assert Run.objects.count() == 1

    def test_requirements_in_the_address_stand_in_the_form_and_nothing_is_asked(self, client, run):
        answer = client.get(run.get_absolute_url(), {"budget": "1,5 tỷ", "sites": "30", "top": "7"})

        page = answer.content.decode()
        assert answer.status_code == 200
        assert 'value="1,5 tỷ"' in page
        assert page.count(" checked") == 1
        assert Run.objects.count() == 1

    @pytest.mark.parametrize("query", ["budget=x&top=y", "deployment=moon&users=-1", "sites=%00", "min_assurance="])
    def test_an_address_that_makes_no_sense_is_a_page_all_the_same(self, client, run, query):
        assert client.get(f"{run.get_absolute_url()}?{query}").status_code == 200

    def test_the_address_of_the_form_alone_leads_to_the_answer(self, visitor, run):
        assert visitor.get(reverse("what-if", args=[run.id]))["Location"] == run.get_absolute_url()

    def test_an_answer_that_is_not_there_is_a_404(self, visitor, catalogue):
        assert visitor.post(reverse("what-if", args=[uuid.uuid4()]), UNTICKED).status_code == 404

    def test_the_forms_carry_their_token(self, run):
        from django.test import Client

        browser = Client(enforce_csrf_checks=True)
        page = browser.get(run.get_absolute_url()).content.decode()
        tokens = [part.split('value="')[1].split('"')[0] for part in page.split("csrfmiddlewaretoken")[1:]]

        assert len(tokens) == 2 + page.count('class="keep '), "two forms of requirements, and one a product to keep"
        for token in tokens:
            sent = {**UNTICKED, "csrfmiddlewaretoken": token}
            assert browser.post(reverse("what-if", args=[run.id]), sent).status_code == 303

    def test_an_answer_from_before_there_were_what_ifs_is_still_shown(self, client, run):
        old = {key: value for key, value in run.answer.items() if key not in ("parent", "required")}
        for hit in old["results"] + old["also_listed"]:
            hit.pop("mentions")
        Run.objects.filter(pk=run.pk).update(answer=old)

        assert client.get(run.get_absolute_url()).status_code == 200

    def test_a_parent_that_is_gone_is_not_missed(self, client, run):
        again(client, run, sites="30")
        child = child_of(run)
        run.delete()

        assert "Từ kết quả trước" not in client.get(child.get_absolute_url()).content.decode()

    def test_a_statement_that_became_too_long_is_refused_in_words(self, client, run, settings):
        settings.STATEMENT_MAX_LENGTH = 10

        answer = again(client, run)

        assert answer.status_code == 400
        assert "Bài toán dài quá 10" in answer.content.decode()

    def test_in_english_it_stays_in_english(self, client, run):
        answer = client.post(f"/en/goi-y/{run.id}/neu/", {**UNTICKED, "sites": "30"}, follow=True)

        assert answer.redirect_chain[0][0].startswith("/en/goi-y/")
        assert "Requirements in force" in answer.content.decode()


class TestWhyNot:
    def page(self, client, run, wanted) -> str:
        answer = client.get(reverse("why-not", args=[run.id]), {"san-pham": wanted})
        assert answer.status_code == 200
        return answer.content.decode()

    def test_everybody_may_ask_why(self, visitor, run):
        page = self.page(visitor, run, "hoichan")

        assert "Vì sao không có Hội Chẩn Việt?" in page
        assert page.count("<h1") == 1

    @pytest.mark.parametrize("wanted", ["hopcu", "Họp Cũ", "hop cu", "  HỌP   CŨ "])
    def test_a_product_is_found_by_key_and_by_name_however_typed(self, client, run, wanted):
        page = self.page(client, run, wanted)

        assert "Sản phẩm đã ngừng cung cấp, nên không được giới thiệu." in page
        assert "Không có cách đổi yêu cầu nào" in page

    def test_a_result_is_said_to_be_one(self, client, run):
        assert "Theo danh mục hôm nay, sản phẩm đứng hạng 1" in self.page(client, run, "hopviet")

    def test_what_would_let_it_in_can_be_asked_at_once(self, client, run):
        again(client, run, budget_vnd_max="10000000", deployment="saas", min_assurance="vetted", top="4")
        strict = child_of(run)

        page = self.page(client, strict, "hopviet")

        assert "giá từ 50.000.000 đ, kinh phí tối đa 10.000.000 đ" in page
        assert "cách triển khai là “Cài tại cơ quan”" in page
        assert "Mức bảo đảm là “Có bằng chứng công khai”, thấp hơn mức đã chọn “Đã thẩm định”." in page
        assert "Nâng kinh phí tối đa lên 50.000.000 đ" in page
        assert "Chấp nhận thêm cách triển khai “Cài tại cơ quan”" in page
        assert "Hạ mức bảo đảm tối thiểu xuống “Có bằng chứng công khai”" in page
        fields: dict[str, list[str]] = {}
        for part in page.split('<input type="hidden" name="')[1:]:
            name, value = part.split('"')[0], part.split('value="')[1].split('"')[0]
            fields.setdefault(name, []).append(value)
        client.post(reverse("what-if", args=[strict.id]), fields)
        assert "hopviet" in [hit["platform"] for hit in child_of(strict).answer["results"]][:4]

    def test_beyond_the_top_is_told_with_the_number_to_ask_for(self, client, run, monkeypatch):
        from recommender.engine import pipeline

        monkeypatch.setattr(pipeline, "WORTH_SHOWING", 0.0)
        again(client, run, top="2", min_assurance="listed")
        wide = child_of(run)
        second = wide.answer["results"][1]["platform"]
        again(client, wide, top="1", min_assurance="listed")

        page = self.page(client, child_of(wide), second)

        assert "Danh sách chỉ nêu 1 sản phẩm" in page
        assert "Xem 2 sản phẩm đầu" in page

    def test_what_is_not_relevant_is_told_what_it_does_not_mention(self, client, run, monkeypatch):
        from recommender.engine import pipeline

        monkeypatch.setattr(pipeline, "WORTH_SHOWING", 0.99)

        page = self.page(client, run, "temviet")

        assert "Hồ sơ chưa đủ gần với bài toán" in page or "không có điểm chung nào" in page
        assert "Hồ sơ không nhắc tới" in page

    def test_a_name_that_several_products_share_is_asked_back(self, client, catalogue, run):
        PlatformFactory(slug="hop-moi", name="Họp Mới")

        page = self.page(client, run, "họp")

        assert "Có phải ý cơ quan bạn là" in page
        assert f"{reverse('why-not', args=[run.id])}?san-pham=hop-moi" in page

    def test_what_nobody_has_is_not_listed_and_shown_as_text(self, client, run):
        page = self.page(client, run, "<script>alert(1)</script>")

        assert "Danh mục không có sản phẩm này." in page
        assert "<script>alert" not in page

    @pytest.mark.parametrize("wanted", ["", "   ", "x" * 201, "a\x00b"])
    def test_what_is_no_name_comes_back_with_a_message(self, client, run, wanted):
        answer = client.get(reverse("why-not", args=[run.id]), {"san-pham": wanted})

        assert answer.status_code == 400
        assert 'aria-invalid="true"' in answer.content.decode()

    def test_the_address_alone_asks_for_a_name(self, client, run):
        answer = client.get(reverse("why-not", args=[run.id]))

        assert answer.status_code == 200
        assert "HọpViệt" in answer.content.decode().split("<datalist")[1]

    def test_an_answer_that_is_not_there_is_a_404(self, visitor, catalogue):
        assert visitor.get(reverse("why-not", args=[uuid.uuid4()]), {"san-pham": "x"}).status_code == 404

    def test_it_is_only_read(self, client, run):
        assert client.post(reverse("why-not", args=[run.id])).status_code == 405

    def test_an_embedding_server_that_is_down_costs_nothing_but_quality(self, client, run, monkeypatch, embedder):
        from recommender.engine.semantic import EmbedderDown

        store.fill_vectors()

        def down(texts):
            raise EmbedderDown("gone")

        monkeypatch.setattr(embedder, "queries", down)

        assert "HọpViệt có trong danh sách" in self.page(client, run, "hopviet")
