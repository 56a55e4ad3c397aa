"""The pages of challenges and appeals: who sees which, what they say, and what a press of their buttons does."""

import datetime

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from catalogue.register.models import Entry
from catalogue.vetting import challenges, services
from catalogue.vetting.challenges import APPEAL_DAYS, Appeal, Challenge, Outcome
from catalogue.vetting.states import State
from catalogue.web.disputes.public import ChallengeThrottle
from tests.support.roles import ROLES, check, everyone
from tests.support.vetting import NOW, product, reviewer, rules, vetted

pytestmark = pytest.mark.django_db
SENT = {"about": "evidence", "reason": "Giấy chứng nhận đã bị thu hồi từ tháng 6.", "source": "https://example.vn/x"}


@pytest.fixture(autouse=True)
def _on_a_day():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people():
    rules()
    return everyone()


@pytest.fixture
def platform(people):
    return product(people, slug="hop-viet", name="Họp Việt")


@pytest.fixture
def four():
    return [reviewer(name) for name in ("mot", "hai", "ba", "bon")]


@pytest.fixture
def vetting(people, platform, four):
    return vetted(people, four[0], four[1], platform)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def raised(platform, **fields) -> Challenge:
    told = {"about": "evidence", "reason": SENT["reason"], "by": None, "now": NOW, **fields}
    return challenges.challenge(platform, **told)


def page(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


ADDRESS = "/nen-tang/hop-viet/phan-doi/"


class TestChallenging:
    def test_anybody_may(self, people, platform):
        allowed = dict.fromkeys(ROLES, 200)
        check(people, "GET", ADDRESS, allowed)
        check(people, "POST", ADDRESS, dict.fromkeys(ROLES, 303), data=SENT)

    def test_says_that_it_is_public_when_it_is_answered_and_how_else_one_can_tell(self, client, platform):
        told = page(client, ADDRESS)

        assert "được công khai trên trang sản phẩm và trong sổ đăng ký" in told
        assert "09/12/2026" in told, "ten working days later"
        assert "Không ghi tên, số điện thoại hay địa chỉ của người nào." in told
        assert "/nen-tang/hop-viet/bao-sai/" in told
        assert ADDRESS in page(client, "/nen-tang/hop-viet/bao-sai/")

    def test_leads_to_a_page_of_ones_own_that_says_when_the_answer_comes(self, client, platform):
        answer = client.post(ADDRESS, {**SENT, "email": "nguoi-dan@example.vn"})

        one = Challenge.objects.get()
        assert answer.status_code == 303
        assert (one.email, one.by, one.reason) == ("nguoi-dan@example.vn", None, SENT["reason"])
        told = page(client, answer["Location"])
        assert "Bạn được trả lời trước hết ngày 09/12/2026." in told
        assert "một thư được gửi cho bạn" in told

    def test_without_an_address_one_is_told_to_keep_the_page(self, client, platform):
        told = page(client, client.post(ADDRESS, SENT)["Location"])

        assert "hãy lưu địa chỉ của trang này" in told

    def test_who_is_signed_in_is_not_asked_for_an_address(self, people, platform):
        client = people.client("agency")

        assert 'name="email"' not in page(client, ADDRESS)
        client.post(ADDRESS, {**SENT, "email": "khac@example.vn"})
        one = Challenge.objects.get()
        assert (one.by, one.email) == (people["agency"], "")

    def test_only_of_what_is_listed(self, client, people):
        product(people, slug="ban-nhap", listed_at=None)

        for method in ("get", "post"):
            assert getattr(client, method)("/nen-tang/ban-nhap/phan-doi/", SENT).status_code == 404
        assert not Challenge.objects.exists()

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"about": ""}, "Hãy chọn phần bạn phản đối."),
            ({"about": "mat-khau"}, "mat-khau"),
            ({"reason": ""}, "Hãy ghi lý do."),
            ({"reason": " sai "}, "ít nhất 10 ký tự"),
            ({"reason": "s" * 2_001}, "nhiều nhất 2000 ký tự"),
            ({"reason": "Hãy hỏi lan@example.vn là rõ."}, "Đừng ghi địa chỉ thư điện tử"),
            ({"reason": "<script>alert(1)</script> và thế"}, "không dùng thẻ HTML"),
            ({"email": "can-bo"}, "Thư điện tử chưa đúng"),
            ({"source": "khong phai dia chi"}, "Địa chỉ trang chưa đúng"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_lost(self, client, platform, wrong, message):
        answer = client.post(ADDRESS, SENT | wrong)

        assert answer.status_code == 400
        assert message in answer.content.decode()
        assert 'value="evidence" selected' in answer.content.decode() or "about" in wrong
        assert not Challenge.objects.exists()

    def test_what_a_program_fills_in_is_dropped_without_a_word(self, client, platform):
        assert client.post(ADDRESS, SENT | {"honeypot": "x"}).status_code == 303
        assert not Challenge.objects.exists()

    def test_one_address_can_send_so_many_an_hour(self, client, platform, monkeypatch):
        monkeypatch.setattr(ChallengeThrottle, "rate", "2/hour", raising=False)

        answers = [client.post(ADDRESS, SENT) for _ in range(3)]

        assert [answer.status_code for answer in answers] == [303, 303, 429]
        assert int(answers[2]["Retry-After"]) > 0
        assert SENT["reason"] in answers[2].content.decode()
        assert Challenge.objects.count() == 2

    def test_another_site_cannot_send_one(self, platform):
        assert Client(enforce_csrf_checks=True).post(ADDRESS, SENT).status_code == 403


class TestPublicPage:
    def test_shows_outcomes_with_reason_and_answer_and_counts_the_open_ones(self, client, platform, four):
        one = raised(platform, email="nguoi-dan@example.vn")
        waiting = page(client, "/nen-tang/hop-viet/")
        assert 'id="phan-doi"' in waiting
        assert "1 phản đối đang chờ trả lời." in waiting
        assert SENT["reason"] not in waiting, "it is public once it is answered"

        challenges.settle(one, upheld=True, answer="Đúng, đã sửa.", suspends=False, by=four[0], now=NOW)

        told = page(client, "/nen-tang/hop-viet/")
        for text in (SENT["reason"], "Đúng, đã sửa.", "Có cơ sở"):
            assert text in told
        assert "đang chờ trả lời" not in told
        for secret in ("nguoi-dan@example.vn", "mot@bo.gov.vn"):
            assert secret not in told

    def test_a_text_is_shown_as_text(self, client, platform, four):
        one = raised(platform, reason="Giá 5 < 10 & “hơn”: a > b, xem trang.")
        challenges.settle(one, upheld=False, answer="1 < 2", suspends=False, by=four[0], now=NOW)

        assert "5 &lt; 10 &amp; “hơn”" in page(client, "/nen-tang/hop-viet/")


class TestOnesOwnChallenge:
    def test_an_appeal_goes_in_once(self, client, platform, four):
        one = raised(platform)
        address = f"/phan-doi/{challenges.token_of(one)}/"
        assert "Gửi khiếu nại" not in page(client, address)
        challenges.settle(one, upheld=False, answer="Giấy còn hiệu lực.", suspends=False, by=four[0], now=NOW)

        told = page(client, address)
        assert "Giấy còn hiệu lực." in told
        assert "tới hết ngày 25/12/2026" in told
        assert client.post(address, {"reason": "Hãy xem lại quyết định."}).status_code == 302

        assert Appeal.objects.get().challenge == one
        told = page(client, address)
        assert "Hãy xem lại quyết định." in told
        assert "Gửi khiếu nại" not in told
        assert client.post(address, {"reason": "Thêm lần nữa nhé."}).status_code == 409
        assert Appeal.objects.count() == 1

    def test_not_after_its_time_and_not_when_one_was_right(self, client, platform, four):
        late, right = raised(platform), raised(platform)
        challenges.settle(late, upheld=False, answer="Không đúng.", suspends=False, by=four[0], now=NOW)
        challenges.settle(right, upheld=True, answer="Đúng.", suspends=False, by=four[0], now=NOW)

        answer = client.post(f"/phan-doi/{challenges.token_of(right)}/", {"reason": "Vẫn chưa vừa ý."})
        assert answer.status_code == 409
        with time_machine.travel(NOW + datetime.timedelta(days=APPEAL_DAYS + 1), tick=False):
            address = f"/phan-doi/{challenges.token_of(late)}/"
            assert "Gửi khiếu nại" not in page(client, address), "the outcome can still be read"
            answer = client.post(address, {"reason": "Tôi đến muộn mất rồi."})
        assert answer.status_code == 409
        assert "Không còn khiếu nại được nữa." in answer.content.decode()
        assert not Appeal.objects.exists()

    def test_a_link_that_was_not_made_here_leads_nowhere(self, client, platform):
        token = challenges.token_of(raised(platform))

        for wrong in (token[:-1] + ("a" if token[-1] != "a" else "b"), "1", "x:y:z", "1:abc:def"):
            assert client.get(f"/phan-doi/{wrong}/").status_code == 404
            assert client.post(f"/phan-doi/{wrong}/", {"reason": "Thử xem có được."}).status_code == 404

    def test_everybody_with_the_link_reads_it(self, people, platform):
        check(people, "GET", f"/phan-doi/{challenges.token_of(raised(platform))}/", dict.fromkeys(ROLES, 200))


class TestVendorAppeal:
    ADDRESS = "/to-chuc/sao-bac/san-pham/hop-viet/tham-dinh/khieu-nai/"
    APPEAL = {"reason": "Đã có giấy mới, xin xem lại."}

    def test_is_for_who_writes_for_the_vendor(self, people, vetting, four):
        check(people, "GET", self.ADDRESS, {"owner": 200, "editor": 200})
        services.suspend(vetting, reason="Hết giấy.", by=four[2], now=NOW)
        sent = {**self.APPEAL, "against": f"submission-{vetting.pk}"}
        check(people, "POST", self.ADDRESS, {"owner": 302, "editor": 302}, data=sent)

    def test_chooses_among_what_went_against_the_vendor(self, people, vetting, four):
        one = raised(vetting.platform)
        challenges.settle(one, upheld=True, answer="Đúng.", suspends=True, by=four[2], now=NOW)
        client = people.client("editor")
        told = page(client, self.ADDRESS)
        assert "Quyết định thẩm định: Tạm dừng hiệu lực" in told
        assert "Trả lời phản đối về “Bằng chứng, nguồn”: Có cơ sở" in told

        assert client.post(self.ADDRESS, self.APPEAL).status_code == 400
        assert client.post(self.ADDRESS, {**self.APPEAL, "against": "submission-999"}).status_code == 400
        client.post(self.ADDRESS, {**self.APPEAL, "against": f"challenge-{one.pk}"})

        asked = Appeal.objects.get()
        assert (asked.challenge, asked.submission, asked.by) == (one, None, people["editor"])
        assert self.APPEAL["reason"] in page(client, self.ADDRESS)

    def test_nothing_to_appeal_against_is_said_and_cannot_be_sent(self, people, vetting):
        client = people.client("owner")

        assert "không có quyết định nào còn khiếu nại được" in page(client, self.ADDRESS)
        assert client.post(self.ADDRESS, {**self.APPEAL, "against": f"submission-{vetting.pk}"}).status_code == 404


class TestReviewing:
    def test_is_for_reviewers_who_belong_to_no_vendor(self, people, platform):
        one = raised(platform)
        for address in ("/tham-dinh/phan-doi/", f"/tham-dinh/phan-doi/{one.pk}/"):
            check(people, "GET", address, {"reviewer": 200})
        settled = {"upheld": "yes", "answer": "Đúng vậy."}
        check(people, "POST", f"/tham-dinh/phan-doi/{one.pk}/", {"reviewer": 302}, data=settled)

    def test_lists_what_is_due_first_and_marks_what_is_late(self, platform, people, four):
        raised(platform, now=NOW - datetime.timedelta(days=40))
        raised(product(people, slug="moi", name="Sản Phẩm Mới"))

        told = page(signed_in(four[0]), "/tham-dinh/phan-doi/")

        assert told.index("Họp Việt") < told.index("Sản Phẩm Mới")
        assert told.count("Quá hạn") == 1
        assert "2 phản đối chờ trả lời" in told

    def test_a_list_costs_the_same_however_long(self, platform, people, four, django_assert_max_num_queries):
        for number in range(8):
            raised(product(people, slug=f"sp-{number}"))

        client = signed_in(four[0])
        with django_assert_max_num_queries(15):
            page(client, "/tham-dinh/phan-doi/")

    def test_settling_suspends_enters_and_tells(self, vetting, four):
        one = raised(vetting.platform, email="nguoi-dan@example.vn")
        client = signed_in(four[2])
        address = f"/tham-dinh/phan-doi/{one.pk}/"
        assert 'name="suspends"' in page(client, address)

        client.post(address, {"upheld": "yes", "answer": "Đúng.\r\nĐã hết.", "suspends": "on"})

        vetting.refresh_from_db()
        assert vetting.state == State.SUSPENDED
        assert [entry.kind for entry in Entry.objects.order_by("number")] == ["vetted", "suspended", "challenge_upheld"]
        assert "<form" not in page(client, address).split("<main")[1].split("</main")[0]
        again = client.post(address, {"upheld": "no", "answer": "Đổi ý."})
        assert again.status_code == 400
        assert "Việc này đã có kết quả" in again.content.decode()

    def test_who_examined_it_is_not_offered_to_suspend_it(self, vetting, four):
        one = raised(vetting.platform)

        assert 'name="suspends"' not in page(signed_in(four[0]), f"/tham-dinh/phan-doi/{one.pk}/")

    @pytest.mark.parametrize("sent", [{}, {"upheld": "yes"}, {"answer": "x"}, {"upheld": "maybe", "answer": "x"},
                                      {"upheld": "no", "answer": "Hỏi a@example.vn"}])  # fmt: skip
    def test_a_decision_says_what_and_why(self, platform, four, sent):
        one = raised(platform)

        assert signed_in(four[0]).post(f"/tham-dinh/phan-doi/{one.pk}/", sent).status_code == 400
        assert Challenge.objects.get().outcome == Outcome.OPEN

    def test_only_a_third_person_sees_an_appeal_and_decides_it(self, people, vetting, four):
        services.suspend(vetting, reason="Hết giấy.", by=four[2], now=NOW)
        asked = challenges.appeal_decision(vetting, reason="Có giấy mới.", by=people["owner"], now=NOW)
        address = f"/tham-dinh/khieu-nai/{asked.pk}/"

        for partial in four[:3]:
            client = signed_in(partial)
            assert client.get(address).status_code == client.post(address, {}).status_code == 404
            assert address not in page(client, "/tham-dinh/phan-doi/")
        check(people, "GET", address, {"reviewer": 200})
        check(people, "POST", address, {"reviewer": 302}, data={"upheld": "no", "answer": "Chưa có giấy."})
        client = signed_in(four[3])
        assert "Có giấy mới." in page(client, address)
        client.post(address, {"upheld": "yes", "answer": "Đã xem giấy mới."})

        vetting.refresh_from_db()
        assert vetting.state == State.VETTED
        assert [entry.kind for entry in Entry.objects.order_by("number")] == [
            "vetted", "suspended", "appeal_upheld", "reinstated",
        ]  # fmt: skip


def test_how_vetting_counts_what_waits_and_what_is_late(client, platform):
    raised(platform, now=NOW - datetime.timedelta(days=60))
    raised(platform)

    told = page(client, "/cach-tham-dinh/").split('id="thoi-han"')[1].split("</table>")[0]

    row = told.split("Phản đối")[1].split("</tr>")[0]
    assert [cell.split("</td>")[0] for cell in row.split('">')[1:]] == ["10", "2", "1"]
