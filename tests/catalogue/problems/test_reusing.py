"""What is there already for a problem: near things first, the own and the hidden never."""

import pytest
from django.utils import timezone

from catalogue.problems import judging
from catalogue.problems.models import Problem
from catalogue.problems.reusing import MOST_SHOWN, already_there
from catalogue.problems.shared import SharedPlatform
from catalogue.problems.states import Ending, Visibility
from tests.support.factories import AgencyFactory, LeafFactory, ProblemFactory
from tests.support.problems import course

pytestmark = pytest.mark.django_db
MEETING = {"title": "Họp không giấy ở phường", "today": "In tài liệu họp cho ba mươi tổ dân phố.", "affected": "42 cán bộ", "outcome": "Không in."}  # fmt: skip
HERBS = {"title": "Truy xuất nguồn gốc dược liệu", "today": "Cây thuốc bán ra không rõ gốc.", "affected": "9 hợp tác xã", "outcome": "Có mã."}  # fmt: skip


def shared(key, name, leaf):
    row = SharedPlatform.objects.create(key=key, name=name, owner="Bộ Công an", does="Dùng chung cho cơ quan nhà nước.")
    row.categories.add(leaf)
    return row


def test_the_nearest_stands_first_and_what_is_far_not_at_all():
    leaf = LeafFactory()
    far, near = ProblemFactory(**HERBS), ProblemFactory(**MEETING)
    beside = ProblemFactory(**{**HERBS, "today": "In tài liệu họp cho xã viên."}, categories=[leaf])
    mine = ProblemFactory(draft=True, **MEETING, categories=[leaf])

    found = already_there(mine).problems

    assert found[0] == near
    assert beside in found
    assert far not in found


def test_the_own_and_what_is_not_public_is_left_out():
    agency = AgencyFactory()
    ProblemFactory(agency=agency, **MEETING)
    ProblemFactory(visibility=Visibility.INVITED, **MEETING)
    ProblemFactory(draft=True, **MEETING)
    assert already_there(ProblemFactory(agency=agency, draft=True, **MEETING)).problems == []


def test_no_more_than_can_be_read():
    for _ in range(MOST_SHOWN + 2):
        ProblemFactory(**MEETING)
    assert len(already_there(ProblemFactory(draft=True, **MEETING)).problems) == MOST_SHOWN


def test_shared_platforms_of_the_category_or_of_the_same_words():
    leaf, other = LeafFactory(), LeafFactory()
    of_category = shared("a", "Nền tảng định danh", leaf)
    of_words = shared("b", "Họp không giấy ở phường toàn quốc", other)
    shared("c", "Sàn dữ liệu", other)

    found = already_there(ProblemFactory(draft=True, **MEETING, categories=[leaf])).platforms

    assert found == [of_words, of_category]


def test_what_was_chosen_and_how_it_went_is_told():
    one, now = course(**MEETING), timezone.now()
    one.handed_in()
    one.opened()
    one.scored({"A": 4})
    judging.decide(
        one.problem, ending=Ending.AWARDED, winner="A", reason="Rẻ nhất.", told=one.told("A"), by=one.agency, now=now
    )
    ended = Problem.objects.get(pk=one.problem.pk)
    judging.look_back(ended, delivered="partly", again=False, note="Chậm hai tháng.", by=one.agency, now=now)
    office = AgencyFactory(key="so-khac")
    mine = ProblemFactory(agency=office, draft=True, **MEETING)
    office.memberships.create(user=one.people["stranger"], role="editor")

    page = one.people.client("stranger").get(f"/to-chuc/so-khac/bai-toan/{mine.slug}/tuong-tu/").text
    said = one.people.api("stranger").get(f"/api/v1/organisations/so-khac/problems/{mine.slug}/already-there").json()

    assert f'href="/nen-tang/{one.ours.slug}/"' in page
    for text in ("Họp Bắc", "Sao Bắc", "Rẻ nhất.", "Sẽ không chọn lại.", "Chậm hai tháng."):
        assert text in page, text
    (problem,) = said["problems"]
    assert problem["ending"] == "awarded"
    assert (problem["product"], problem["vendor"], problem["reason"]) == ("hop-bac", "sao-bac", "Rẻ nhất.")
    assert problem["aftermath"][0]["again"] is False
