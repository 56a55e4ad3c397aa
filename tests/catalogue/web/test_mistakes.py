"""Anybody can say what is wrong on a listing; only operators read it."""

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from catalogue.platforms.mistakes import MistakeReport
from catalogue.web.mistakes import MistakeThrottle
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/nen-tang/hopviet/bao-sai/"
REPORT = {"about": "price", "reason": "Giá đã đổi từ tháng 6: xem trang của hãng.", "email": "can-bo@example.gov.vn"}


@pytest.fixture
def operator(client):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def test_anybody_can_report_and_is_told_what_happens(visitor, catalogue):
    assert visitor.get(ADDRESS).status_code == 200

    answer = visitor.post(ADDRESS, REPORT)

    assert (answer.status_code, answer["Location"]) == (303, f"{ADDRESS}da-nhan/")
    assert "Đã nhận báo cáo" in visitor.get(answer["Location"]).content.decode()
    report = MistakeReport.objects.get()
    assert (report.platform, report.about, report.status) == (catalogue["hopviet"], "price", "new")
    assert (report.reason, report.email) == (REPORT["reason"], REPORT["email"])


def test_a_report_is_never_published(client, api, catalogue):
    MistakeReport.objects.create(platform=catalogue["hopviet"], **REPORT)

    for address in ("/nen-tang/hopviet/", f"{ADDRESS}da-nhan/", ADDRESS, "/api/v1/platforms/hopviet"):
        page = client.get(address).content.decode()
        assert REPORT["reason"] not in page, address
        assert REPORT["email"] not in page, address


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"about": ""}, "Hãy chọn phần bị sai."),
        ({"about": "mat-khau"}, "mat-khau"),
        ({"reason": ""}, "Hãy viết sai ở đâu."),
        ({"reason": "  sai  "}, "ít nhất 10 ký tự"),
        ({"reason": "s" * 2_001}, "nhiều nhất 2000 ký tự"),
        ({"email": "can-bo"}, "Thư điện tử chưa đúng"),
        ({"source": "khong phai dia chi"}, "Địa chỉ trang chưa đúng"),
    ],
)
def test_what_is_wrong_with_the_form_is_said_and_nothing_is_lost(client, catalogue, wrong, message):
    answer = client.post(ADDRESS, REPORT | wrong)

    assert answer.status_code == 400
    page = answer.content.decode()
    assert message in page
    assert "can-bo" in page
    assert not MistakeReport.objects.exists()


def test_what_a_program_fills_in_is_dropped_without_a_word(client, catalogue):
    answer = client.post(ADDRESS, REPORT | {"honeypot": "https://example.com"})

    assert answer.status_code == 303
    assert not MistakeReport.objects.exists()


def test_one_address_can_send_so_many_an_hour(client, catalogue, monkeypatch):
    cache.clear()
    monkeypatch.setattr(MistakeThrottle, "rate", "2/hour", raising=False)

    answers = [client.post(ADDRESS, REPORT) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert int(answers[2]["Retry-After"]) > 0
    assert REPORT["reason"] in answers[2].content.decode(), "what was written is not lost"
    assert MistakeReport.objects.count() == 2
    assert client.post(ADDRESS, REPORT, REMOTE_ADDR="10.0.0.9").status_code == 303


def test_another_site_cannot_send_a_report(catalogue):
    assert Client(enforce_csrf_checks=True).post(ADDRESS, REPORT).status_code == 403


def test_there_is_nothing_to_report_about_no_platform(client, catalogue):
    assert client.get("/nen-tang/khong-co/bao-sai/").status_code == 404
    assert client.post("/nen-tang/khong-co/bao-sai/", REPORT).status_code == 404


def test_the_form_is_in_english_too(client, catalogue):
    answer = client.post(f"/en{ADDRESS}", REPORT)

    assert "What is wrong on the page about" in client.get(f"/en{ADDRESS}").content.decode()
    assert answer["Location"] == f"/en{ADDRESS}da-nhan/"


@pytest.mark.parametrize("role", ["anonymous", "member", "staff without the right"])
def test_only_operators_with_the_right_read_reports(client, catalogue, role):
    if role != "anonymous":
        client.force_login(UserFactory(is_staff=role.startswith("staff")))

    assert client.get("/quan-tri/catalogue/mistakereport/").status_code in (302, 403)


def test_an_operator_handles_reports_and_the_address_is_forgotten(client, catalogue, operator):
    report = MistakeReport.objects.create(platform=catalogue["hopviet"], **REPORT)
    listed = client.get("/quan-tri/catalogue/mistakereport/?status__exact=new").content.decode()
    assert "HọpViệt" in listed
    assert client.get(f"/quan-tri/catalogue/mistakereport/{report.pk}/change/").status_code == 200

    client.post("/quan-tri/catalogue/mistakereport/", {"action": "mark_handled", "_selected_action": [report.pk]})

    report.refresh_from_db()
    assert (report.status, report.email, report.handled_by) == ("handled", "", operator)
    assert report.handled_at is not None

    client.post("/quan-tri/catalogue/mistakereport/", {"action": "mark_new", "_selected_action": [report.pk]})

    report.refresh_from_db()
    assert (report.status, report.handled_at) == ("new", None)


def test_the_database_keeps_no_address_of_a_handled_report(catalogue):
    report = MistakeReport.objects.create(platform=catalogue["hopviet"], **REPORT)

    with pytest.raises(IntegrityError), transaction.atomic():
        MistakeReport.objects.filter(pk=report.pk).update(status="handled", handled_at=report.created_at)
