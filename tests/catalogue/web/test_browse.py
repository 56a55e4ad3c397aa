"""The list of platforms as a page: the same for everybody, at any address, at a constant cost."""

import pytest
from django.core.management import call_command

from catalogue.places.models import Province
from tests.support.factories import PlatformFactory, UserFactory, VendorFactory, evidenced

pytestmark = pytest.mark.django_db
LIST = "/nen-tang/"


@pytest.fixture(params=["anonymous", "member", "operator"])
def visitor(request, client):
    if request.param != "anonymous":
        client.force_login(UserFactory(is_staff=request.param == "operator"))
    return client


def names(answer) -> list[str]:
    return [card["name"] for card in answer.context["cards"]]


def test_everyone_sees_the_list_with_its_number_and_levels(visitor, catalogue):
    answer = visitor.get(LIST)
    page = answer.content.decode()

    assert "5 nền tảng" in page
    assert set(names(answer)) == {"KhámXa", "Hội Chẩn Việt", "HọpViệt", "TemViệt", "Họp Cũ"}
    assert "Có bằng chứng công khai" in page
    assert "Sản phẩm này đã ngừng cung cấp." in page


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_list_is_read_only(client, method):
    assert getattr(client, method)(LIST).status_code == 405


def test_a_search_is_found_shown_and_can_be_taken_off(client, catalogue):
    answer = client.get(LIST, {"q": "hoi chan", "assurance": "listed"})
    page = answer.content.decode()

    assert names(answer) == ["Hội Chẩn Việt"]
    assert 'value="hoi chan"' in page
    assert 'href="/nen-tang/?assurance=listed"' in page, "the search is taken off, the level stays"
    assert 'href="/nen-tang/?q=hoi+chan"' in page
    assert "noindex" in page


def test_the_english_list_stays_english(client, catalogue):
    answer = client.get("/en/nen-tang/", {"category": "telehealth"})
    page = answer.content.decode()

    assert "2 platforms" in page
    assert "Telehealth" in page
    assert 'action="/en/nen-tang/"' in page
    assert 'href="/nen-tang/?category=telehealth"' in page, "the switch keeps what was chosen"


def test_the_ten_tasks_of_the_directive_are_numbered_and_open_to_their_leaves(client, catalogue):
    closed = client.get(LIST).context["groups"][0]["groups"][0]
    opened = client.get(LIST, {"category": "health"}).context["groups"][0]["groups"][0]

    assert closed["leaves"] == []
    assert {leaf["value"]: leaf["n"] for leaf in opened["leaves"]} == {
        "telehealth": 2,
        "online-meetings": 2,
        "traceability": 1,
    }


def test_provinces_and_vendors_are_named(client, db):
    province = Province.objects.create(code="01", name="Hà Nội", kind="city", valid_from="2025-07-01", source="thử")
    PlatformFactory(vendor=VendorFactory(key="viet", short_name="Việt Số", province=province))
    PlatformFactory()

    answer = client.get(LIST, {"province": "01"})

    assert answer.context["total"] == 1
    assert [chip["text"] for chip in answer.context["chips"]] == ["Hà Nội"]
    assert "Việt Số" in answer.content.decode()


def test_many_vendors_do_not_make_a_long_page(client, db):
    for _ in range(40):
        PlatformFactory()
    PlatformFactory(vendor=VendorFactory(key="zz-cuoi"))

    facet = next(f for f in client.get(LIST, {"vendor": "zz-cuoi"}).context["facets"] if f["key"] == "vendor")

    assert len(facet["options"]) == 12
    assert facet["options"][0]["checked"], "what is chosen is always there to take off"
    assert facet["more"] == 29


def test_pages_can_be_walked(client, db):
    for _ in range(45):
        PlatformFactory()

    pages = [client.get(LIST, {"trang": at}) for at in (1, 2, 3)]

    assert [len(names(page)) for page in pages] == [20, 20, 5]
    assert len({name for page in pages for name in names(page)}) == 45
    assert 'href="/nen-tang/?trang=2"' in pages[0].content.decode()
    assert pages[1].context["pages"]["previous"] == "/nen-tang/", "the first page has one address"


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", "/nen-tang/"),
        ("?trang=1", "/nen-tang/"),
        ("?trang=2", "/nen-tang/?trang=2"),
        ("?trang=99", "/nen-tang/?trang=3"),
        ("?trang=2&sort=name", "/nen-tang/"),
        ("?trang=2&status=active", "/nen-tang/"),
    ],
)
def test_each_page_of_the_plain_list_is_its_own_to_search_engines(client, db, query, canonical):
    for _ in range(45):
        PlatformFactory()

    page = client.get(LIST + query).content.decode()

    assert f'<link rel="canonical" href="http://testserver{canonical}">' in page
    assert f'hreflang="en" href="http://testserver/en{canonical}">' in page


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "9" * 5000, "hai", "1.5", "²", "", "\0", "None"])
def test_a_page_that_is_not_there_is_the_nearest_that_is(client, catalogue, number):
    answer = client.get(LIST, {"trang": number})

    assert answer.status_code == 200
    assert len(names(answer)) == 5


@pytest.mark.parametrize("facet", ["category", "vendor", "province", "deployment", "pricing", "assurance", "status"])
@pytest.mark.parametrize("value", ["khong-co", "<script>", "\0", "' or 1=1", "x" * 3000, "🙂"])
def test_a_value_that_does_not_exist_is_left_out_and_this_is_said(client, catalogue, facet, value):
    answer = client.get(LIST, {facet: value})
    page = answer.content.decode()

    assert answer.status_code == 200
    assert answer.context["total"] == 5
    assert "không tồn tại" in page
    assert "<script>" not in page.replace("<script src", "")


@pytest.mark.parametrize(
    "text", ["\0", "%00", "<b>x</b>", "\u202e", "a" * 10_000, "'\"--", "\ud800".encode("utf-8", "replace")]
)
def test_odd_text_is_no_trouble(client, catalogue, text):
    assert client.get(LIST, {"q": text}).status_code == 200


@pytest.mark.parametrize("sort", ["", "nonsense", "relevance", "confirmed", "name"])
def test_any_order_is_answered(client, catalogue, sort):
    assert len(names(client.get(LIST, {"sort": sort}))) == 5


def test_many_values_of_one_facet_are_no_trouble(client, catalogue):
    query = "&".join(f"vendor=v{n}" for n in range(500))

    assert client.get(f"{LIST}?{query}").status_code == 200


def test_an_empty_list_says_what_helps(client, catalogue):
    page = client.get(LIST, {"q": "bieu quyet", "category": "telehealth"}).content.decode()

    assert "Không tìm thấy nền tảng nào" in page
    assert "Bỏ Từ tìm: bieu quyet" in page
    assert "Bỏ Nhóm nhu cầu: Y tế từ xa" in page
    assert 'href="/"' in page


def test_an_empty_list_offers_a_similar_spelling_that_finds_something(client, catalogue):
    answer = client.get(LIST, {"q": "truyyy"})

    assert {"text": "truy", "url": "/nen-tang/?q=truy"} in answer.context["spellings"]


def test_a_slip_is_forgiven_and_said(client, catalogue):
    answer = client.get(LIST, {"q": "truy xuaat"})

    assert names(answer) == ["TemViệt"]
    assert "tìm theo <q>xuất</q>" in answer.content.decode()


def test_as_one_types_the_address_is_the_tidy_one(client, catalogue):
    typed = client.get(LIST, {"q": " hop ", "sort": "", "status": "active"}, headers={"HX-Request": "true"})
    plain = client.get(LIST, {"q": "hop", "status": "active"})

    assert typed["HX-Replace-Url"] == "/nen-tang/?q=hop&status=active"
    assert names(typed) == names(plain)
    assert "HX-Replace-Url" not in plain


@pytest.mark.parametrize("rows", [20, 200])
@pytest.mark.parametrize("query", ["", "?q=platform&status=active"])
def test_the_list_costs_the_same_however_long(client, django_assert_num_queries, rows, query):
    for _ in range(rows):
        PlatformFactory()
    client.get(f"{LIST}?q=platform")  # the index is read once a process

    with django_assert_num_queries(5 if query else 4):
        assert client.get(LIST + query).context["total"] == rows


def test_the_whole_catalogue_is_listed_in_under_100_kb(client, db):
    call_command("load_seeds", verbosity=0)

    answer = client.get(LIST)

    assert answer.context["total"] == 263
    assert len(answer.content) < 100_000
    assert len(client.get(LIST, {"category": ["government", "health", "work"]}).content) < 100_000
    assert "Lưu vào danh sách" in answer.content.decode(), "with the buttons that keep"


def test_text_of_a_listing_is_never_markup(client):
    evidenced(name="<script>alert(1)</script>", summary="<img src=x onerror=alert(1)>")

    page = client.get(LIST, {"q": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
