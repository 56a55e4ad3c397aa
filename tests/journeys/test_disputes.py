"""From a doubt to a third person's decision, in a real browser; every page of it for everybody."""

import os
from pathlib import Path

import pytest
from django.utils import timezone

from catalogue.register.models import Entry
from catalogue.vetting import challenges, services
from catalogue.vetting.challenges import Appeal, Challenge
from catalogue.vetting.states import State
from tests.journeys.looks import faults_everywhere
from tests.support.roles import everyone
from tests.support.vetting import product, reviewer, rules, vetted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
PICTURES = os.environ.get("PICTURES")  # a folder, where somebody wants to look


def look(page, name: str) -> None:
    """Take a picture on a desk and on a phone."""
    for width in (1280, 390):
        if PICTURES:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)


@pytest.fixture
def scene():
    rules()
    people, four = everyone(), [reviewer(name) for name in ("mot", "hai", "ba", "bon")]
    platform = product(people, slug="hop-viet", name="Họp Việt")
    return people, four, vetted(people, four[0], four[1], platform, now=timezone.now())


def test_a_challenge_suspends_and_a_third_person_reinstates(visit, live_server, scene):
    people, four, submission = scene
    anybody = visit().page
    anybody.goto(f"{live_server.url}/nen-tang/hop-viet/")
    anybody.get_by_role("link", name="Phản đối một điều trên trang này").click()
    anybody.get_by_label("Phần bạn phản đối").select_option("evidence")
    anybody.get_by_label("Điều gì không đúng, vì sao").fill("Giấy chứng nhận đã hết hạn.\nXem quyết định số 12.")
    anybody.get_by_role("button", name="Gửi phản đối").click()
    assert anybody.get_by_role("heading", name="Đã nhận phản đối của bạn").is_visible()
    own = anybody.url

    page = visit().sign_in(four[2])
    page.goto(f"{live_server.url}/tham-dinh/phan-doi/")
    look(page, "waiting")
    page.get_by_role("link", name="Họp Việt").click()
    page.get_by_label("Có cơ sở", exact=True).check()
    page.get_by_label("Trả lời", exact=True).fill("Đúng, giấy đã hết hạn.")
    page.get_by_label("Tạm dừng hiệu lực thẩm định của sản phẩm ngay").check()
    look(page, "settle")
    page.get_by_role("button", name="Ghi kết luận").click()
    assert page.get_by_text("Đã ghi quyết định vào sổ đăng ký").is_visible()
    submission.refresh_from_db()
    assert submission.state == State.SUSPENDED

    anybody.goto(own)
    assert anybody.get_by_text("Có cơ sở").is_visible()
    vendor = visit().sign_in(people["owner"])
    vendor.goto(f"{live_server.url}/to-chuc/sao-bac/san-pham/hop-viet/tham-dinh/khieu-nai/")
    vendor.get_by_label("Quyết định thẩm định: Tạm dừng hiệu lực").check()
    vendor.get_by_label("Vì sao quyết định chưa đúng").fill("Đã có giấy mới từ tuần trước.")
    look(vendor, "vendor-appeal")
    vendor.get_by_role("button", name="Gửi khiếu nại").click()
    assert vendor.get_by_text("Đã nhận khiếu nại.").is_visible()

    third = visit().sign_in(four[3])
    third.goto(f"{live_server.url}/tham-dinh/khieu-nai/{Appeal.objects.get().pk}/")
    third.get_by_label("Chấp nhận khiếu nại", exact=True).check()
    third.get_by_label("Trả lời", exact=True).fill("Giấy mới hợp lệ.")
    look(third, "decide")
    third.get_by_role("button", name="Ghi quyết định").click()
    assert third.get_by_text("Đã ghi quyết định vào sổ đăng ký").is_visible()

    submission.refresh_from_db()
    assert submission.state == State.VETTED
    assert [entry.kind for entry in Entry.objects.order_by("number")] == [
        "vetted", "suspended", "challenge_upheld", "appeal_upheld", "reinstated",
    ]  # fmt: skip
    anybody.goto(f"{live_server.url}/nen-tang/hop-viet/")
    assert anybody.get_by_text("Đúng, giấy đã hết hạn.").first.is_visible()
    look(anybody, "platform")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_can_be_used_by_everybody(visit, live_server, scene, prefix):
    people, four, submission = scene
    now = timezone.now()
    told = {"reason": "Giấy chứng nhận đã hết hạn từ tháng 6.", "by": None, "now": now}
    waiting, dismissed, founded = (
        challenges.challenge(submission.platform, about=about, source="https://example.vn/quyet-dinh", **told)
        for about in ("price", "evidence", "customers")
    )
    challenges.settle(dismissed, upheld=False, answer="Giấy còn hạn.", suspends=False, by=four[2], now=now)
    challenges.settle(founded, upheld=True, answer="Đúng vậy.", suspends=False, by=four[2], now=now)
    services.suspend(submission, reason="Hết giấy.", by=four[2], now=now)
    appeals = [
        challenges.appeal_outcome(founded, reason="Không đúng.", by=people["owner"], now=now),
        challenges.appeal_decision(submission, reason="Có giấy mới.", by=people["owner"], now=now),
    ]
    other = vetted(people, *four[:2], product(people, slug="khac", name="Sản Phẩm Khác"), now=now)
    services.revoke(other, reason="Gian dối.", by=four[2], now=now)
    of_vendor = "to-chuc/sao-bac/san-pham"
    seen = {
        None: [
            "nen-tang/hop-viet/", "nen-tang/hop-viet/phan-doi/", "cach-tham-dinh/",
            *(f"phan-doi/{challenges.token_of(one)}/" for one in Challenge.objects.all()),
        ],
        people["owner"]: [f"{of_vendor}/{slug}/tham-dinh/khieu-nai/" for slug in ("hop-viet", "khac")],
        four[3]: [
            "tham-dinh/phan-doi/", f"tham-dinh/phan-doi/{waiting.pk}/", f"tham-dinh/phan-doi/{founded.pk}/",
            *(f"tham-dinh/khieu-nai/{one.pk}/" for one in appeals),
        ],
    }  # fmt: skip
    for user, paths in seen.items():
        visitor = visit()
        if user:
            visitor.sign_in(user)
        for path in paths:
            assert faults_everywhere(visitor, f"{prefix}/{path}") == []
            look(visitor.page, f"page{prefix.replace('/', '-')}-{path.strip('/').replace('/', '_')[:40]}")
