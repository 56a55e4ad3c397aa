"""What is there already for a problem: near things first, the own and the hidden never."""

import pytest

from catalogue.problems.reusing import MOST_SHOWN, already_there
from catalogue.problems.shared import SharedPlatform
from catalogue.problems.states import Visibility
from tests.support.factories import AgencyFactory, LeafFactory, ProblemFactory

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
