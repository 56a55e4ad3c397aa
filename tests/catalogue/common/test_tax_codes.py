"""A tax code has one stored form; what is wrong with one is said without repeating it."""

import pytest

from catalogue.common.tax_codes import WrongTaxCode, is_public, normalised


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0101243150", "0101243150"),
        (" 0101 243 150 ", "0101243150"),
        ("01.01.243.150", "0101243150"),
        ("0101243150-001", "0101243150-001"),
        ("0101243150001", "0101243150-001"),
        ("0300588569", "0300588569"),
        ("001085012345", "001085012345"),
        ("079 085 012 345", "079085012345"),
    ],
)
def test_every_spelling_of_a_code_is_stored_alike(typed, stored):
    assert normalised(typed) == stored


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("0101243151", "sai số kiểm tra"),
        ("0101243151-001", "sai số kiểm tra"),
        ("0101243150-000", "không thể có"),
        ("0100000000", "không thể có"),
        ("123", "10 số"),
        ("", "10 số"),
        ("01012431500", "10 số"),
        ("O101243150", "10 số"),
        ("000085012345", "ba số đầu"),
        ("901085012345", "ba số đầu"),
        ("٠٠١٠٨٥٠١٢٣٤٥", "10 số"),
        ("<b>0101243150</b>", "10 số"),
    ],
)
def test_what_is_wrong_is_said_and_the_code_is_not_repeated(typed, said):
    with pytest.raises(WrongTaxCode, match=said) as refusal:
        normalised(typed)

    assert len(typed) < 3 or typed not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize(
    ("code", "public"),
    [("0101243150", True), ("0101243150-001", True), ("001085012345", False), ("", False), (None, False)],
)
def test_only_codes_of_enterprises_and_branches_are_public(code, public):
    assert is_public(code) is public
