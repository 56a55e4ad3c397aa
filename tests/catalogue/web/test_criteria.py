"""The page of criteria, and the same by the API: for everybody alike, of today or another day."""

import datetime

import pytest
import yaml

from tests.support.factories import CriteriaSetFactory, CriterionFactory, GroupFactory
from tests.support.roles import check, everyone

pytestmark = pytest.mark.django_db
EVERYBODY = dict.fromkeys(
    ("anonymous", "stranger", "other_vendor", "viewer", "editor", "owner", "agency", "reviewer", "operator"), 200
)


@pytest.fixture
def sets():
    """The general set in two versions, the second of this year, and one of health."""
    first = CriteriaSetFactory(valid_from=datetime.date(2025, 1, 1))
    CriterionFactory(criteria_set=first, key="old", question="Có gì cũ không?")
    second = CriteriaSetFactory(version=2, note="Ghi chú chung.", note_en="A general remark.")
    CriterionFactory(
        criteria_set=second,
        key="iso",
        fields=["standards"],
        basis_from=datetime.date(2021, 2, 15),
        basis_to=datetime.date(2025, 12, 31),
    )
    health = CriteriaSetFactory(group=GroupFactory())
    CriterionFactory(criteria_set=health, key="records", mandatory=False)
    return first, second, health


@pytest.mark.parametrize("address", ["/tham-dinh/tieu-chi/", "/en/tham-dinh/tieu-chi/", "/api/v1/criteria"])
def test_is_open_to_everybody(sets, address):
    check(everyone(), "GET", address, EVERYBODY)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nobody_changes_criteria_by_the_api(sets, method):
    check(everyone(), method, "/api/v1/criteria", dict.fromkeys(EVERYBODY, 405))


def test_the_page_says_of_each_criterion_what_it_asks_by_what_and_for_how_long(client, sets):
    page = client.get("/tham-dinh/tieu-chi/").content.decode()

    for words in (
        "Có iso không?", "Có: chưa đạt thì không được ghi", "Tiêu chuẩn đáp ứng", "Đã xem giấy tờ", "Chứng nhận",
        "Đã hết hiệu lực", "12 tháng", "Phiên bản 2, áp dụng từ 01/01/2026", "Ghi chú chung.", "Có records không?",
        "Không: đạt thì được ghi thêm", "Y tế số",
    ):  # fmt: skip
        assert words in page
    assert "Có gì cũ không?" not in page


def test_the_english_page_is_english(client, sets):
    page = client.get("/en/tham-dinh/tieu-chi/").content.decode()

    for words in ("Is there iso?", "A general remark.", "Version 2, in force from 1 Jan 2026", "Documents seen"):
        assert words in page


def test_a_decision_of_before_finds_the_words_it_was_made_by(client, sets):
    page = client.get("/tham-dinh/tieu-chi/?ngay=2025-06-01").content.decode()

    assert "Có gì cũ không?" in page
    assert "Như áp dụng trong ngày 01/06/2025" in page
    assert "Có iso không?" not in page
    assert "?ngay=2025-01-01#general" in page, "every version can be reached"


@pytest.mark.parametrize("day", ["hôm nay", "2026-02-30", "", "%00"])
def test_what_is_no_day_is_today(client, sets, day):
    assert "Có iso không?" in client.get(f"/tham-dinh/tieu-chi/?ngay={day}").content.decode()


def test_the_page_on_vetting_leads_there(client, sets):
    assert 'href="/tham-dinh/tieu-chi/"' in client.get("/cach-tham-dinh/").content.decode()


@pytest.mark.parametrize("rows", [1, 20])
def test_the_page_costs_the_same_however_many_criteria(client, django_assert_num_queries, rows):
    for n in range(rows):
        CriterionFactory(criteria_set=CriteriaSetFactory(key=f"set-{n}"))

    with django_assert_num_queries(3):
        client.get("/tham-dinh/tieu-chi/")


class TestByTheApi:
    def test_as_json(self, api, sets):
        given = api.get("/api/v1/criteria").json()["results"]

        assert [(one["key"], one["version"], one["group"]) for one in given] == [
            ("general", 2, None),
            ("health", 1, "health"),
        ]
        assert given[0]["criteria"][0]["confirms"] == ["standards"]
        assert given[0]["criteria"][0]["basis_to"] == "2025-12-31"

    @pytest.mark.parametrize("how", [{"format": "yaml"}, {"HTTP_ACCEPT": "application/yaml"}])
    def test_as_yaml_it_says_the_same(self, api, sets, how):
        data, headers = ({"format": "yaml"}, {}) if "format" in how else ({}, how)
        answer = api.get("/api/v1/criteria", data, **headers)

        assert answer["Content-Type"] == "application/yaml"
        assert yaml.safe_load(answer.content)["results"] == api.get("/api/v1/criteria").json()["results"]
        assert "Có iso không?" in answer.content.decode()

    def test_as_it_was_on_a_day(self, api, sets):
        given = api.get("/api/v1/criteria?on=2025-06-01").json()["results"]

        assert [one["criteria"][0]["key"] for one in given] == ["old"]

    @pytest.mark.parametrize("form", ["json", "yaml"])
    def test_what_is_no_day_is_a_problem_detail(self, api, sets, form):
        answer = api.get(f"/api/v1/criteria?on=2026-02-30&format={form}")

        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["errors"][0]["field"] == "on"

    def test_an_address_with_a_slash_is_led_to_the_one_without(self, api, sets):
        assert api.get("/api/v1/criteria/").status_code == 308
