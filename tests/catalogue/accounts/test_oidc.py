"""Signing in with a national identity provider: the whole code flow, against a real server on this machine."""

import base64
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from werkzeug.serving import make_server
from werkzeug.wrappers import Request

from catalogue.accounts.models import User
from config import env
from tests.support.factories import PASSWORD, confirmed

from .conftest import SIGN_IN

# The server warns of its own library, in its own threads.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]
START = "/tai-khoan/lien-ket/oidc/"


@dataclass
class Provider:
    """A running OpenID Connect server, and what it was asked at its token endpoint."""

    url: str
    tokens_asked: list[dict[str, str]] = field(default_factory=list)

    def knows(self, sub: str, **claims: object) -> None:
        requests.put(f"{self.url}/users/{sub}", json=claims, timeout=5).raise_for_status()

    def answer(self, address: str, sub: str, action: str = "") -> str:
        """Let somebody agree, or not, on the provider's page; return where their browser is sent."""
        form = {"action": action} if action else {"sub": sub}
        answer = requests.post(address, data=form, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]


@pytest.fixture
def provider(settings, monkeypatch) -> Iterator[Provider]:
    inner = oidc_provider_mock.app()
    running = Provider("")

    def listening(environ, start_response):
        if environ["PATH_INFO"] == "/oauth2/token":
            request = Request(environ, populate_request=False)
            body = request.get_data(cache=False)
            running.tokens_asked.append({key: values[0] for key, values in parse_qs(body.decode()).items()})
            environ["wsgi.input"] = io.BytesIO(body)
        return inner(environ, start_response)

    server = make_server("localhost", 0, listening, threaded=True)
    running.url = f"http://localhost:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    monkeypatch.setenv("OIDC_ISSUER", running.url)
    monkeypatch.setenv("OIDC_CLIENT_ID", "nen-tang-viet")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "bi-mat")
    monkeypatch.setenv("OIDC_NAME", "Định danh quốc gia")
    settings.SOCIALACCOUNT_PROVIDERS = env.identity_provider()
    yield running
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.fixture
def arrive(client: Client, provider: Provider) -> Callable[..., Client]:
    """Go to the provider and come back as somebody it knows."""

    def arrived(sub: str, browser: Client = client, query: str = ""):
        there = browser.post(START + query)
        assert there.status_code == 302, there.content
        back = urlsplit(provider.answer(there.url, sub))
        return browser.get(f"{back.path}?{back.query}")

    return arrived


def test_somebody_new_is_known_by_what_the_provider_confirmed(client, provider, arrive):
    provider.knows("079001", email="lan@example.vn", email_verified=True, name="Trần Thị Lan", address="Hà Nội")
    assert "Đăng nhập bằng Định danh quốc gia" in client.get(SIGN_IN).content.decode()

    answer = arrive("079001")

    assert answer.url == "/tai-khoan/"
    user = User.objects.get()
    assert (user.email, user.full_name) == ("lan@example.vn", "Trần Thị Lan")
    assert EmailAddress.objects.get().verified
    assert not user.has_usable_password()
    assert client.get("/tai-khoan/").status_code == 200
    kept = SocialAccount.objects.get().extra_data
    assert "Hà Nội" not in str(kept)


def test_the_code_is_bound_to_this_browser(client, provider, arrive):
    provider.knows("079001", email="lan@example.vn", email_verified=True)
    there = client.post(START)
    asked = parse_qs(urlsplit(there.url).query)
    back = urlsplit(provider.answer(there.url, "079001"))
    client.get(f"{back.path}?{back.query}")

    sent = provider.tokens_asked[0]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=").decode()
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["code_challenge"] == [challenge]
    assert asked["redirect_uri"] == ["http://testserver/tai-khoan/lien-ket/oidc/tro-ve/"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert sent["grant_type"] == "authorization_code"


def test_a_code_brought_by_another_browser_signs_nobody_in(client, provider):
    provider.knows("079001", email="lan@example.vn", email_verified=True)
    back = urlsplit(provider.answer(client.post(START).url, "079001"))
    victim = Client()

    answer = victim.get(f"{back.path}?{back.query}")

    assert "Không đăng nhập được" in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("claim", [False, "false", "true", 1, None])
def test_an_address_the_provider_has_not_confirmed_is_confirmed_by_mail(client, provider, arrive, claim):
    provider.knows("079001", email="lan@example.vn", **({} if claim is None else {"email_verified": claim}))

    answer = arrive("079001")

    assert answer.url == "/tai-khoan/xac-nhan-thu/"
    assert client.get("/tai-khoan/").status_code == 302
    assert not EmailAddress.objects.get().verified
    assert mail.outbox[0].to == ["lan@example.vn"]


def test_nobody_takes_an_account_over_by_its_address(client, provider, arrive):
    owner = confirmed(email="lan@example.vn")
    provider.knows("666", email="lan@example.vn", email_verified=True)

    arrive("666")

    assert client.get("/tai-khoan/").status_code == 302
    assert not SocialAccount.objects.exists()
    assert mail.outbox[0].subject == "Địa chỉ này đã có tài khoản"
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)


def test_an_account_is_tied_from_inside_it_and_then_opens_by_the_provider(proved, provider, arrive):
    owner = confirmed(email="lan@example.vn")
    provider.knows("079001", email="khac@example.vn", email_verified=True)
    browser = proved(owner)

    answer = arrive("079001", browser, "?process=connect")

    assert answer.url == "/tai-khoan/lien-ket/"
    assert SocialAccount.objects.get().user == owner
    other = Client()
    assert arrive("079001", other).url == "/tai-khoan/"
    assert int(other.session["_auth_user_id"]) == owner.pk


def test_tying_needs_the_password_once_more(sign_in, provider, arrive):
    provider.knows("079001", email="khac@example.vn", email_verified=True)

    answer = arrive("079001", sign_in(confirmed()), "?process=connect")

    assert answer.url.startswith("/tai-khoan/xac-nhan-lai/")
    assert not SocialAccount.objects.exists()


def test_an_identity_belongs_to_one_account(proved, provider, arrive):
    provider.knows("079001", email="khac@example.vn", email_verified=True)
    first = confirmed()
    SocialAccount.objects.create(user=first, provider="oidc", uid="079001")

    arrive("079001", proved(confirmed(), Client()), "?process=connect")

    assert SocialAccount.objects.get().user == first


def test_staff_pass_the_second_step_here_too(client, provider, arrive):
    operator = confirmed(is_staff=True)
    SocialAccount.objects.create(user=operator, provider="oidc", uid="079001")
    provider.knows("079001", email=operator.email, email_verified=True)

    assert arrive("079001").url == "/tai-khoan/bao-mat/xac-thuc/"
    assert client.get("/quan-tri/").status_code == 302


def test_who_turns_back_is_told_so(client, provider):
    there = client.post(START).url
    back = urlsplit(provider.answer(there, "", action="deny"))
    state = parse_qs(urlsplit(there).query)["state"][
        0
    ]  # this server forgets to bring it back, as RFC 6749 4.1.2.1 has it

    page = client.get(f"{back.path}?{back.query}&state={state}", follow=True).content.decode()

    assert "Bạn đã dừng đăng nhập" in page


def test_a_provider_that_is_away_is_no_error_of_ours(client, provider, settings):
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://localhost:9"

    answer = client.post(START)

    assert answer.status_code == 503
    assert "Không đăng nhập được" in answer.content.decode()


def test_reading_on_in_english(client, provider, arrive):
    provider.knows("079001", email="lan@example.vn", email_verified=True)

    assert arrive("079001", client, "?next=/en/nen-tang/").url == "/en/nen-tang/"


def test_without_a_provider_there_is_no_button_and_no_address(client, db):
    assert "lien-ket/oidc" not in client.get(SIGN_IN).content.decode()
    assert client.post(START).status_code == 404
