"""From the outbox to the mail server: taken by one, tried again, given up, bundled."""

import datetime

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from catalogue.notifications import delivery, outbox
from catalogue.notifications.delivery import KEPT, MOST_ATTEMPTS, bundle, deliver, forget_old, settle_left, sweep
from catalogue.notifications.kinds import Group, Pace
from catalogue.notifications.models import Notice, NoticeChoice
from catalogue.notifications.outbox import LEASE, Outcome, PostmanGone
from catalogue.notifications.postman import ACCEPTED, LATER, REFUSED
from catalogue.notifications.send import notify
from catalogue.notifications.states import MOVES, State
from tests.support.factories import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 26, 3, tzinfo=datetime.UTC)
FACTS = {"platform": "hopviet", "name": "HọpViệt", "what": "Giá"}


class Answering:
    """A mail server that gives one answer; a real outbox in all else."""

    name = "here/now"

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def hand_over(self, key, message):
        return self.outcome


@pytest.fixture
def answering(monkeypatch):
    def answer(what: str, detail: str = "") -> None:
        monkeypatch.setattr(outbox, "at_hand", lambda: Answering(Outcome(what, detail)))

    return answer


@pytest.fixture
def notice():
    return notify("mistake_reported", to=UserFactory(), at=NOW, **FACTS)


def test_a_notice_is_sent_once_however_often_it_is_delivered(notice):
    for _ in range(3):
        deliver(notice.pk, now=NOW)

    notice.refresh_from_db()
    assert len(mail.outbox) == 1
    assert (notice.state, notice.sent_at, notice.lease_until, notice.attempts) == (State.SENT, NOW, None, 1)


def test_what_is_not_due_waits(notice):
    deliver(notice.pk, now=NOW - datetime.timedelta(seconds=1))

    assert mail.outbox == []


@pytest.mark.parametrize("state", sorted(set(State) - {State.WAITING}))
def test_only_what_waits_is_taken(notice, state):
    Notice.objects.filter(pk=notice.pk).update(state=state, lease_until=NOW, sent_at=NOW, bundle=notice)

    deliver(notice.pk, now=NOW)

    assert mail.outbox == []


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("target", State)
def test_a_notice_takes_only_legal_steps(notice, state, target):
    rows = Notice.objects.filter(pk=notice.pk)
    rows.update(state=state, lease_until=NOW, sent_at=NOW, bundle=notice)

    moved = rows.move(target)

    assert moved == (target in MOVES[state])
    assert rows.get().state == (target if moved else state)


def test_a_mail_server_that_is_away_is_tried_again_with_longer_pauses(notice, answering):
    answering(LATER, "451 try again")
    now, pauses = NOW, []
    for _ in range(MOST_ATTEMPTS - 1):
        deliver(notice.pk, now=now)
        notice.refresh_from_db()
        assert (notice.state, notice.failure) == (State.WAITING, "451 try again")
        pauses.append(notice.due_at - now)
        now = notice.due_at

    assert pauses == sorted(pauses)
    assert pauses[0] == datetime.timedelta(minutes=1)
    assert datetime.timedelta(days=1) < sum(pauses, datetime.timedelta()) < datetime.timedelta(days=4)
    deliver(notice.pk, now=now)
    notice.refresh_from_db()
    assert notice.state == State.FAILED


def test_what_the_mail_server_refuses_is_not_tried_again(notice, answering):
    answering(REFUSED, "550 no such mailbox")

    deliver(notice.pk, now=NOW)

    notice.refresh_from_db()
    assert (notice.state, notice.failure) == (State.FAILED, "550 no such mailbox")


def test_a_mail_that_cannot_be_made_is_given_back_and_said(db):
    notice = notify("mistake_reported", to=UserFactory(), at=NOW, name="ohne slug")

    with pytest.raises(Exception, match="platform"):
        deliver(notice.pk, now=NOW)

    notice.refresh_from_db()
    assert notice.state == State.WAITING
    assert notice.due_at > NOW


@pytest.mark.parametrize("change", [{"is_active": False}, {}])
def test_who_left_or_switched_it_off_meanwhile_gets_nothing(notice, change):
    type(notice.user).objects.filter(pk=notice.user.pk).update(is_active=change.get("is_active", True))
    if not change:
        NoticeChoice.objects.choose(notice.user, {Group.OPERATIONS: Pace.OFF})

    deliver(notice.pk, now=NOW)

    notice.refresh_from_db()
    assert notice.state == State.WITHHELD
    assert mail.outbox == []


def test_a_worker_that_never_came_back_loses_its_lease(notice):
    Notice.objects.filter(pk=notice.pk).move(State.SENDING, sender="elsewhere/x", lease_until=NOW + LEASE, attempts=1)

    settle_left(NOW + LEASE)
    assert Notice.objects.get().state == State.SENDING
    settle_left(NOW + LEASE + datetime.timedelta(seconds=1))

    assert Notice.objects.get().state == State.WAITING


def test_a_worker_of_this_machine_that_is_gone_is_known_at_once(notice):
    sender = f"{outbox.machine(outbox.folder())}/gone"
    Notice.objects.filter(pk=notice.pk).move(State.SENDING, sender=sender, lease_until=NOW + LEASE, attempts=1)

    assert sweep(now=NOW) == [notice.pk]


def test_what_a_journal_says_was_taken_is_sent_and_not_sent_again(notice):
    folder = outbox.folder()
    sender = f"{outbox.machine(folder)}/abc"
    Notice.objects.filter(pk=notice.pk).move(State.SENDING, sender=sender, lease_until=NOW + LEASE, attempts=1)
    journal = folder / "abc.journal"
    journal.write_text(f"{notice.pk} {NOW.timestamp()}\n{notice.pk} 17")  # the second line was never finished

    assert sweep(now=NOW) == []

    notice.refresh_from_db()
    assert (notice.state, notice.sent_at) == (State.SENT, NOW)
    assert not journal.exists()


def test_a_postman_that_dies_is_asked_by_its_journal(notice, monkeypatch):
    class Dying(Answering):
        def hand_over(self, key, message):
            raise PostmanGone

    monkeypatch.setattr(outbox, "at_hand", lambda: Dying(Outcome(ACCEPTED)))
    monkeypatch.setattr(Dying, "name", f"{outbox.machine(outbox.folder())}/dying")

    deliver(notice.pk, now=NOW)

    assert Notice.objects.get().state == State.WAITING


class TestTheDailyMail:
    @pytest.fixture
    def reader(self):
        reader = UserFactory()
        NoticeChoice.objects.choose(reader, {Group.OPERATIONS: Pace.DAILY})
        return reader

    @pytest.fixture
    def morning(self):
        return datetime.datetime(2026, 11, 27, 1, tzinfo=datetime.UTC)  # eight in Hà Nội

    def tell(self, reader, n, at=NOW):
        return notify("mistake_reported", to=reader, about=f"mistake:{n}", at=at, **{**FACTS, "name": f"Sản phẩm {n}"})

    def test_is_one_with_everything_in_it(self, reader, morning):
        rows = [self.tell(reader, n) for n in range(3)]
        assert sweep(now=morning - datetime.timedelta(minutes=1)) == []

        for _ in range(2):
            for pk in sweep(now=morning):
                deliver(pk, now=morning)

        assert len(mail.outbox) == 1
        assert mail.outbox[0].subject == "3 thông báo trong ngày"
        assert all(f"Sản phẩm {n}" in mail.outbox[0].body for n in range(3))
        assert mail.outbox[0].alternatives[0][0].count("<h2") == 3
        assert {row.state for row in Notice.objects.filter(pk__in=[row.pk for row in rows])} == {State.BUNDLED}

    def test_is_one_a_person(self, reader, morning):
        other = UserFactory()
        NoticeChoice.objects.choose(other, {Group.OPERATIONS: Pace.DAILY})
        self.tell(reader, 1)
        self.tell(other, 1)

        for pk in sweep(now=morning):
            deliver(pk, now=morning)

        assert sorted(message.to[0] for message in mail.outbox) == sorted([reader.email, other.email])

    def test_escapes_in_its_html_what_people_wrote(self, reader, morning):
        notify("mistake_reported", to=reader, at=NOW, **{**FACTS, "name": "<b>Họp</b> & Việt"})

        for pk in sweep(now=morning):
            deliver(pk, now=morning)

        html = mail.outbox[0].alternatives[0][0]
        assert "<b>" not in html
        assert html.count("&lt;b&gt;Họp&lt;/b&gt; &amp; Việt") == 2
        assert "<b>Họp</b> & Việt" in mail.outbox[0].body

    def test_says_how_to_stop_it(self, reader, morning):
        self.tell(reader, 1)

        for pk in sweep(now=morning):
            deliver(pk, now=morning)

        assert "List-Unsubscribe" in mail.outbox[0].extra_headers

    def test_takes_in_nothing_once_it_is_on_its_way(self, reader, morning):
        self.tell(reader, 1)
        for pk in sweep(now=morning):
            deliver(pk, now=morning)
        late = self.tell(reader, 2)  # written late, due at the same hour

        assert sweep(now=morning) == []
        tomorrow = morning + datetime.timedelta(days=1)
        for pk in sweep(now=tomorrow):
            deliver(pk, now=tomorrow)

        assert len(mail.outbox) == 2
        assert "Sản phẩm 2" in mail.outbox[1].body
        late.refresh_from_db()
        assert late.bundle.about == "2026-11-28"

    def test_leaves_out_what_was_switched_off_meanwhile(self, reader, morning):
        row = self.tell(reader, 1)
        NoticeChoice.objects.choose(reader, {Group.OPERATIONS: Pace.OFF})

        bundle(morning)

        row.refresh_from_db()
        assert row.state == State.WITHHELD
        assert not Notice.objects.filter(kind="digest").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "b@example.vn"},
        {"user": None},
        {"state": "nonsense"},
        {"state": State.SENDING},
        {"state": State.SENT},
        {"state": State.BUNDLED},
    ],
    ids=str,
)
def test_the_database_refuses_what_can_never_be(notice, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(**wrong)


def test_the_same_key_twice_is_refused_by_the_database_too(db):
    reader = UserFactory()
    notify("mistake_reported", to=reader, about="mistake:1", **FACTS)

    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(kind="mistake_reported", user=reader, about="mistake:1", due_at=timezone.now())


def test_a_sweep_gives_workers_only_so_many_at_once(db, monkeypatch):
    monkeypatch.setattr(delivery, "AT_ONCE", 2)
    for _ in range(3):
        notify("mistake_reported", to=UserFactory(), at=NOW, **FACTS)

    assert len(sweep(now=NOW)) == 2


def test_what_was_told_long_ago_is_forgotten_and_what_still_waits_is_not(notice):
    waiting = notify("mistake_reported", to=UserFactory(), at=NOW, **FACTS)
    deliver(notice.pk, now=NOW)

    assert forget_old(now=NOW + KEPT) == 0
    assert forget_old(now=NOW + KEPT + datetime.timedelta(seconds=1)) == 1

    assert Notice.objects.get() == waiting
