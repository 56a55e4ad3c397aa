"""The main job as pages."""

import uuid

import pytest
from django.urls import reverse

from recommender import store
from recommender.models import Run
from tests.recommender.bad_input import READABLE, REFUSED
from tests.support.factories import UserFactory

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


def test_an_embedding_server_that_is_down_costs_quality_not_the_answer(
    client, catalogue, answering, monkeypatch, embedder
):
    from recommender.engine.semantic import EmbedderDown

    answer_page(client)

    def down(texts):
        raise EmbedderDown("gone")

    monkeypatch.setattr(embedder, "queries", down)

    assert "HọpViệt" in answer_page(client)
