"""The forms. They take what is typed; the services check it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import FirmSize, FirmType, LegalForm, Organisation, OrganisationKind
from catalogue.accounts.roles import Role
from catalogue.organisations.claiming import LONGEST_POSITION
from catalogue.organisations.details import LONGEST_ADDRESS, LONGEST_NAME, LONGEST_SHORT_NAME, Details
from catalogue.organisations.inviting import LONGEST_EMAIL
from catalogue.organisations.requests import LONGEST_TEXT
from catalogue.places.models import Province
from catalogue.web.forms import SheetForm

_WHAT_ROLES_MAY = {
    Role.OWNER: _("Chủ quản: mời người, giao vai trò, sửa thông tin tổ chức, và mọi việc của biên tập"),
    Role.EDITOR: _("Biên tập: viết và sửa sản phẩm, bài toán của tổ chức"),
    Role.VIEWER: _("Người xem: chỉ đọc những gì tổ chức đang soạn"),
}
_NOTHING = ("", _("Chọn một mục"))


class DetailsForm(SheetForm):
    """What an organisation says of itself; of a vendor more than of an agency."""

    name = forms.CharField(
        label=_("Tên đầy đủ"), max_length=LONGEST_NAME, help_text=_("Như trên giấy đăng ký hoặc quyết định thành lập.")
    )
    short_name = forms.CharField(
        label=_("Tên gọi"),
        max_length=LONGEST_SHORT_NAME,
        required=False,
        help_text=_("Tên ngắn mọi người hay dùng. Để trống thì lấy tên đầy đủ."),
    )
    legal_form = forms.ChoiceField(
        label=_("Hình thức pháp lý"),
        choices=[_NOTHING, *LegalForm.choices],
        error_messages={"required": _("Hãy chọn hình thức pháp lý.")},
    )
    tax_code = forms.CharField(
        label=_("Mã số thuế"),
        max_length=30,
        required=False,
        help_text=_(
            "Bắt buộc với doanh nghiệp, hộ kinh doanh. 10 số; 13 số với chi nhánh; 12 số với hộ kinh doanh, "
            "mã 12 số chỉ chủ quản và người vận hành thấy."
        ),
    )
    firm_type = forms.ChoiceField(
        label=_("Loại doanh nghiệp số"), choices=[_NOTHING, *FirmType.choices], required=False
    )
    firm_size = forms.ChoiceField(
        label=_("Quy mô doanh nghiệp"),
        choices=[_NOTHING, *FirmSize.choices],
        required=False,
        help_text=_(
            "Tự khai theo Điều 5 Nghị định 80/2021/NĐ-CP; trên mức vừa là lớn. Được công bố; cho biết bao nhiêu doanh nghiệp "
            "mỗi cỡ trả lời một bài toán."
        ),
    )
    province = forms.ChoiceField(
        label=_("Tỉnh, thành phố"), required=False, help_text=_("Theo 34 đơn vị từ ngày 01/07/2025.")
    )
    website = forms.CharField(label=_("Trang web"), max_length=LONGEST_ADDRESS, required=False)

    def __init__(self, kind: str, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        if organisation:
            kwargs["initial"] = {
                **{
                    name: getattr(organisation, name)
                    for name in ("name", "short_name", "legal_form", "firm_type", "firm_size")
                },
                "tax_code": organisation.tax_code or "",
                "province": organisation.province_id or "",
                "website": organisation.website,
            }
        super().__init__(*args, **kwargs)
        self.fields["province"].choices = [  # type: ignore[attr-defined]
            _NOTHING,
            *Province.objects.order_by("name").values_list("code", "name"),
        ]
        self.fields["tax_code"].sometimes_required = kind == OrganisationKind.VENDOR  # type: ignore[attr-defined]
        if kind != OrganisationKind.VENDOR:
            del self.fields["legal_form"], self.fields["firm_type"], self.fields["firm_size"]
            self.fields["tax_code"].help_text = _("10 hoặc 13 số, nếu có.")
        if organisation and organisation.tax_code:
            self._fix("tax_code")
        if organisation and organisation.is_active and kind != OrganisationKind.VENDOR:
            self._fix("name")

    def _fix(self, name: str) -> None:
        self.fields[name].disabled = True
        self.fields[name].help_text = _("Muốn đổi, hãy liên hệ người vận hành.")

    def details(self) -> Details:
        return Details(**self.cleaned_data)


class InviteForm(SheetForm):
    email = forms.CharField(
        label=_("Thư điện tử người được mời"),
        max_length=LONGEST_EMAIL,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("Người này phải đăng nhập bằng đúng địa chỉ đó. Lời mời có hạn 14 ngày."),
    )
    role = forms.ChoiceField(
        label=_("Vai trò"), choices=list(_WHAT_ROLES_MAY.items()), widget=forms.RadioSelect, initial=Role.EDITOR
    )


class RoleForm(SheetForm):
    role = forms.ChoiceField(label=_("Vai trò"), choices=list(_WHAT_ROLES_MAY.items()), widget=forms.RadioSelect)


class ReasonForm(SheetForm):
    reason = forms.CharField(
        label=_("Lý do từ chối"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        help_text=_("Người gửi đọc được, để biết phải làm gì tiếp."),
        error_messages={"required": _("Hãy viết lý do, để người gửi biết phải làm gì tiếp.")},
    )


class AskForm(SheetForm):
    message = forms.CharField(
        label=_("Lời nhắn cho chủ quản"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea,
        help_text=_("Bạn là ai, làm ở bộ phận nào. Chỉ chủ quản của tổ chức đọc được."),
    )


class AskByTaxCodeForm(AskForm):
    tax_code = forms.CharField(
        label=_("Mã số thuế của tổ chức"), max_length=30, help_text=_("10 số, hoặc 13 số với chi nhánh.")
    )
    field_order = ("tax_code", "message")


class ClaimForm(SheetForm):
    position = forms.CharField(label=_("Chức vụ của bạn"), max_length=LONGEST_POSITION)
    proof = forms.CharField(
        label=_("Vì sao bạn có quyền quản lý trang này"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        help_text=_(
            "Ví dụ: số quyết định bổ nhiệm, giấy ủy quyền, thư điện tử theo tên miền của tổ chức. "
            "Chỉ người vận hành đọc được. Đừng ghi số giấy tờ tùy thân."
        ),
    )
    link = forms.CharField(
        label=_("Trang công khai nêu điều đó"),
        max_length=500,
        required=False,
        help_text=_("Ví dụ trang giới thiệu lãnh đạo của tổ chức."),
    )
    # Last, so that everything else has come in when an upload is broken off. The view takes it in.
    file = forms.FileField(
        label=_("Giấy tờ cho thấy điều đó"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.docx"}),
        help_text=_(
            "Ví dụ quyết định bổ nhiệm, giấy ủy quyền: PDF, PNG, JPEG hoặc DOCX, nhiều nhất 10 MB. "
            "Chỉ bạn và người vận hành mở được. Đừng gửi giấy tờ tùy thân."
        ),
    )

    def said(self) -> dict[str, str]:
        """Return what was typed."""
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}
