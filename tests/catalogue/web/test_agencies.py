"""An agency's page: what everybody reads of its problems, and for how long it has said nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalogue.problems.models import Problem
from tests.support.factories import AgencyFactory, ProblemFactory

pytestmark = pytest.mark.django_db
PAGE, API = "/co-quan/so-y-te/", "/api/v1/agencies/so-y-te"


@pytest.fixture
def agency():
    return AgencyFactory(key="so-y-te", name="Sở Y tế tỉnh Mẫu")


def over(agency, days, **fields):
    problem = ProblemFactory(agency=agency, **fields)
    now = timezone.now()
    Problem.objects.filter(pk=problem.pk).update(
        posted_at=now - timedelta(days=90), closes_at=now - timedelta(days=days, hours=1)
    )
    return problem


def test_the_days_of_silence_are_public(client, agency):
    short, long = over(agency, 3, title="Họp không giấy"), over(agency, 40, title="Khám từ xa")
    ProblemFactory(agency=agency, ended=True)
    ProblemFactory(agency=agency)

    page, said = client.get(PAGE).text, client.get(API).json()

    assert page.index("Đã 40 ngày chưa có kết quả.") < page.index("Đã 3 ngày chưa có kết quả.")
    assert said["silent"] == [{"problem": long.slug, "days": 40}, {"problem": short.slug, "days": 3}]
    assert said["problems"] == {"published": 1, "closed": 2, "ended": 1, "withdrawn": 0}
    assert 'href="/co-quan/so-y-te/"' in client.get(short.get_absolute_url()).text


def test_who_is_never_silent_is_said_not_to_be(client, agency):
    ProblemFactory(agency=agency)
    assert "Bài toán nào hết hạn cũng đã có kết quả." in client.get(PAGE).text
    assert client.get(API).json()["silent"] == []


@pytest.mark.parametrize("hidden", [{"draft": True}, {"visibility": "invited"}, {"visibility": "ministry"}])
def test_what_not_everybody_reads_is_not_counted_and_makes_no_page(client, agency, hidden):
    over(agency, 40, **hidden) if "visibility" in hidden else ProblemFactory(agency=agency, **hidden)
    assert client.get(PAGE).status_code == 404
    assert client.get(API).status_code == 404
    assert client.get("/api/v1/agencies").json()["count"] == 0

    ProblemFactory(agency=agency)

    assert client.get(API).json()["silent"] == []
    assert client.get("/api/v1/agencies").json()["results"] == [
        {"key": "so-y-te", "name": "Sở Y tế tỉnh Mẫu", "short_name": agency.short_name}
    ]
    assert "/co-quan/so-y-te/" in client.get("/sitemap.xml").text
