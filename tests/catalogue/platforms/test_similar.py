"""Similar products are of the same categories, those with most words in common first."""

import pytest

from catalogue.platforms.models import Platform
from catalogue.platforms.similar import similar
from tests.support.factories import LeafFactory, PlatformFactory

pytestmark = pytest.mark.django_db


def names(platform: Platform, most: int = 6) -> list[str]:
    return [one.name for one in similar(platform, Platform.objects.listed(), most)]


def test_shared_words_decide_within_the_category():
    leaf = LeafFactory()
    own = PlatformFactory(name="Gốc", category=leaf, summary="Hội chẩn từ xa cho trạm y tế xã.")
    PlatformFactory(name="Xa", category=leaf, summary="Quản lý kho dược.")
    PlatformFactory(name="Gần", category=leaf, summary="Khám bệnh", solves=["Trạm y tế xã cần hội chẩn từ xa."])
    PlatformFactory(name="Nhóm khác", summary=own.summary)

    assert names(own) == ["Gần", "Xa"]
    assert names(own, most=1) == ["Gần"]


def test_further_categories_count_in_both_directions():
    leaf, other = LeafFactory(), LeafFactory()
    own = PlatformFactory(name="Gốc", category=leaf)
    own.also.add(other)
    PlatformFactory(name="Của nhóm thêm", category=other)
    PlatformFactory(name="Cũng dùng cho").also.add(leaf)

    assert sorted(names(own)) == sorted(["Của nhóm thêm", "Cũng dùng cho"])


def test_alone_in_its_category_it_has_none():
    assert names(PlatformFactory()) == []
