"""Who may open and use which page. Everybody else is told that there is no such page."""

import re

import pytest
from django.utils import timezone

from catalogue.accounts.models import Organisation
from catalogue.accounts.roles import OrganisationState
from catalogue.organisations import claiming, inviting, joining
from catalogue.organisations.models import Membership
from catalogue.organisations.requests import JoinRequest
from catalogue.web.paging import PAGE_SIZE
from tests.support.factories import UserFactory, VendorFactory
from tests.support.roles import ROLES, People, check, person

MEMBERS = {"viewer": 200, "editor": 200, "owner": 200}
ANYBODY = dict.fromkeys(ROLES[1:], 200)
DETAILS = {"name": "Công ty Sao Bắc", "short_name": "Sao Bắc", "legal_form": "company", "tax_code": "0101243150"}
PROOF = {"position": "Giám đốc", "proof": "Người đại diện theo pháp luật, xem giấy đăng ký.", "link": ""}


@pytest.fixture
def rows(people) -> dict[str, object]:
    """One of everything that waits."""
    now, outsider = timezone.now(), person("ngoai@example.vn")
    seed = VendorFactory(key="sao-dem")
    waiting = VendorFactory(kind="agency", key="so-moi", state=OrganisationState.WAITING, shown_since=None)
    Membership.objects.create(user=outsider, organisation=waiting, role="owner")
    return {
        "seed": seed,
        "waiting": waiting,
        "invitation": inviting.invite(
            people.vendor, email="stranger@example.gov.vn", role="viewer", by=people["owner"], now=now
        ),
        "join": joining.ask(people.vendor, by=outsider, message="Cho tôi vào.", now=now),
        "claim": claiming.claim(seed, by=outsider, now=now, **PROOF),
    }


@pytest.mark.parametrize(
    "address",
    ["/to-chuc/", "/to-chuc/moi/?q=sao", "/to-chuc/moi/doanh-nghiep/", "/to-chuc/moi/co-quan/", "/to-chuc/tham-gia/"],
)
def test_everybody_signed_in_may_look_and_register(people, address):
    check(people, "GET", address, ANYBODY)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("", MEMBERS),
        ("nguoi/", MEMBERS),
        ("roi/", MEMBERS),
        ("thong-tin/", {"owner": 200}),
        ("nguoi/{viewer}/", {"owner": 200}),
        ("nguoi/{viewer}/dua-ra/", {"owner": 200}),
        ("nguoi/{viewer}/giao-quyen/", {"owner": 200}),
        ("yeu-cau/{join}/", {"owner": 200}),
    ],
)
def test_who_sees_which_page_of_an_organisation(people, rows, path, allowed):
    check(people, "GET", _address(people, rows, path), allowed)


@pytest.mark.parametrize(
    ("path", "data", "allowed"),
    [
        ("thong-tin/", DETAILS, {"owner": 302}),
        ("nguoi/", {"email": "a@b.vn", "role": "viewer"}, {"owner": 302}),
        ("nguoi/{viewer}/", {"role": "editor"}, {"owner": 302}),
        ("nguoi/{viewer}/dua-ra/", {}, {"owner": 302}),
        ("nguoi/{viewer}/giao-quyen/", {}, {"owner": 302}),
        ("loi-moi/{invitation}/gui-lai/", {}, {"owner": 302}),
        ("loi-moi/{invitation}/thu-hoi/", {}, {"owner": 302}),
        ("yeu-cau/{join}/", {"decision": "accept", "role": "viewer"}, {"owner": 302}),
        ("yeu-cau/{join}/", {"decision": "refuse", "reason": "Không."}, {"owner": 302}),
        ("roi/", {}, {"viewer": 302, "editor": 302, "owner": 302}),
        ("de-nghi-lai/", {}, {"owner": 302}),
    ],
)
def test_who_may_do_what_to_an_organisation(people, rows, path, data, allowed):
    check(people, "POST", _address(people, rows, path), allowed, data=data)


@pytest.mark.parametrize("role", MEMBERS)
def test_a_vendors_people_are_led_to_its_desk_and_its_products(people, role):
    client = people.client(role)
    account, page = (client.get(address).content.decode() for address in ("/tai-khoan/", "/to-chuc/sao-bac/"))

    assert 'href="/to-chuc/"' in account
    assert "Công ty Sao Bắc" in account
    for address in ("/to-chuc/sao-bac/ban-lam-viec/", "/to-chuc/sao-bac/san-pham/"):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200


def test_an_agency_has_no_desk_of_products(people):
    page = people.client("agency").get("/to-chuc/so-y-te/").content.decode()

    assert "ban-lam-viec" not in page
    assert "san-pham" not in page


@pytest.mark.parametrize("path", ["van-hanh/to-chuc/", "van-hanh/to-chuc/so-moi/", "van-hanh/nhan-quan-ly/{claim}/"])
def test_only_operators_see_what_waits(people, rows, path):
    check(people, "GET", f"/{path.format(claim=rows['claim'].pk)}", {"operator": 200})


def test_the_two_lists_that_wait_turn_their_pages_apart(people):
    now = timezone.now()
    for n in range(PAGE_SIZE + 1):
        VendorFactory(kind="agency", name=f"Sở {n:02}", state=OrganisationState.WAITING, shown_since=None)
        claiming.claim(VendorFactory(name=f"Hãng {n:02}"), by=person(f"{n}@example.vn"), now=now, **PROOF)
    operator = people.client("operator")

    page = operator.get("/van-hanh/to-chuc/?trang-co-quan=2").content.decode()
    turned = operator.get("/van-hanh/to-chuc/?trang-co-quan=2&trang-nhan-quan-ly=2").content.decode()

    assert re.findall(r">(Sở \d+|Hãng \d+)<", page) == ["Sở 20", *(f"Hãng {n:02}" for n in range(PAGE_SIZE))]
    assert 'href="?trang-co-quan=2&amp;trang-nhan-quan-ly=2"' in page
    assert re.findall(r">(Sở \d+|Hãng \d+)<", turned) == ["Sở 20", "Hãng 20"]
    assert 'href="?trang-co-quan=1&amp;trang-nhan-quan-ly=2"' in turned


@pytest.mark.parametrize("path", ["van-hanh/to-chuc/so-moi/", "van-hanh/nhan-quan-ly/{claim}/"])
@pytest.mark.parametrize("data", [{"decision": "accept"}, {"decision": "refuse", "reason": "Không."}])
def test_only_operators_decide(people, rows, path, data):
    check(people, "POST", f"/{path.format(claim=rows['claim'].pk)}", {"operator": 302}, data=data)


@pytest.mark.parametrize(
    "path", ["to-chuc/sao-bac/tham-gia/", "nha-cung-cap/sao-dem/nhan-quan-ly/", "to-chuc/sao-dem/nhan-quan-ly/"]
)
def test_everybody_signed_in_may_ask(people, rows, path):
    check(people, "GET", f"/{path}", ANYBODY)


@pytest.mark.parametrize(
    "path",
    [
        "to-chuc/so-moi/tham-gia/",
        "to-chuc/so-moi/nhan-quan-ly/",
        "to-chuc/an/tham-gia/",
        "nha-cung-cap/an/nhan-quan-ly/",
    ],
)
def test_what_is_hidden_cannot_be_asked(people, rows, path):
    VendorFactory(key="an", shown_since=None)

    check(people, "GET", f"/{path}", {})
    check(people, "POST", f"/{path}", {}, data={"message": "", **PROOF})


def test_a_link_names_the_organisation_to_whom_it_was_sent(people, rows):
    address = f"/to-chuc/loi-moi/{rows['invitation'].token}/"

    check(people, "GET", address, ANYBODY)
    check(
        people, "POST", address, ANYBODY | dict.fromkeys(ROLES[1:], 409) | {"stranger": 302}, data={"answer": "accept"}
    )
    for role in ROLES[1:]:
        named = people.vendor.name in people.client(role).get(address).content.decode()
        assert named == (role == "stranger"), role


def test_one_withdraws_only_what_one_asked(people, rows):
    mine = joining.ask(people.vendor, by=people["stranger"], message="", now=timezone.now())

    check(people, "POST", f"/to-chuc/yeu-cau/tham-gia/{mine.pk}/rut/", {"stranger": 302})
    check(people, "POST", f"/to-chuc/yeu-cau/nhan-quan-ly/{rows['claim'].pk}/rut/", {})


@pytest.mark.parametrize("number", ["0", "99999", "9" * 18, "9" * 30])
def test_a_number_that_is_nobody_leads_nowhere(people, number):
    for path in ("nguoi/{}/", "yeu-cau/{}/", "loi-moi/{}/thu-hoi/"):
        client = people.client("owner")
        assert client.post(f"/to-chuc/sao-bac/{path.format(number)}").status_code == 404


def test_a_vendor_is_registered_in_one_form(people):
    client = people.client("stranger")

    answer = client.post(
        "/to-chuc/moi/doanh-nghiep/", {**DETAILS, "name": "Công ty Mới", "short_name": "Mới"}, follow=True
    )

    page = answer.content.decode()
    assert "Công ty Mới" in page
    assert "0101243150" in page
    assert people.client("owner").get("/to-chuc/moi-2/").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"tax_code": "0101243151"}, "tax_code", "sai số kiểm tra"),
        ({"name": ""}, "name", "Hãy điền ô này."),
        ({"name": "<script>alert(1)</script>"}, "name", "không dùng thẻ HTML"),
        ({"short_name": "<i>Sao</i>"}, "short_name", "không dùng thẻ HTML"),
        ({"website": "<a href=x>"}, "website", "không dùng thẻ HTML"),
        ({"name": "a" * 5_000}, "name", "200"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(people, wrong, field, said):
    answer = people.client("stranger").post("/to-chuc/moi/doanh-nghiep/", {**DETAILS, "name": "Công ty Mới", **wrong})
    page = answer.content.decode()

    assert answer.status_code == 400
    assert re.search(rf'<a href="#id_{field}">[^<]*{said}', page)
    assert f'id="id_{field}_error"' in page
    assert 'value="Sao Bắc"' in page or field == "short_name"
    assert "<script>alert" not in page
    assert not Organisation.objects.filter(tax_code="0101243150").exists()


def test_a_taken_tax_code_says_what_to_do_and_not_who_has_it(people):
    VendorFactory(name="Công ty Bí Mật", tax_code="0101243150", shown_since=None)

    page = (
        people.client("stranger")
        .post("/to-chuc/moi/doanh-nghiep/", {**DETAILS, "name": "Công ty Mới"})
        .content.decode()
    )

    assert "đã được đăng ký" in page
    assert "Bí Mật" not in page


def test_a_person_number_is_shown_to_owners_and_operators_only(people):
    Organisation.objects.filter(pk=people.vendor.pk).update(tax_code="001085012345", legal_form="household")

    for role in ("viewer", "editor", "owner"):
        shown = "001085012345" in people.client(role).get("/to-chuc/sao-bac/").content.decode()
        assert shown == (role == "owner"), role
    for address in ("/nha-cung-cap/sao-bac/", "/api/v1/vendors/sao-bac", "/api/v1/organisations/sao-bac"):
        assert "001085012345" not in people.client("owner").get(address).content.decode(), address
    answer = people.client("stranger").get("/to-chuc/moi/?q=001085012345", follow=True)
    assert "Sao Bắc" not in answer.content.decode()
    assert "001085012345" not in answer.content.decode()


@pytest.mark.parametrize("address", ["/to-chuc/sao-bac/", "/to-chuc/sao-bac/nguoi/"])
def test_those_who_wait_see_how_far_it_has_come(people, rows, address):
    client = people.client("owner")
    page = client.get(address).content.decode()

    assert "owner@example.gov.vn" in page or "Vai trò của bạn: Chủ quản" in page


def test_a_refused_agency_says_why_and_asks_again(people, rows):
    owner = rows["waiting"].memberships.get().user
    people.client("operator").post("/van-hanh/to-chuc/so-moi/", {"decision": "refuse", "reason": "Thiếu quyết định."})
    client = people.client("anonymous")
    client.force_login(owner)

    assert "Thiếu quyết định." in client.get("/to-chuc/so-moi/").content.decode()
    client.post("/to-chuc/so-moi/de-nghi-lai/")

    rows["waiting"].refresh_from_db()
    assert rows["waiting"].state == "waiting"


def test_an_agency_that_waits_shows_no_way_to_invite(people, rows):
    client = people.client("anonymous")
    client.force_login(rows["waiting"].memberships.get().user)

    assert "Mời thêm người" not in client.get("/to-chuc/so-moi/nguoi/").content.decode()
    assert client.post("/to-chuc/so-moi/nguoi/", {"email": "a@b.vn", "role": "viewer"}).status_code == 404


def test_a_vendor_page_offers_itself_until_somebody_speaks_for_it(people, rows):
    client = people.client("anonymous")

    assert "/nha-cung-cap/sao-dem/nhan-quan-ly/" in client.get("/nha-cung-cap/sao-dem/").content.decode()
    assert "nhan-quan-ly" not in client.get("/nha-cung-cap/sao-bac/").content.decode()


def test_a_hidden_vendor_page_is_there_for_its_members_only(people):
    Organisation.objects.filter(pk=people.vendor.pk).update(shown_since=None)

    for role in ROLES:
        status = people.client(role).get("/nha-cung-cap/sao-bac/").status_code
        assert status == (200 if role in MEMBERS else 404), role


def test_the_pages_are_in_english_too(people, rows):
    client = people.client("owner")

    for address in ("/en/to-chuc/", "/en/to-chuc/sao-bac/", "/en/to-chuc/sao-bac/nguoi/", "/en/to-chuc/moi/?q=sao"):
        text = re.sub(r"<[^>]+>", " ", client.get(address).content.decode().split("<main")[1].split("</main>")[0])
        assert not re.search(r"\b(Thành viên|Lời mời|Tìm|Vai trò|Yêu cầu|Sửa)\b", text), address


def test_the_list_of_people_costs_the_same_however_many(people, django_assert_max_num_queries):
    for _ in range(20):
        Membership.objects.create(user=UserFactory(), organisation=people.vendor, role="viewer")
        JoinRequest.objects.create(user=UserFactory(), organisation=people.vendor, created_at=timezone.now())
    client = people.client("owner")

    with django_assert_max_num_queries(12):
        client.get("/to-chuc/sao-bac/nguoi/")


def _address(people: People, rows, path: str) -> str:
    numbers = {name: rows[name].pk for name in ("invitation", "join")}
    return f"/to-chuc/sao-bac/{path.format(viewer=people.membership('viewer').pk, **numbers)}"
