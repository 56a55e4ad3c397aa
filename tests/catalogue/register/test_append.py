"""Every decision becomes the next link of the chain, with its decision or not at all."""

import datetime
import hashlib
import importlib
import json
import os
from base64 import b64decode
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, IntegrityError, connection, transaction

from catalogue.common.append_only import AppendOnlyError
from catalogue.register import chain, checkpoints, keys
from catalogue.register.models import Checkpoint, Entry, Head
from catalogue.register.states import EntryKind
from catalogue.register.verifying import hashed_part
from tests.support.factories import entered

AT = datetime.datetime(2026, 11, 26, 8, 30, 15, 123456, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))


def append(**changes):
    given = {"kind": "vetted", "platform": "hopviet", "vendor": "sao-bac", "at": AT,
             "facts": {"until": datetime.date(2027, 11, 26)}, **changes}  # fmt: skip
    with transaction.atomic():
        return chain.append(given.pop("kind"), **given)


def test_an_entry_is_hashed_and_signed_as_the_documents_say(db):
    entry = append(facts={
        "until": datetime.date(2027, 11, 26),
        "at": AT,
        "reasons": {"security": "Chứng chỉ còn hạn.\n\"Đủ\"", "real-use": ["bo-y-te"]},
        "score": 3, "renewal": False, "note": None, "kinds": {"b", "a"}, "kind": EntryKind.VETTED,
    })  # fmt: skip

    # Written out by hand, so that a slip in the code does not slip into the test too.
    text = (
        '{"at":"2026-11-26T01:30:15.123456Z","facts":{"at":"2026-11-26T01:30:15.123456Z","kind":"vetted","kinds":["a","b"],'
        '"note":null,"reasons":{"real-use":["bo-y-te"],"security":"Chứng chỉ còn hạn.\\n\\"Đủ\\""},"renewal":false,"score":3,'
        '"until":"2027-11-26"},"kind":"vetted","number":1,"platform":"hopviet","previous":"' + "0" * 64 + '",'
        '"vendor":"sao-bac"}'
    )
    assert entry.hash == hashlib.sha256(text.encode()).hexdigest()
    (key,) = keys.trusted()
    key.verify(b64decode(entry.signature), entry.hash.encode())
    read = Entry.objects.get()
    assert chain.plain(read) == chain.plain(entry), "the database gives back what was hashed"
    assert chain.plain(read)["at"] == "2026-11-26T01:30:15.123456Z"


def test_each_entry_follows_the_one_before(db):
    first, second, third = append(), append(kind="suspended", facts={}), append(platform="khac")

    assert [entry.number for entry in (first, second, third)] == [1, 2, 3]
    assert [entry.previous for entry in (first, second, third)] == ["0" * 64, first.hash, second.hash]
    assert Head.objects.values_list("number", "hash").get() == (3, third.hash)


@pytest.mark.parametrize("kind", EntryKind)
def test_every_kind_can_be_entered(db, kind):
    assert entered(kind).kind == kind


@pytest.mark.django_db(transaction=True)
def test_nothing_is_entered_outside_a_transaction():
    with pytest.raises(transaction.TransactionManagementError, match="vetted"):
        chain.append("vetted", platform="hopviet", vendor="sao-bac", at=AT, facts={"until": datetime.date(2027, 1, 1)})

    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_undone_with_its_decision_and_its_number_is_given_again():
    with transaction.atomic():
        entered("vetted")
        transaction.set_rollback(True)

    assert Head.objects.get().number == 0
    assert entered("rejected").number == 1


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"reason": "hỏi lan@example.gov.vn"}, "reason"),
        ({"reasons": {"security": ["lan@example.gov.vn"]}}, r"reasons\.security"),
        ({"reason": "x" * 2001}, "reason"),
        ({"reason": "a\0b"}, "reason"),
        ({"reason": "\ud800"}, "reason"),
        ({"score": 0.5}, "float"),
        ({"price": Decimal("1.5")}, "Decimal"),
        ({"n": 2**53}, "n is too large"),
        ({"at": datetime.datetime(2026, 1, 1)}, "zone"),  # noqa: DTZ001
        ({"Tiêu chí": 1}, "no key"),
        ({1: 1}, "no key"),
        ({"officer": object()}, "object"),
    ],
)
def test_what_nobody_could_take_back_is_refused(db, facts, named):
    with pytest.raises(ValueError, match=named):
        append(kind="rejected", facts=facts)

    assert not Entry.objects.exists()


@pytest.mark.parametrize("facts", [{}, {"until": "mai"}, {"until": None}])
@pytest.mark.parametrize("kind", ["vetted", "reinstated"])
def test_who_is_vetted_is_so_until_a_day(db, kind, facts):
    with pytest.raises(ValueError, match="until"):
        append(kind=kind, facts=facts)


@pytest.mark.parametrize("changes", [{"platform": ""}, {"vendor": "Sao Bắc"}, {"platform": 7}, {"kind": "loved"}])
def test_products_vendors_and_kinds_are_keys(db, changes):
    with pytest.raises(ValueError, match=r"key|loved"):
        append(**changes)


@pytest.fixture
def written(db):
    """An entry and a checkpoint of it."""
    entry = entered("vetted")
    return {Entry: entry, Checkpoint: checkpoints.make(now=AT)}


@pytest.mark.parametrize("model", [Entry, Checkpoint])
@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: type(row).objects.filter(pk=row.pk).update(hash="0"),
        lambda row: type(row).objects.filter(pk=row.pk).delete(),
        lambda row: type(row).objects.bulk_update([row], ["hash"]),
    ],
    ids=["save", "delete", "update", "delete many", "bulk update"],
)
def test_code_cannot_change_the_past(written, model, change):
    with pytest.raises(AppendOnlyError):
        change(written[model])

    assert model.objects.get().hash == written[Entry].hash


@pytest.mark.parametrize("table", ["catalogue_entry", "catalogue_checkpoint"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET hash = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_too(written, table, statement):
    if connection.vendor == "postgresql":  # tests make their tables without migrations
        importlib.import_module("catalogue.migrations.0011_audit").guard(None, connection.schema_editor())
    migration = importlib.import_module("catalogue.migrations.0023_register")
    migration.guard(None, connection.schema_editor())

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))

    assert entered("suspended").number == 2, "adding is what it is for"
    migration.unguard(None, connection.schema_editor())


def test_the_chain_cannot_fork(written):
    row = chain.plain(written[Entry]) | {"number": 2, "at": AT, "hash": "f" * 64}

    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(**row)


class TestKeys:
    def test_a_laptop_makes_its_key_once_for_itself_alone(self, settings, tmp_path):
        settings.REGISTER_LAPTOP_KEY = tmp_path / "register.key"

        made = keys.signing().private_bytes_raw()

        assert (tmp_path / "register.key").stat().st_mode & 0o777 == 0o600
        assert keys.signing().private_bytes_raw() == made
        assert [path.name for path in tmp_path.iterdir()] == ["register.key"]

    def test_of_two_who_make_one_at_once_the_first_wins(self, settings, tmp_path, monkeypatch):
        path = settings.REGISTER_LAPTOP_KEY = tmp_path / "register.key"
        link = os.link

        def too_late(mine, wanted):
            monkeypatch.setattr(os, "link", link)
            keys.signing()  # somebody else, between the look and the link
            link(mine, wanted)

        monkeypatch.setattr(os, "link", too_late)
        signing = keys.signing()

        assert signing.private_bytes_raw() == keys.private_key(path.read_text()).private_bytes_raw()

    def test_a_deployment_without_a_key_writes_nothing_and_trusts_only_what_it_is_told_to(self, settings, db):
        settings.ON_LAPTOP, old = False, keys.pem(keys.trusted())
        settings.REGISTER_OLD_KEYS = old

        with pytest.raises(ImproperlyConfigured, match="REGISTER_KEY"):
            entered("vetted")
        assert keys.pem(keys.trusted()) == old

    @pytest.mark.parametrize("form", ["seed", "pem"])
    def test_a_key_is_pem_or_its_bytes_in_base64(self, settings, form):
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        seed = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="
        pem = keys.private_key(seed).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        settings.REGISTER_KEY = seed if form == "seed" else pem

        assert keys.signing().private_bytes_raw() == b"\x07" * 32

    @pytest.mark.parametrize(
        "written", ["nonsense", "AAAA", "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"]
    )
    def test_what_is_no_key_is_an_error_that_does_not_repeat_it(self, settings, written):
        settings.REGISTER_KEY = written

        with pytest.raises(ImproperlyConfigured, match="REGISTER_KEY") as error:
            keys.signing()
        assert written not in str(error.value)

    def test_old_keys_that_are_none_are_an_error(self, settings):
        settings.REGISTER_OLD_KEYS = "nonsense"

        with pytest.raises(ImproperlyConfigured, match="REGISTER_OLD_KEYS"):
            keys.trusted()


def test_json_of_the_register_is_the_same_in_every_language(db):
    """Python writes it as RFC 8785 asks, for what facts may hold."""
    entry = append(kind="rejected", facts={"reason": '“Đủ” \\ / " <&> \n é 🙂', "b": 1, "a.b": 2, "a-b": 3, "a": 4})

    text = hashed_part(chain.plain(entry)).decode()

    assert '{"a":4,"a-b":3,"a.b":2,"b":1,"reason":"“Đủ” \\\\ / \\" <&> \\n é 🙂"}' in text
    assert json.loads(text)["facts"]["reason"] == '“Đủ” \\ / " <&> \n é 🙂'
