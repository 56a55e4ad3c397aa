"""Addresses of an account. The flows are allauth's views under its own names, which it looks up; the rest is ours."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from django.urls import path, re_path

from . import account_data, account_tokens, accounts, identity

urlpatterns = [
    path("", accounts.home, name="account"),
    path("ho-so/", accounts.profile, name="account-profile"),
    path("dang-nhap/", account.login, name="account_login"),
    path("dang-xuat/", account.logout, name="account_logout"),
    path("dang-ky/", account.signup, name="account_signup"),
    path("tam-ngung/", account.account_inactive, name="account_inactive"),
    path("da-khoa/", accounts.locked, name="account_locked"),
    path("xac-nhan-lai/", account.reauthenticate, name="account_reauthenticate"),
    # E-mail
    path("thu-dien-tu/", account.email, name="account_email"),
    path("xac-nhan-thu/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^xac-nhan-thu/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"),
    # Password
    path("mat-khau/doi/", account.password_change, name="account_change_password"),
    path("mat-khau/dat/", account.password_set, name="account_set_password"),
    path("mat-khau/quen/", account.password_reset, name="account_reset_password"),
    path("mat-khau/quen/da-gui/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mat-khau/quen/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("mat-khau/quen/xong/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    # The second factor
    path("bao-mat/", mfa.index, name="mfa_index"),
    path("bao-mat/xac-thuc/", mfa.authenticate, name="mfa_authenticate"),
    path("bao-mat/xac-thuc-lai/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("bao-mat/ung-dung/them/", totp.activate_totp, name="mfa_activate_totp"),
    path("bao-mat/ung-dung/go/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("bao-mat/ma-du-phong/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("bao-mat/ma-du-phong/tao/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("bao-mat/ma-du-phong/tai-ve/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("bao-mat/khoa/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("bao-mat/khoa/them/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("bao-mat/khoa/xac-thuc-lai/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("bao-mat/khoa/dang-nhap/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("bao-mat/khoa/<int:pk>/go/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("bao-mat/khoa/<int:pk>/ten/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    # The identity provider
    path("lien-ket/", social.connections, name="socialaccount_connections"),
    path("lien-ket/dang-ky/", social.signup, name="socialaccount_signup"),
    path("lien-ket/da-huy/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("lien-ket/khong-duoc/", social.login_error, name="socialaccount_login_error"),
    path("lien-ket/<slug:provider_id>/", identity.start, name="openid_connect_login"),
    # Sessions, own data, tokens
    path("phien/", accounts.sessions, name="account-sessions"),
    path("phien/ket-thuc/", accounts.end_session, name="account-session-end"),
    path("du-lieu/", account_data.data, name="account-data"),
    path("du-lieu/tai-ve/", account_data.export, name="account-data-export"),
    path("du-lieu/xoa/", account_data.delete, name="account-delete"),
    path("du-lieu/da-yeu-cau-xoa/", account_data.deletion_asked, name="account-deletion-asked"),
    path("ma-truy-cap/", account_tokens.tokens, name="account-tokens"),
    path("ma-truy-cap/thu-hoi/", account_tokens.revoke, name="account-token-revoke"),
]

# The provider knows one address to come back to, whatever language is read.
without_language = [
    path("tai-khoan/lien-ket/<slug:provider_id>/tro-ve/", identity.back, name="openid_connect_callback")
]
