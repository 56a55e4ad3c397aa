"""A shortlist without an account, carried into the account on sign-in; nobody sees another's."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from catalogue.platforms.choices import Status
from catalogue.platforms.models import Platform
from catalogue.shortlists.models import ShortlistItem
from catalogue.shortlists.services import MOST, AccountShortlist, SessionShortlist
from tests.support.factories import LeafFactory, PlatformFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/danh-sach-luu/"


@pytest.fixture(params=["anonymous", "signed in"])
def visitor(request, client):
    """Everybody has a list, and all lists behave alike."""
    if request.param == "signed in":
        client.force_login(UserFactory())
    return client


def add(client, *slugs: str, back: str = ""):
    for slug in slugs:
        answer = client.post(f"{PAGE}luu/", {"platform": slug, "next": back})
    return answer


def remove(client, slug: str, back: str = ""):
    return client.post(f"{PAGE}bo/", {"platform": slug, "next": back})


def kept(client) -> list[str]:
    """Return the keys on the page, in its order."""
    return [item["slug"] for item in client.get(PAGE).context["items"]]


def text(client, address: str = PAGE) -> str:
    return client.get(address).content.decode()


class TestKeeping:
    def test_what_is_kept_stands_on_the_page_newest_first(self, visitor, catalogue):
        add(visitor, "khamxa", "hopviet")

        assert kept(visitor) == ["hopviet", "khamxa"]
        assert "Họp trực tuyến, họp không giấy" in text(visitor)

    def test_an_empty_page_says_how_to_begin(self, visitor):
        assert "Chưa lưu sản phẩm nào" in text(visitor)

    def test_keeping_twice_is_keeping_once(self, visitor, catalogue):
        add(visitor, "khamxa")
        visitor.post(f"{PAGE}ghi-chu/", {"platform": "khamxa", "note": "Hỏi giá"})

        add(visitor, "khamxa")

        assert kept(visitor) == ["khamxa"]
        assert "Hỏi giá" in text(visitor)

    def test_it_leads_back_to_the_product_on_the_page_it_came_from(self, visitor, catalogue):
        answer = add(visitor, "khamxa", back="/nen-tang/khamxa/")

        assert answer.status_code == 303
        assert answer["Location"] == "/nen-tang/khamxa/#luu-khamxa"
        assert "Đã lưu KhámXa." in text(visitor, "/nen-tang/khamxa/")

    @pytest.mark.parametrize(
        "back", ["https://example.com/", "//example.com", "javascript:alert(1)", "/\\example.com", ""]
    )
    def test_it_never_leads_to_another_site(self, client, catalogue, back):
        assert add(client, "khamxa", back=back)["Location"] == PAGE

    @pytest.mark.parametrize("slug", ["", "khong-co", "\0", "a b", "x" * 5000, "ệ", "<script>"])
    def test_what_is_not_in_the_catalogue_is_not_kept(self, visitor, catalogue, slug):
        answer = visitor.post(f"{PAGE}luu/", {"platform": slug}, follow=True)

        assert "Không tìm thấy sản phẩm này trong danh mục" in answer.content.decode()
        assert kept(visitor) == []

    def test_a_full_list_refuses_one_more_and_loses_nothing(self, visitor):
        leaf = LeafFactory()
        slugs = [PlatformFactory(category=leaf).slug for _ in range(MOST + 1)]

        add(visitor, *slugs)

        assert len(kept(visitor)) == MOST
        assert f"tối đa {MOST} sản phẩm" in add_again_text(visitor, slugs[-1])

    @pytest.mark.parametrize("verb", ["luu", "bo", "ghi-chu", "hoan-tac", "xoa-het"])
    def test_every_change_asks_for_the_token(self, catalogue, verb):
        careful = Client(enforce_csrf_checks=True)

        assert careful.post(f"{PAGE}{verb}/", {"platform": "khamxa"}).status_code == 403

    @pytest.mark.parametrize("verb", ["luu", "bo", "ghi-chu", "hoan-tac"])
    def test_a_reloaded_form_address_leads_to_the_page_and_changes_nothing(self, visitor, catalogue, verb):
        add(visitor, "khamxa")

        assert visitor.get(f"{PAGE}{verb}/", {"platform": "khamxa"})["Location"] == PAGE
        assert kept(visitor) == ["khamxa"]

    def test_the_english_list_is_the_same_list(self, visitor, catalogue):
        add(visitor, "khamxa")

        page = text(visitor, f"/en{PAGE}")

        assert "Shortlist" in page
        assert "KhámXa" in page


def add_again_text(client, slug: str) -> str:
    return client.post(f"{PAGE}luu/", {"platform": slug}, follow=True).content.decode()


class TestRemoving:
    def test_what_is_removed_can_be_put_back_with_its_note_and_day(self, visitor, catalogue):
        add(visitor, "khamxa", "hopviet")
        visitor.post(f"{PAGE}ghi-chu/", {"platform": "khamxa", "note": "Hỏi giá"})
        before = visitor.get(PAGE).context["items"]

        remove(visitor, "khamxa")
        assert kept(visitor) == ["hopviet"]
        assert "Đã bỏ KhámXa." in text(visitor)
        visitor.post(f"{PAGE}hoan-tac/")

        assert visitor.get(PAGE).context["items"] == before
        assert "Đã bỏ KhámXa." not in text(visitor)

    def test_removing_twice_or_what_is_not_there_changes_nothing(self, visitor, catalogue):
        add(visitor, "khamxa")
        for slug in ("hopviet", "khong-co", "\0", ""):
            assert remove(visitor, slug).status_code in (302, 303)

        assert kept(visitor) == ["khamxa"]

    def test_undoing_with_nothing_to_undo_changes_nothing(self, visitor, catalogue):
        add(visitor, "khamxa")

        visitor.post(f"{PAGE}hoan-tac/")

        assert kept(visitor) == ["khamxa"]

    def test_clearing_asks_first_and_can_be_undone(self, visitor, catalogue):
        add(visitor, "khamxa", "hopviet")

        assert "2 sản phẩm cùng ghi chú sẽ bị bỏ" in text(visitor, f"{PAGE}xoa-het/")
        assert kept(visitor) == ["hopviet", "khamxa"], "asking is not doing"
        visitor.post(f"{PAGE}xoa-het/")
        assert kept(visitor) == []
        visitor.post(f"{PAGE}hoan-tac/")
        assert kept(visitor) == ["hopviet", "khamxa"]

    def test_clearing_an_empty_list_says_it_is_empty(self, visitor):
        assert "Danh sách đang trống" in text(visitor, f"{PAGE}xoa-het/")


class TestNotes:
    def test_a_note_is_shown_as_text(self, visitor, catalogue):
        add(visitor, "khamxa")

        visitor.post(f"{PAGE}ghi-chu/", {"platform": "khamxa", "note": "Hỏi <b>giá</b>\r\nvà \0thời hạn"})

        page = text(visitor)
        assert "Hỏi &lt;b&gt;giá&lt;/b&gt;<br>và thời hạn" in page

    def test_a_note_on_what_is_not_kept_goes_nowhere(self, visitor, catalogue):
        visitor.post(f"{PAGE}ghi-chu/", {"platform": "khamxa", "note": "x"})

        assert kept(visitor) == []

    def test_a_note_that_is_too_long_keeps_its_beginning_and_says_so(self, visitor, catalogue):
        add(visitor, "khamxa")

        answer = visitor.post(f"{PAGE}ghi-chu/", {"platform": "khamxa", "note": "a" * 3000}, follow=True)

        assert len(answer.context["items"][0]["note"]) == 2000
        assert "chỉ phần đầu được lưu" in answer.content.decode()


class TestWhatBecameOfIt:
    def test_a_discontinued_product_says_so(self, visitor, catalogue):
        add(visitor, "khamxa")
        Platform.objects.filter(slug="khamxa").update(status=Status.DISCONTINUED)

        assert "đã ngừng cung cấp" in text(visitor)

    def test_a_product_that_left_the_catalogue_stays_named_and_can_be_removed(self, visitor, catalogue):
        add(visitor, "khamxa")
        catalogue["khamxa"].delete()

        page = text(visitor)
        assert "KhámXa" in page
        assert "không còn trong danh mục" in page
        assert 'name="p" value="khamxa"' not in page, "there is nothing to compare"
        remove(visitor, "khamxa")
        assert kept(visitor) == []

    def test_chosen_products_are_compared(self, visitor, catalogue):
        add(visitor, "khamxa", "hopviet")

        page = text(visitor)

        assert 'id="chon-so-sanh"' in page
        assert 'action="/so-sanh/"' in page
        assert page.count('form="chon-so-sanh"') == 2


class TestSignIn:
    def sign_in(self, client, user):
        """Sign in as a browser does: the session goes on under a new key."""
        assert client.login(email=user.email, password="mat-khau-thu-nghiem")

    def test_a_visitors_list_goes_into_the_account(self, client, catalogue):
        add(client, "khamxa", "hopviet")
        client.post(f"{PAGE}ghi-chu/", {"platform": "khamxa", "note": "Hỏi giá"})
        user = UserFactory()

        self.sign_in(client, user)

        assert kept(client) == ["hopviet", "khamxa"]
        assert user.shortlist.get(platform="khamxa").note == "Hỏi giá"
        client.logout()
        assert kept(client) == []
        self.sign_in(client, user)
        assert kept(client) == ["hopviet", "khamxa"]

    def test_two_lists_become_one_without_loss_and_without_doubles(self, client, catalogue):
        user = UserFactory()
        account = AccountShortlist(user)
        for slug in ("khamxa", "temviet"):
            account.add(catalogue[slug])
        account.write_note("khamxa", "Đã gọi điện")
        add(client, "khamxa", "hopviet", "temviet")
        client.post(f"{PAGE}ghi-chu/", {"platform": "khamxa", "note": "Hỏi giá"})
        client.post(f"{PAGE}ghi-chu/", {"platform": "temviet", "note": "Hay"})

        self.sign_in(client, user)

        assert sorted(kept(client)) == ["hopviet", "khamxa", "temviet"]
        assert user.shortlist.get(platform="khamxa").note == "Đã gọi điện\nHỏi giá"
        assert user.shortlist.get(platform="temviet").note == "Hay"

    def test_signing_in_again_doubles_no_note(self, client, catalogue):
        user = UserFactory()
        for _ in range(2):
            add(client, "khamxa")
            client.post(f"{PAGE}ghi-chu/", {"platform": "khamxa", "note": "Hỏi giá"})
            self.sign_in(client, user)
            client.logout()

        assert user.shortlist.get().note == "Hỏi giá"

    def test_two_full_lists_lose_nothing(self, client):
        leaf, user = LeafFactory(), UserFactory()
        platforms = [PlatformFactory(category=leaf) for _ in range(2 * MOST)]
        for platform in platforms[:MOST]:
            AccountShortlist(user).add(platform)
        add(client, *(platform.slug for platform in platforms[MOST:]))

        self.sign_in(client, user)

        assert len(kept(client)) == 2 * MOST

    def test_another_person_on_the_same_machine_sees_nothing_of_it(self, client, catalogue):
        first, second = UserFactory(), UserFactory()
        self.sign_in(client, first)
        add(client, "khamxa")

        self.sign_in(client, second)

        assert kept(client) == []
        assert not second.shortlist.exists()


class TestNobodyElse:
    def test_another_user_neither_sees_nor_changes_yours(self, catalogue):
        mine, theirs = Client(), Client()
        mine.force_login(UserFactory())
        theirs.force_login(UserFactory(is_staff=True, is_superuser=True))
        add(mine, "khamxa")

        remove(theirs, "khamxa")
        theirs.post(f"{PAGE}ghi-chu/", {"platform": "khamxa", "note": "của người khác"})
        theirs.post(f"{PAGE}xoa-het/")

        assert "KhámXa" not in text(theirs)
        assert kept(mine) == ["khamxa"]
        assert "của người khác" not in text(mine)

    def test_another_visitor_sees_nothing_of_yours(self, catalogue):
        add(Client(), "khamxa")

        assert kept(Client()) == []

    def test_the_page_is_not_stored_by_caches_between(self, client):
        assert "no-store" in client.get(PAGE)["Cache-Control"]


class TestTwoTabs:
    def test_a_tab_that_read_the_session_earlier_loses_nothing_of_the_other(self, client, catalogue):
        add(client, "khamxa")
        store = import_module(settings.SESSION_ENGINE).SessionStore
        key = client.session.session_key
        early, late = store(key), store(key)
        assert SessionShortlist(early).slugs() == SessionShortlist(late).slugs() == {"khamxa"}, "both have read it"

        SessionShortlist(early).add(catalogue["hopviet"])
        SessionShortlist(late).add(catalogue["temviet"])

        assert sorted(kept(client)) == ["hopviet", "khamxa", "temviet"]

    def test_a_session_that_ended_meanwhile_begins_anew(self, client, catalogue):
        add(client, "khamxa")
        Session.objects.all().delete()

        add(client, "hopviet")

        assert kept(client) == ["hopviet"]

    def test_the_database_holds_a_product_once_a_person(self, catalogue):
        user = UserFactory()
        AccountShortlist(user).add(catalogue["khamxa"])
        with pytest.raises(IntegrityError), transaction.atomic():
            ShortlistItem.objects.create(user=user, platform="khamxa", name="KhámXa")


class TestEverywhere:
    def test_the_button_says_whether_a_product_is_kept(self, visitor, catalogue):
        assert "Lưu vào danh sách" in text(visitor, "/nen-tang/khamxa/")

        add(visitor, "khamxa")

        page = text(visitor, "/nen-tang/khamxa/")
        assert "Bỏ lưu" in page
        assert 'action="/danh-sach-luu/bo/"' in page

    def test_results_carry_the_button(self, client, catalogue, answering):
        page = client.post("/goi-y/", {"statement": "Khám chữa bệnh từ xa cho trạm y tế xã"}, follow=True)

        assert 'id="luu-khamxa"' in page.content.decode()
        assert f'name="next" value="{page.redirect_chain[-1][0]}"' in page.content.decode()

    def test_the_first_results_can_be_compared(self, client, catalogue, answering):
        statement = {"statement": "Khám chữa bệnh từ xa, họp trực tuyến, tem truy xuất", "min_assurance": "listed"}

        answer = client.post("/goi-y/", statement, follow=True)

        slugs = [hit["slug"] for hit in answer.context["run"]["results"]][:4]
        assert len(slugs) > 1
        assert "/so-sanh/?" + "&amp;".join(f"p={slug}" for slug in slugs) in answer.content.decode()

    def test_the_count_stands_in_the_navigation(self, visitor, catalogue):
        assert 'class="count"' not in text(visitor, "/nen-tang/khamxa/")

        add(visitor, "khamxa", "hopviet")

        assert '<span class="count">2<' in text(visitor, "/nen-tang/temviet/")

    def test_a_visitor_without_a_session_costs_no_query_more(self, client, catalogue, django_assert_num_queries):
        with django_assert_num_queries(5):  # what the page itself asks: how many products and submissions there are
            client.get("/cach-tham-dinh/")
        assert settings.SESSION_COOKIE_NAME not in client.cookies, "reading starts no session"

    def test_a_visitor_with_a_list_costs_one(self, client, catalogue, django_assert_num_queries):
        add(client, "khamxa")
        client.get("/cach-tham-dinh/")

        with django_assert_num_queries(6):  # and the session
            client.get("/cach-tham-dinh/")

    @pytest.mark.parametrize("rows", [1, 20])
    def test_the_page_costs_the_same_however_long(self, visitor, django_assert_num_queries, rows):
        leaf = LeafFactory()
        add(visitor, *(PlatformFactory(category=leaf).slug for _ in range(rows)))
        visitor.get(PAGE)
        signed_in = "_auth_user_id" in visitor.session

        with django_assert_num_queries(7 if signed_in else 3):  # session, platforms, also; user, groups, keys, items
            visitor.get(PAGE)

    def test_a_list_lasts_as_long_as_the_page_says(self, client, catalogue):
        add(client, "khamxa")

        expires = Session.objects.get().expire_date - timezone.now()
        assert "14 ngày" in text(client)
        assert timedelta(days=13) < expires <= timedelta(days=14)


class TestInPlace:
    """From a list with htmx only the product's own part changes."""

    HTMX = {"HX-Request": "true"}

    def test_what_comes_back_is_the_form_as_it_is_now_and_the_number(self, visitor, catalogue):
        sent = {"platform": "hopviet", "next": "/nen-tang/?q=hop"}

        kept = visitor.post(f"{PAGE}luu/", sent, headers=self.HTMX)
        let_go = visitor.post(f"{PAGE}bo/", sent, headers=self.HTMX)

        assert "<html" not in kept.content.decode()
        assert 'action="/danh-sach-luu/bo/"' in kept.content.decode()
        assert 'value="/nen-tang/?q=hop"' in kept.content.decode()
        assert '<span class="count">1</span>' in kept.content.decode()
        assert 'action="/danh-sach-luu/luu/"' in let_go.content.decode()
        assert 'class="count"' not in let_go.content.decode()

    def test_a_refusal_loads_the_page_which_says_why(self, visitor, catalogue):
        answer = visitor.post(f"{PAGE}luu/", {"platform": "khong-co", "next": "/nen-tang/"}, headers=self.HTMX)

        assert answer["HX-Refresh"] == "true"
        assert "Không tìm thấy sản phẩm này" in text(visitor, "/nen-tang/")


@pytest.mark.parametrize("address", ["/nen-tang/", "/nhom/online-meetings/", "/nha-cung-cap/sao/"])
def test_every_list_of_products_can_be_kept_from(visitor, catalogue, address):
    vendor = catalogue["hopviet"].vendor
    vendor.key = "sao"
    vendor.save()

    before = text(visitor, address)
    add(visitor, "hopviet", back=address)

    assert 'action="/danh-sach-luu/luu/"' in before
    assert "Đã lưu" in text(visitor, address)
