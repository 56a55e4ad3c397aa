"""People in the admin, and the way in to it: signing in to the admin is signing in to the site."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .accounts.models import User
from .accounts.sessions import end_sessions
from .admin_parts import asked_first

# What proves who somebody is belongs to that person; providers are named by the environment alone.
for model in (Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken, UserSession):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


def sign_in(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """Send to the site's own sign-in, the only one: a form here would ask for a password and nothing else."""
    if admin.site.has_permission(request):
        return HttpResponseRedirect(reverse("admin:index"))
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"), resolve_url("account_login"))


def change_password(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    return HttpResponseRedirect(reverse("account_change_password"))


admin.site.login = sign_in  # type: ignore[method-assign]
admin.site.password_change = change_password  # type: ignore[method-assign, assignment]


_MOMENTS = ("last_login", "date_joined", "idle_warned_at", "locked_at", "deletion_asked_at", "erased_at")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ("email", "full_name", "is_staff", "last_login", "locked_at", "deletion_asked_at")
    search_fields = ("email", "full_name")
    ordering = ("email",)
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Cá nhân"), {"fields": ("full_name", "language")}),
        (_("Quyền"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Mốc thời gian"), {"fields": _MOMENTS}),
    )
    readonly_fields = _MOMENTS
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "password1", "password2")}),)
    actions = ("reset_second_factor",)

    @admin.action(description=_("Gỡ bước xác thực thứ hai"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, rows: QuerySet[User]) -> HttpResponse | None:
        return asked_first(
            self,
            request,
            rows,
            title=gettext("Gỡ bước xác thực thứ hai?"),
            consequence=gettext(
                "Chỉ làm khi đã chắc người yêu cầu là chủ tài khoản. Khóa bảo mật, ứng dụng xác thực và mã dự phòng của họ "
                "bị gỡ, mọi phiên đăng nhập kết thúc; lần sau họ phải thiết lập lại."
            ),
            action="reset_second_factor",
            change=_reset_second_factor,
        )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """An address is changed by its owner, who proves the new one."""
        return (*self.readonly_fields, *(("email",) if obj else ()))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody brings back who was erased."""
        return super().has_change_permission(request, obj) and not (obj and obj.erased_at)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """People leave by asking for it (catalogue/accounts/deletion.py): what they decided keeps an author."""
        return False


def _reset_second_factor(user: User) -> str:
    removed, _rows = Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    return gettext("Đã gỡ bước xác thực thứ hai") if removed else ""
