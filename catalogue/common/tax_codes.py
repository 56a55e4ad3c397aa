"""Tax codes (mã số thuế): of enterprises, of their branches, and of persons.

Ten digits are an enterprise, ten and three a branch of it, twelve a person or a household business: since 1/7/2025 these use
their personal number (Circular 86/2024/TT-BTC), which is nobody else's to see.
"""

import re

from django.utils.translation import gettext as _
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError
from stdnum.vn import mst

from .errors import DomainError

STORED_FORM = r"^([0-9]{10}(-[0-9]{3})?|[0-9]{12})$"  # the one form in which a code is kept and compared
_COMPANY = re.compile(r"[0-9]{10}(-[0-9]{3})?")
# The province where a birth was registered (001 to 096), century and sex, year, six more. There is no public check digit.
_PERSON = re.compile(r"0(?!00)[0-9]{2}[0-9]{9}")
_PERSON_LENGTH = 12


class WrongTaxCode(DomainError):
    """What was typed cannot be a tax code. The sentence never repeats it: it may be somebody's personal number."""

    code = "wrong_tax_code"
    field = "tax_code"


def normalised(typed: str) -> str:
    """Return the code as it is stored: 0101243150, 0101243150-001 or 001085012345.

    Raises WrongTaxCode, which says what is wrong with it.
    """
    compact = mst.compact(typed)
    if len(compact) == _PERSON_LENGTH and compact.isascii() and compact.isdigit():
        if not _PERSON.fullmatch(compact):
            raise WrongTaxCode(_("Mã số thuế 12 số phải là số định danh cá nhân. Hãy xem lại ba số đầu."))
        return compact
    try:
        return mst.format(mst.validate(compact))
    except InvalidChecksum:
        raise WrongTaxCode(_("Mã số thuế sai số kiểm tra (số thứ 10). Hãy so lại từng số với giấy đăng ký.")) from None
    except InvalidComponent:
        raise WrongTaxCode(_("Mã số thuế này không thể có. Hãy so lại từng số với giấy đăng ký.")) from None
    except ValidationError:
        raise WrongTaxCode(
            _("Mã số thuế có 10 số, 13 số với chi nhánh (ví dụ 0101243150-001), hoặc 12 số với hộ kinh doanh.")
        ) from None


def is_personal(typed: str) -> bool:
    """Say whether what was typed is a person's number."""
    return bool(_PERSON.fullmatch(mst.compact(typed)))


def is_public(code: str | None) -> bool:
    """Say whether the code is an enterprise's or a branch's; a person's number stays hidden."""
    return bool(code and _COMPANY.fullmatch(code))
