"""A recorded answer can be had again, whatever happened to the catalogue since."""

import json
import shutil
import uuid
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from catalogue.platforms import changes
from catalogue.platforms.models import Category, Platform
from catalogue.platforms.originals import BorrowedPassage
from recommender import history, replaying, services, store, vectors
from recommender.engine.types import Assurance, Required
from recommender.models import Intake, ListingVersion, Run
from recommender.replaying import replay
from tests.support.factories import EvidenceFactory, PlatformFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue", "answering")]
STATEMENT = "Họp trực tuyến và biểu quyết điện tử, khám chữa bệnh từ xa cho trạm y tế xã"


@pytest.fixture
def with_vectors(catalogue):
    store.fill_vectors()


def ask(statement=STATEMENT, **more) -> Run:
    return services.answer_and_record(services.Asked(statement, min_assurance=Assurance.LISTED, **more))


def places(run: Run) -> list[str]:
    return [hit["platform"] for hit in run.answer["results"]]


def turn_over(catalogue) -> None:
    """Change the catalogue in every way: one listing gone, one new, one rewritten, one that names another vendor."""
    Platform.objects.get(slug="hopviet").delete()
    PlatformFactory(slug="hop-moi", name="Họp Mới", summary=STATEMENT, category=catalogue["hopcu"].category)
    khamxa = Platform.objects.get(slug="khamxa")
    khamxa.summary = "Một sản phẩm khác hẳn."
    khamxa.solves = []
    khamxa.save()
    hoichan = Platform.objects.get(slug="hoichan")
    EvidenceFactory(platform=hoichan)
    hoichan.vendor.short_name = "Tên khác"
    hoichan.vendor.save()


class TestReplay:
    def test_gives_the_same_list(self, with_vectors):
        run = ask()

        assert len(places(run)) >= 3
        assert replay(run).same

    def test_gives_the_recorded_list_after_the_catalogue_changed(self, with_vectors, catalogue):
        run = ask()
        turn_over(catalogue)
        later = ask()

        assert places(later) != places(run)
        assert replay(run).same
        assert replay(later).same

    def test_gives_it_after_categories_changed(self, with_vectors, catalogue):
        run = ask()
        leaf = Category.objects.get(key="online-meetings")
        leaf.label_vi = "Một nhóm khác"
        leaf.save()
        leaf.phrases.all().delete()
        store.fill_vectors()
        ask()

        again = replay(run)

        assert again.same
        assert again.points < 0.001
        assert again.answer["needs"] == run.answer["needs"]

    def test_keeps_what_a_listing_had_borrowed(self, with_vectors, catalogue):
        said = "Máy chiếu hỏng giữa buổi họp, đại biểu không thấy tài liệu, phải dời cả phiên họp sang tuần sau."
        for slug in ("hopviet", "hop-moi"):
            platform = catalogue.get(slug) or PlatformFactory(slug=slug, category=catalogue["hopviet"].category)
            platform.solves = [*platform.solves, said]
            platform.save()
        run = ask()
        BorrowedPassage.objects.all().delete()
        changes.record(["hop-moi"])
        later = ask()

        versions = ListingVersion.objects.filter(slug="hop-moi").order_by("first_sequence")
        assert [len(version.document["borrowed"]) for version in versions] == [1, 0]
        assert replay(run).same
        assert replay(run).points < 0.001
        assert replay(later).same

    def test_needs_no_index_folder(self, with_vectors, catalogue, index_dir):
        run = ask()
        turn_over(catalogue)
        shutil.rmtree(index_dir)

        assert replay(run).same
        assert not index_dir.exists()

    def test_leaves_out_the_vectors_that_came_later(self, catalogue):
        run = ask()
        store.fill_vectors()
        changes.record([changes.EVERYTHING])
        later = ask()

        assert run.engine["vectors_missing"] == 5
        assert later.engine["vectors_missing"] == 0
        for one in (run, later):
            assert replay(one).same
            assert replay(one).points < 0.001

    def test_of_an_answer_by_words_alone_uses_words_alone(self, catalogue, monkeypatch, embedder):
        monkeypatch.setattr(vectors, "embedder", lambda: None)
        run = ask()
        monkeypatch.setattr(vectors, "embedder", lambda: embedder)
        store.fill_vectors()

        assert "semantic" not in run.engine["signals"]
        assert replay(run).same

    def test_keeps_what_was_required_and_asked_for(self, with_vectors):
        run = ask(top=1, required=Required(frozenset({"on_premise"}), 100_000_000))

        again = replay(run)

        assert again.same
        assert len(again.answer["results"]) == 1

    def test_of_nothing_fits_is_the_same_answer(self, with_vectors, monkeypatch):
        from recommender.engine import pipeline

        monkeypatch.setattr(pipeline, "threshold", lambda *, semantic: 1.1)
        run = ask()

        assert run.abstained
        assert replay(run).same

    def test_records_nothing(self, with_vectors):
        run = ask()
        before = (Run.objects.count(), ListingVersion.objects.count(), Intake.objects.count())

        replay(run)

        assert (Run.objects.count(), ListingVersion.objects.count(), Intake.objects.count()) == before


class TestDifferences:
    def test_names_the_places_and_a_newer_engine(self, with_vectors, monkeypatch):
        run = ask()
        monkeypatch.setattr(replaying, "ENGINE_VERSION", "9.9")
        monkeypatch.setattr(replaying, "recommend", reversed_recommend)

        again = replay(run)

        assert not again.same
        assert {difference.place for difference in again.differences} >= {1, len(places(run))}
        assert again.differences[0].recorded == places(run)[0]
        assert any("this is 9.9" in reason for reason in again.reasons)

    def test_names_a_model_that_is_not_here(self, with_vectors, monkeypatch):
        run = ask()
        monkeypatch.setattr(vectors, "embedder", lambda: None)

        again = replay(run)

        assert "semantic" not in again.answer["engine"]["signals"]
        assert again.same or any("no embedder" in reason for reason in again.reasons)

    def test_says_when_the_catalogue_of_then_is_not_kept(self, with_vectors):
        run = ask()
        Intake.objects.all().delete()

        again = replay(run)

        assert not again.same
        assert "not kept" in again.reasons[0]

    def test_says_when_a_version_cannot_be_read(self, with_vectors):
        run = ask()
        ListingVersion.objects.filter(slug="hopviet").update(document={"key": "hopviet", "unheard": "of"})

        assert "not kept" in replay(run).reasons[0]

    def test_a_version_that_was_tampered_with_is_noticed(self, with_vectors):
        run = ask()
        ListingVersion.objects.filter(slug=places(run)[0]).delete()

        again = replay(run)

        assert not again.same
        assert any("4 are kept" in reason for reason in again.reasons)


def reversed_recommend(*args, **kwargs):
    from dataclasses import replace

    from recommender.engine.pipeline import recommend

    found = recommend(*args, **kwargs)
    return replace(found, results=found.results[::-1])


class TestHistory:
    def test_is_written_once_however_many_processes_take_the_catalogue_in(self, with_vectors, index_dir):
        ask()
        count = ListingVersion.objects.count()

        for _ in range(2):
            store.Store(index_dir).current()
        store.Store(index_dir).rebuild()
        store.Store(index_dir / "another-machine").current()

        assert count == 5
        assert ListingVersion.objects.count() == 5
        assert Intake.objects.count() == 1

    def test_grows_by_what_changed(self, with_vectors, catalogue):
        ask()
        Platform.objects.get(slug="khamxa").save()  # says the same
        hopviet = Platform.objects.get(slug="hopviet")
        hopviet.summary = "Họp kiểu khác."
        hopviet.save()
        ask()
        Platform.objects.get(slug="temviet").delete()
        ask()

        new = ListingVersion.objects.order_by("pk")[5:]
        assert [(version.slug, version.document is None) for version in new] == [("hopviet", False), ("temviet", True)]

    def test_of_a_snapshot_that_is_older_than_it_is_made_when_it_is_opened(self, with_vectors, index_dir):
        ask()
        ListingVersion.objects.all().delete()
        Intake.objects.all().delete()
        store._stores.clear()

        assert replay(ask()).same

    def test_two_machines_at_different_changes_agree(self, with_vectors, catalogue, index_dir):
        ahead, behind = store.Store(index_dir / "a"), store.Store(index_dir / "b")
        ahead.current()
        behind.current()
        before = changes.current_sequence()
        turn_over(catalogue)
        ahead.current()
        behind.current()

        assert {document.key for document in history.at(before, "hashed-words").documents} == set(catalogue)
        now = history.at(changes.current_sequence(), "hashed-words")
        assert list(now.documents) == sorted(ahead.current().documents(), key=lambda document: document.key)
        assert now.with_vectors == {"hoichan", "temviet", "hopcu"}

    def test_a_catalogue_that_changes_while_it_is_read_is_read_again(self, with_vectors, catalogue, monkeypatch):
        store.store().current()
        read = store.corpus.documents_of
        meanwhile = iter([lambda: Platform.objects.get(slug="hopviet").delete()])

        def slowly(slugs):
            documents = read(slugs)
            next(meanwhile, lambda: None)()
            return documents

        monkeypatch.setattr(store.corpus, "documents_of", slowly)
        Platform.objects.get(slug="khamxa").save()

        index = store.store().current()

        assert index.stamp.sequence == changes.current_sequence()
        assert "hopviet" not in {document.key for document in index.documents()}


class TestCommand:
    def test_says_the_same_list_for_people_and_as_json(self, with_vectors, capsys):
        run = ask()

        call_command("replay", str(run.pk))
        assert f"same list: {len(places(run))} places" in capsys.readouterr().out
        call_command("replay", str(run.pk), "--json")
        given = json.loads(capsys.readouterr().out)

        assert given["same"] is True
        assert given["recorded"] == given["replayed"]

    def test_fails_and_says_what_differs_and_why(self, with_vectors, capsys, monkeypatch):
        run = ask()
        monkeypatch.setattr(replaying, "ENGINE_VERSION", "9.9")
        monkeypatch.setattr(replaying, "recommend", reversed_recommend)

        with pytest.raises(CommandError, match="not the same list"):
            call_command("replay", str(run.pk))

        said = capsys.readouterr().out
        assert f"results 1: then {places(run)[0]}, now {places(run)[-1]}" in said
        assert "because: engine" in said

    @pytest.mark.parametrize("name", ["x", "", "3f2b6c1e-7f0a-4c1d-9b57-0a2f0d9a5b11"])
    def test_refuses_what_is_no_run(self, name):
        with pytest.raises(CommandError, match="there is no run"):
            call_command("replay", name)


class TestQr:
    @pytest.fixture(params=["anonymous", "member", "operator"])
    def visitor(self, request, client):
        if request.param != "anonymous":
            client.force_login(UserFactory(is_staff=request.param == "operator"))
        return client

    def test_everybody_gets_a_picture(self, visitor):
        answer = visitor.get(reverse("run-qr", args=[ask().pk]))

        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/svg+xml"
        assert ElementTree.fromstring(answer.content).tag.endswith("svg")  # noqa: S314 (our own text)
        assert b"<script" not in answer.content
        assert b"style=" not in answer.content, "the page's content policy refuses it"

    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_it_encodes_the_address_of_the_answer_in_the_page_s_language(self, client, monkeypatch, prefix):
        from catalogue.web import qr

        encoded = []
        make = qr.segno.make
        monkeypatch.setattr(qr.segno, "make", lambda text, **options: encoded.append(text) or make(text, **options))
        run = ask()

        client.get(f"{prefix}/goi-y/{run.pk}/qr.svg")

        assert encoded == [f"http://testserver{prefix}/goi-y/{run.pk}/"]

    def test_a_run_that_is_not_there_has_none(self, client):
        assert client.get(reverse("run-qr", args=[uuid.uuid4()])).status_code == 404

    def test_it_is_only_read(self, client):
        assert client.post(reverse("run-qr", args=[ask().pk])).status_code == 405
