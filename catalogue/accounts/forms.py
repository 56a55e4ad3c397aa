"""What people are asked about themselves."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .models import User


class SignupForm(forms.Form):
    """What registering asks besides address and password; allauth builds its form on this one."""

    full_name = forms.CharField(
        label=_("Họ và tên"),
        max_length=150,
        help_text=_("Để người cùng tổ chức nhận ra bạn. Không hiện trên trang công khai."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("full_name", "email", "password1", "password2")

    def signup(self, request: HttpRequest, user: User) -> None:
        user.full_name = self.cleaned_data["full_name"]
        user.language = get_language() or user.language
        user.save(update_fields=["full_name", "language"])


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("full_name", "language")
        widgets = {"full_name": forms.TextInput(attrs={"autocomplete": "name"})}
        help_texts = {
            "full_name": _("Để người cùng tổ chức nhận ra bạn. Không hiện trên trang công khai."),
            "language": _("Thư gửi cho bạn sẽ viết bằng ngôn ngữ này."),
        }
