"""A draft is read as the recommender would read it, and nothing of it stays."""

from dataclasses import replace

import pytest

from catalogue.platforms.changes import current_sequence
from catalogue.platforms.content import parse
from catalogue.platforms.models import CategoryPhrase, Platform
from catalogue.platforms.publishing import content_of
from recommender import corpus, preview, services, vectors
from recommender.engine.read import read
from recommender.engine.semantic import EmbedderDown
from recommender.models import Run, TextVector
from recommender.preview import Standing
from recommender.store import fill_vectors, store
from tests.support.factories import PlatformFactory, VendorFactory, evidenced

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ready(catalogue, answering):
    fill_vectors()
    store().current()
    return catalogue


@pytest.fixture
def draft(catalogue):
    """A product that nobody sees, and its text."""
    platform = PlatformFactory(slug="nhap", name="Nháp", category=catalogue["hopviet"].category, listed_at=None)
    return platform, parse(
        {
            "name": "Họp Nhanh",
            "category": "online-meetings",
            "summary": "Họp trực tuyến cho cán bộ xã, biểu quyết điện tử.",
            "solves": ["Cán bộ xã đi cả ngày đường chỉ để dự một cuộc họp."],
        }
    )


def test_it_says_for_which_needs_the_draft_would_be_shown(draft):
    found = preview.preview(*draft)

    assert {one.need for one in found.of(Standing.SHOWN)} >= {
        "Cán bộ xã đi cả ngày đường chỉ để dự một cuộc họp.",
        "Cần họp không giấy, biểu quyết điện tử.",
    }
    assert found.reading.leaves[0][0] == "online-meetings"
    assert not found.recommended  # nobody has seen evidence of it
    assert found.by_meaning


def test_it_places_a_public_product_as_an_answer_does(catalogue):
    platform = catalogue["khamxa"]
    found = preview.preview(platform, content_of(platform))

    for one in found.needs:
        answer = services.answer(services.Asked(one.need))
        ranks = {hit["platform"]: hit["rank"] for hit in answer["results"]}
        assert ranks.get("khamxa") == (one.place if one.standing == Standing.SHOWN else None), one.need


def test_it_changes_nothing_and_keeps_nothing(draft, django_assert_max_num_queries):
    index = store().current()
    before = (current_sequence(), Run.objects.count(), TextVector.objects.count(), Platform.objects.count())
    stands = {document.key: document for document in index.documents()}

    with django_assert_max_num_queries(20) as queries:
        preview.preview(*draft)

    assert not [one["sql"] for one in queries if not one["sql"].startswith("SELECT")]
    assert store().current() is index
    assert {document.key: document for document in index.documents()} == stands
    assert (current_sequence(), Run.objects.count(), TextVector.objects.count(), Platform.objects.count()) == before


def test_a_draft_of_a_public_product_stands_in_its_place(catalogue):
    platform = catalogue["khamxa"]
    content = parse(
        {**content_of(platform).as_json(), "summary": "Tem QR truy xuất nguồn gốc nông sản, OCOP.", "solves": []}
    )

    found = preview.preview(platform, content)

    assert found.reading.support == (("telehealth", 0.0),)
    assert "Khám chữa bệnh" in Platform.objects.get(slug="khamxa").summary


def test_no_draft_of_others_is_named(draft, catalogue):
    PlatformFactory(
        slug="kin", name="Bí Mật", category=catalogue["hopviet"].category, listed_at=None, summary="Họp trực tuyến."
    )

    found = preview.preview(*draft)

    assert "Bí Mật" not in repr(found)


def test_who_is_behind_the_tenth_is_told_what_is_missing_and_who_is_before(draft, catalogue):
    mother = VendorFactory()
    for at in range(12):
        evidenced(
            slug=f"hop-{at}", name=f"Họp {at}", category=catalogue["hopviet"].category,
            vendor=VendorFactory(parent=mother),  # one group, whose firms may say the same
            summary="Cần họp không giấy, biểu quyết điện tử.",
            solves=["Ủy ban xã họp với huyện phải đi cả ngày đường"],
        )  # fmt: skip
    platform = evidenced(slug="yeu", name="Yếu", category=catalogue["hopviet"].category, summary="Họp không giấy.")

    found = preview.preview(platform, content_of(platform))

    nearly = [one for one in found.of(Standing.NEARLY) if one.category == "online-meetings"]
    assert nearly
    for one in nearly:
        assert 10 < one.place <= preview.NEARLY
        assert one.ahead.name.startswith("Họp")
        assert one.missing or one.need


def test_no_more_needs_than_asked_the_own_category_first(draft, catalogue):
    for at in range(60):
        CategoryPhrase.objects.create(
            category=catalogue["hopviet"].category, kind="need", text=f"Cần họp số {at}", position=at + 9
        )

    found = preview.preview(*draft, most=12)

    assert len(found.needs) == 12
    assert found.needs[0].category == "online-meetings"
    assert len(preview.preview(*draft).needs) <= preview.MOST_NEEDS


def test_without_an_embedder_words_alone_are_read(draft, embedder, monkeypatch):
    def down(texts):
        raise EmbedderDown("away")

    monkeypatch.setattr(embedder, "queries", down)
    monkeypatch.setattr(preview._Remembering, "_kept", type(preview._Remembering._kept)())

    found = preview.preview(*draft)

    assert not found.by_meaning
    assert found.of(Standing.SHOWN)


def test_an_embedder_is_asked_once_for_a_text(draft, embedder, monkeypatch):
    monkeypatch.setattr(preview._Remembering, "_kept", type(preview._Remembering._kept)())
    asked: list[str] = []
    real = embedder._vector
    monkeypatch.setattr(embedder, "_vector", lambda text: asked.append(text) or real(text))

    preview.preview(*draft)
    first = len(asked)
    preview.preview(*draft)

    assert first
    assert len(asked) == first


def test_the_document_of_a_draft_is_the_one_it_will_have(catalogue, draft):
    platform = catalogue["hopviet"]

    assert corpus.draft_document(platform, content_of(platform)) == corpus.to_document(
        Platform.objects.select_related("vendor", "category").get(pk=platform.pk)
    )
    priced = parse(
        {**draft[1].as_json(), "packages": [{"name": "Xã", "unit": "agency", "period": "year", "price_min": 7}]}
    )
    document = corpus.draft_document(draft[0], priced)
    assert (document.price_min, document.price_max, document.category) == (7, 7, "online-meetings")
    assert replace(document, price_min=None, price_max=None) == corpus.draft_document(*draft)
    assert read(document.summary, store().current().expander).terms
    assert vectors.embedder() is not None
