"""What a mail looks like: both parts, both languages, nothing fetched, and the way out."""

import datetime
import re
from email import message_from_bytes, policy

import pytest
from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.test import override_settings
from django.utils import translation

from catalogue.notifications.kinds import KINDS, Group, Pace, paces_of
from catalogue.notifications.mails import compose
from catalogue.notifications.models import Notice
from catalogue.notifications.send import notify
from catalogue.vetting import news
from tests.support.factories import UserFactory

# An example of what each kind is told with. A new kind needs one here.
EXAMPLES = {
    "digest": {},
    "organisation_invited": {
        "name": "Sao Bắc",
        "role": "editor",
        "inviter": "Trần Lan",
        "token": "1.a:b",
        "expires_at": "2026-12-09T03:00:00+00:00",
    },
    "join_asked": {"name": "Sao Bắc", "key": "sao-bac"},
    "request_answered": {"what": "claim", "name": "Sao Bắc", "key": "sao-bac", "reason": ""},
    "membership_changed": {"what": "changed", "name": "Sao Bắc", "key": "sao-bac", "role": "owner"},
    "vetting_news": {
        "what": "ask",
        "name": "Họp Việt",
        "vendor": "sao-bac",
        "product": "hop-viet",
        "due_on": "2026-12-09",
        "until_on": None,
        "reason": "",
    },
    "proposal_news": {
        "what": "decided",
        "title": "Họp không giấy",
        "slug": "hop-khong-giay-7k3qz9",
        "vendor": "sao-bac",
        "reason": "",
        "days": 0,
    },
    "proposal_work": {
        "what": "asked",
        "title": "Họp không giấy",
        "slug": "hop-khong-giay-7k3qz9",
        "vendor": "",
        "reason": "",
        "days": 0,
    },
    "vetting_work": {"what": "submit", "name": "Họp Việt", "due_on": None, "reason": ""},
    "challenge_news": {
        "what": "upheld",
        "name": "Họp Việt",
        "product": "hop-viet",
        "link": "1:a:b",
        "due_on": "2026-12-25",
        "reason": "",
    },
    "appeal_news": {"what": "upheld", "name": "Họp Việt", "vendor": "sao-bac", "product": "hop-viet", "reason": ""},
    "problem_news": {
        "what": "returned",
        "name": "Họp không giấy ở phường",
        "agency": "so-y-te",
        "slug": "hop-khong-giay-7k3qz9",
        "reason": "Chưa nêu con số.",
    },
    "problem_to_moderate": {
        "name": "Họp không giấy ở phường",
        "agency": "so-y-te",
        "slug": "hop-khong-giay-7k3qz9",
    },
    "problem_fits": {
        "title": "Họp không giấy ở phường",
        "slug": "hop-khong-giay-7k3qz9",
        "product": "HọpViệt",
        "why": ["In hàng nghìn trang tài liệu cho mỗi kỳ họp."],
        "missed": ["Dùng được khi mất mạng."],
    },
    "search_found": {
        "title": "Họp không giấy ở phường",
        "slug": "hop-khong-giay-7k3qz9",
        "search": "họp · Họp trực tuyến",
        "vendor": "sao-bac",
    },
    "decision_asked": {"what": "claim", "name": "Sao Bắc"},
    "mistake_reported": {"platform": "hopviet", "name": "<b>Họp</b> & Việt", "what": "Giá"},
}


def written(kind: str, to="ngoai@example.vn", language="vi") -> Notice:
    return notify(kind, to=to, language=language, **EXAMPLES[kind])


def parts(notice: Notice) -> tuple[object, str, str]:
    """Return the mail as it reaches its reader, its text and its HTML."""
    message = message_from_bytes(compose(notice).message().as_bytes(), policy=policy.default)
    for name in set(message.keys()):  # a long header is folded after its name, and Python keeps that space
        message.replace_header(name, message[name].strip())
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    return message, text, html


def test_every_kind_has_an_example():
    assert set(EXAMPLES) == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("ending", ["txt", "html"])
def test_every_kind_has_both_templates(kind, ending):
    try:
        get_template(f"emails/{kind}.{ending}")
    except TemplateDoesNotExist:
        pytest.fail(f"templates/emails/{kind}.{ending} is missing")


def test_every_template_of_a_mail_belongs_to_a_kind():
    names = {path.stem for path in (settings.BASE_DIR / "templates" / "emails").iterdir() if path.is_file()}

    assert names == set(KINDS) | {"base", "part"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_speaks_both_languages_in_both_parts(db, kind):
    vietnamese, english = (parts(written(kind, language=language)) for language in ("vi", "en"))

    for (message, text, html), language in ((vietnamese, "vi"), (english, "en")):
        assert f'<html lang="{language}">' in html
        assert message["Subject"] in html.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        assert text.strip()
    assert vietnamese[0]["Subject"] != english[0]["Subject"]
    assert vietnamese[1] != english[1]
    assert "Kính gửi Anh/Chị," in vietnamese[1]
    assert "Hello," in english[1]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_mail_fetches_nothing(db, kind):
    _, _, html = parts(written(kind))

    assert re.findall(r"<(?:img|link|script|style|iframe)|url\(|src=", html) == []
    assert html.count("<h1") == 1


def test_what_people_wrote_is_escaped_in_the_html_and_as_it_is_in_the_text(db):
    message, text, html = parts(written("mistake_reported"))

    assert message["Subject"] == "Có báo cáo sai sót: <b>Họp</b> & Việt"
    assert "<b>Họp</b> & Việt" in text
    assert "<b>" not in html
    assert "&lt;b&gt;Họp&lt;/b&gt; &amp; Việt" in html


def test_a_line_end_in_a_name_adds_no_header(db):
    notice = notify("mistake_reported", to="ngoai@example.vn", platform="x", name="A\nBcc: b@example.vn", what="Giá")

    message, _, _ = parts(notice)

    assert message["Bcc"] is None
    assert message["Subject"] == "Có báo cáo sai sót: A"


@override_settings(SITE_URL="https://nentang.example.vn", MAIL_FROM="Nền tảng Việt <thu@nentang.example.vn>")
def test_links_lead_to_pages_in_the_readers_language(db):
    _, text, html = parts(written("mistake_reported", to=UserFactory(language="en")))

    assert "https://nentang.example.vn/en/nen-tang/hopviet/" in text
    assert 'href="https://nentang.example.vn/en/nen-tang/hopviet/"' in html
    assert "https://nentang.example.vn/en/tai-khoan/thong-bao/" in text


@override_settings(MAIL_FROM="Nền tảng Việt <thu@nentang.example.vn>")
def test_the_message_id_is_the_notices_and_stays_the_same(db):
    notice = written("mistake_reported")

    assert [compose(notice).message()["Message-ID"] for _ in range(2)] == [f"<{notice.pk}@nentang.example.vn>"] * 2


def test_an_account_is_written_to_in_its_own_language_of_today(db):
    reader = UserFactory(language="vi")
    notice = written("mistake_reported", to=reader)
    reader.language = "en"
    reader.save()

    assert parts(Notice.objects.get(pk=notice.pk))[0]["Subject"].startswith("Mistake reported")


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"digest"}))
def test_only_what_may_be_switched_off_says_how(db, kind):
    message, text, _ = parts(written(kind, to=UserFactory()))

    if KINDS[kind].may_switch_off:
        address = message["List-Unsubscribe"].strip("<>")
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert address.startswith(settings.SITE_URL)
        assert address in text
    else:
        assert message["List-Unsubscribe"] is None


def test_an_address_without_an_account_has_nothing_to_choose(db):
    message, text, _ = parts(written("mistake_reported"))

    assert message["List-Unsubscribe"] is None
    assert "tai-khoan" not in text


def test_times_and_dates_reach_the_templates_as_such():
    from catalogue.notifications.mails import _thawed

    thawed = _thawed({"due_at": "2026-11-26T08:00:00+07:00", "until_on": "2026-12-31", "name": "2026-12-31"})

    assert thawed["due_at"].utcoffset() == datetime.timedelta(hours=7)
    assert thawed["until_on"] == datetime.date(2026, 12, 31)
    assert thawed["name"] == "2026-12-31"


def test_a_kind_takes_only_the_paces_it_allows():
    kind = KINDS["digest"]

    assert {kind.pace(pace) for pace in Pace} == {Pace.IMMEDIATE}
    assert [KINDS["mistake_reported"].pace(pace) for pace in Pace] == list(Pace)
    assert paces_of(Group.ACCOUNT) == [Pace.IMMEDIATE]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("kind", "what"),
    [
        *(("vetting_news", str(action)) for action in news.TOLD_TO_VENDOR),
        ("vetting_news", "warn"),
        ("vetting_news", "ending"),
        *(("vetting_work", str(action)) for action in news.TOLD_TO_REVIEWERS | news.TOLD_TO_HOLDER),
        *(("vetting_work", what) for what in ("late", "challenge", "appeal")),
        *(("challenge_news", what) for what in ("upheld", "dismissed", "appeal_upheld", "appeal_dismissed")),
        *(("appeal_news", what) for what in ("upheld", "dismissed")),
        *(("proposal_news", what) for what in ("answered", "amended", "withdrawn", "decided", "ended")),
        *(("proposal_work", what) for what in ("asked", "silent")),
    ],
)
def test_whatever_happens_in_vetting_is_said_in_a_sentence(kind, what, language):
    said = {
        "what": what,
        "name": "Họp Việt",
        "title": "Họp Việt",
        "days": 8,
        "due_on": datetime.date(2026, 12, 9),
        "until_on": datetime.date(2027, 12, 9),
    }
    with translation.override(language):
        sentence = render_to_string(f"emails/sentences/{kind}.txt", said).strip()

    assert "Họp Việt" in sentence
    assert sentence.endswith(".")
