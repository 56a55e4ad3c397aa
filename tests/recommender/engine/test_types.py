import pytest

from recommender.engine.types import Assurance


@pytest.mark.parametrize("level", Assurance)
def test_a_level_is_known_by_its_key(level):
    assert Assurance.parse(level.key) is level


def test_a_higher_level_includes_the_lower_ones():
    assert Assurance.LISTED < Assurance.PUBLIC_RECORD < Assurance.VETTED


@pytest.mark.parametrize("name", ["", "certified", "vetted ", "0"])
def test_another_name_is_refused(name):
    with pytest.raises(ValueError, match="unknown assurance level"):
        Assurance.parse(name)
