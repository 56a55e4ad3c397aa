"""What an organisation says of itself, checked as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q
from django.utils.translation import gettext as _

from catalogue.accounts.models import FirmSize, FirmType, LegalForm, Organisation, OrganisationKind
from catalogue.common import tax_codes
from catalogue.common.plain import plain
from catalogue.places.models import Province

from .errors import AlreadyRegistered, Incomplete
from .names import named_exactly

LONGEST_NAME, LONGEST_SHORT_NAME, LONGEST_ADDRESS = 200, 100, 200  # characters
_ADDRESS = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class Details:
    """As they were typed. `province` is the code of a province, `tax_code` any spelling of one."""

    name: str
    short_name: str = ""
    legal_form: str = ""
    firm_type: str = ""
    firm_size: str = ""
    tax_code: str = ""
    website: str = ""
    province: str = ""

    def checked(self, kind: str) -> dict[str, Any]:
        """Return the columns of an organisation of this kind. Raises a DomainError that names its field."""
        name = plain(self.name, "name", LONGEST_NAME)
        if not name:
            raise Incomplete("name", _("Hãy ghi tên đầy đủ của tổ chức."))
        return {
            "name": name,
            "short_name": plain(self.short_name, "short_name", LONGEST_SHORT_NAME) or name[:LONGEST_SHORT_NAME],
            "legal_form": self._legal_form(kind),
            "firm_type": self._firm_type(kind),
            "firm_size": self._firm_size(kind),
            "tax_code": self._tax_code(kind),
            "website": web_address(self.website, "website", most=LONGEST_ADDRESS),
            "province_id": self._province(),
        }

    def _legal_form(self, kind: str) -> str:
        if kind != OrganisationKind.VENDOR:
            return LegalForm.PUBLIC_BODY.value
        if self.legal_form not in LegalForm.values:
            raise Incomplete("legal_form", _("Hãy chọn hình thức pháp lý."))
        return self.legal_form

    def _firm_type(self, kind: str) -> str:
        if kind != OrganisationKind.VENDOR or not self.firm_type:
            return ""
        if self.firm_type not in FirmType.values:
            raise Incomplete("firm_type", _("Hãy chọn một loại doanh nghiệp trong danh sách."))
        return self.firm_type

    def _firm_size(self, kind: str) -> str:
        if kind != OrganisationKind.VENDOR or not self.firm_size:
            return ""
        if self.firm_size not in FirmSize.values:
            raise Incomplete("firm_size", _("Hãy chọn một quy mô trong danh sách."))
        return self.firm_size

    def _tax_code(self, kind: str) -> str | None:
        if not self.tax_code.strip():
            if kind == OrganisationKind.VENDOR and self.legal_form in (LegalForm.COMPANY, LegalForm.HOUSEHOLD):
                raise Incomplete("tax_code", _("Hãy ghi mã số thuế."))
            return None
        code = tax_codes.normalised(self.tax_code)
        if not tax_codes.is_public(code) and (kind, self.legal_form) != (OrganisationKind.VENDOR, LegalForm.HOUSEHOLD):
            raise Incomplete(
                "tax_code",
                _("Mã số thuế 12 số là của cá nhân, hộ kinh doanh. Hãy ghi mã 10 số, hoặc chọn lại hình thức pháp lý."),
            )
        return code

    def _province(self) -> str | None:
        if not self.province:
            return None
        if not Province.objects.filter(code=self.province[:2]).exists() or len(self.province) != len("01"):
            raise Incomplete("province", _("Hãy chọn một tỉnh, thành phố trong danh sách."))
        return self.province


def web_address(typed: str, field: str, *, most: int) -> str:
    """Return an address of the web, with https:// where no scheme was typed; "" stays "". Raises a DomainError."""
    address = plain(typed, field, most)
    if not address:
        return ""
    if "://" not in address:
        address = f"https://{address}"
    try:
        _ADDRESS(address)
    except ValidationError:
        raise Incomplete(field, _("Địa chỉ trang chưa đúng, ví dụ đúng: https://example.vn.")) from None
    return address


def refuse_taken(kind: str, values: dict[str, Any], *, but: Organisation | None = None) -> None:
    """Raise AlreadyRegistered when an organisation has this tax code, or this name where a name is enough to know it by.

    Two firms may be called alike when their tax codes differ; two agencies when their provinces do.
    """
    others = Organisation.objects.exclude(pk=but.pk) if but else Organisation.objects.all()
    if values["tax_code"] and others.filter(tax_code=values["tax_code"]).exists():
        raise tax_code_taken()
    alike = named_exactly(others.findable(), values["name"])
    if kind == OrganisationKind.VENDOR:
        alike = alike.vendors()
        if values["tax_code"]:
            alike = alike.filter(tax_code__isnull=True)
    else:
        alike = alike.exclude(kind=OrganisationKind.VENDOR)
        if values["province_id"]:
            alike = alike.filter(Q(province=None) | Q(province=values["province_id"]))
    if alike.exists():
        raise AlreadyRegistered(
            "name",
            _("Đã có tổ chức mang tên này. Hãy tìm lại theo tên, rồi gửi yêu cầu tham gia hoặc nhận quản lý."),
        )


def tax_code_taken() -> AlreadyRegistered:
    return AlreadyRegistered(
        "tax_code",
        _("Mã số thuế này đã được đăng ký. Nếu bạn thuộc tổ chức đó, hãy gửi yêu cầu tham gia bằng mã số thuế."),
    )
