"""Whatever is done to the register behind its back is found, and named by number."""

import datetime
import json
import re
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from catalogue.register import chain, checkpoints, keys
from catalogue.register.models import Checkpoint, Entry, Head
from catalogue.register.verifying import (
    CHECKPOINT,
    ENTRY,
    canonical,
    digest,
    fingerprint,
    public_keys,
    rows_of,
    signed_part,
    verify,
)
from tests.support.factories import entered

NOON = datetime.datetime(2026, 11, 26, 5, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
KINDS = ("vetted", "suspended", "reinstated", "challenge_upheld", "revoked", "rejected", "appeal_dismissed")


@pytest.fixture
def whole(db):
    """Seven entries, with checkpoints after the fourth and the seventh."""
    for n, kind in enumerate(KINDS, 1):
        entered(kind, at=NOON + n * DAY, reasons={"security": f"Lý do {n}"})
        if n in (4, 7):
            checkpoints.make(now=NOON + n * DAY)
    return [list(rows) for rows in (chain.entry_rows(), chain.checkpoint_rows())]


@pytest.fixture
def entries(whole):
    return whole[0]


@pytest.fixture
def marks(whole):
    return whole[1]


def faults(entries, marks=(), **more):
    found = verify(entries, keys=more.pop("keys", None) or keys.trusted(), checkpoints=marks, **more)
    assert all(
        re.search(rf"entr(y|ies) {fault.number}\b|last entry, {fault.number}\b|checkpoint of|row \d", fault.text)
        for fault in found
    ), "each is named"
    return {(fault.code, fault.number) for fault in found}


def sign(entry, key):
    """Return the entry with the hash and signature that it should have."""
    made = entry | {"hash": digest(entry), "key_id": fingerprint(key.public_key())}
    return made | {"signature": b64encode(key.sign(made["hash"].encode())).decode()}


def test_a_register_that_nobody_touched_is_whole(entries, marks):
    assert (
        verify(entries, keys=keys.trusted(), checkpoints=marks, head=Head.objects.values("number", "hash").get()) == []
    )
    assert verify([], keys=keys.trusted()) == []


CHANGES = {
    "number": 40, "at": "2026-11-29T05:00:00.000001Z", "kind": "vetted", "platform": "hopvieu", "vendor": "sao-bad",
    "facts": {"reasons": {"security": "Lý do 4."}}, "previous": "1" + "0" * 63, "hash": "1" + "0" * 63,
    "key_id": "1" + "0" * 63,
}  # fmt: skip


@pytest.mark.parametrize("field", ENTRY)
def test_one_byte_changed_in_any_field_is_found(entries, field):
    fourth = entries[3]
    flipped = ("A" if fourth["signature"][0] != "A" else "B") + fourth["signature"][1:]
    changed = fourth | {field: CHANGES.get(field, flipped)}

    found = faults([*entries[:3], changed, *entries[4:]])

    expected = {
        "signature": {("forged", 4)},
        "key_id": {("unknown_key", 4)},
        "number": {("edited", 40), ("removed", 4)},
        "previous": {("edited", 4), ("broken_link", 4)},
        "hash": {("edited", 4), ("forged", 4), ("broken_link", 5)},
    }
    assert found == expected.get(field, {("edited", 4)}), "and what was not touched is not blamed"


def test_each_fact_changed_by_one_letter_is_found(entries):
    text = json.dumps(entries[0]["facts"], ensure_ascii=False)
    for at, letter in enumerate(text):
        if letter.isalnum():
            other = text[:at] + ("8" if letter != "8" else "9") + text[at + 1 :]
            assert ("edited", 1) in faults([entries[0] | {"facts": json.loads(other)}, *entries[1:]]), other


def test_an_edit_that_makes_its_hash_anew_has_no_signature_and_breaks_the_link(entries):
    changed = entries[3] | {"kind": "challenge_dismissed"}
    changed["hash"] = digest(changed)

    assert faults([*entries[:3], changed, *entries[4:]]) == {("forged", 4), ("broken_link", 5)}


def test_a_tail_that_was_made_anew_with_another_key_is_found(entries, marks):
    key = Ed25519PrivateKey.generate()
    made = entries[:2]
    for entry in entries[2:]:
        made.append(sign(entry | {"previous": made[-1]["hash"], "platform": "khac"}, key))

    found = faults(made, marks)

    assert found == {("unknown_key", n) for n in range(3, 8)} | {("checkpoint_differs", 4), ("checkpoint_differs", 7)}
    trusting = faults(made, marks, keys=[*keys.trusted(), key.public_key()])
    assert trusting == {("checkpoint_differs", 4), ("checkpoint_differs", 7)}, (
        "checkpoints show it even with the key stolen"
    )


@pytest.mark.parametrize(("dropped", "expected"), [(1, ("removed", 1)), (4, ("removed", 4)), (7, ("cut", 7))])
def test_one_dropped_is_found(entries, marks, dropped, expected):
    left = [entry for entry in entries if entry["number"] != dropped]

    assert faults(left, marks) == {expected}
    assert faults(left, head={"number": 7, "hash": entries[-1]["hash"]}) == {expected}


def test_several_dropped_are_found_as_one_gap(entries, marks):
    found = verify([entries[0], entries[5]], keys=keys.trusted(), checkpoints=marks)

    assert [(fault.code, fault.number) for fault in found] == [("removed", 2), ("cut", 7)]
    assert "entries 2 to 5 are missing" in found[0].text


def test_a_tail_cut_off_with_its_checkpoints_is_found_by_who_kept_one(entries, marks):
    assert faults(entries[:4], marks[:1], head={"number": 4, "hash": entries[3]["hash"]}) == set()
    assert faults(entries[:4], marks[1:]) == {("cut", 5)}


def test_everything_removed_is_found(entries, marks):
    assert faults([], marks) == {("cut", 1)}
    assert faults([], head={"number": 7, "hash": "x"}) == {("cut", 1)}


def test_one_dropped_and_the_rest_numbered_anew_is_found(entries):
    moved = [entry | {"number": entry["number"] - 1} for entry in entries[3:]]

    found = faults([*entries[:2], *moved])

    assert {("edited", n) for n in range(3, 7)} <= found


def test_two_that_changed_places_are_found(entries):
    assert faults([*entries[:2], entries[3], entries[2], *entries[4:]]) == {("reordered", 3)}


def test_two_that_changed_numbers_are_found(entries):
    third, fourth = entries[2] | {"number": 4}, entries[3] | {"number": 3}

    assert {("edited", 3), ("edited", 4)} <= faults([*entries[:2], fourth, third, *entries[4:]])


def test_one_slipped_in_is_found(entries):
    again = entries[3] | {"platform": "khac"}
    again["hash"] = digest(again)

    assert faults([*entries[:4], again, *entries[4:]]) == {("inserted", 4), ("forged", 4)}
    assert faults([*entries[:3], again, *entries[3:]]) == {("inserted", 4), ("forged", 4)}, "the signed one counts"


@pytest.mark.parametrize("head_too", [False, True])
def test_one_appended_by_sql_with_the_right_hash_is_found(whole, head_too):
    last = Entry.objects.get(number=7)
    forged = chain.plain(last) | {
        "number": 8,
        "kind": "vetted",
        "previous": last.hash,
        "facts": {"until": "2099-01-01"},
    }
    forged["hash"] = digest(forged)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalogue_entry (number, at, kind, platform, vendor, facts, previous, hash, signature, key_id)"
            " SELECT 8, at, 'vetted', platform, vendor, %s, hash, %s, signature, key_id FROM catalogue_entry WHERE number = 7",
            [json.dumps(forged["facts"]), forged["hash"]],
        )
        if head_too:
            cursor.execute("UPDATE catalogue_head SET number = 8, hash = %s", [forged["hash"]])

    entries, marks, head = chain.reading()

    assert digest(list(chain.entry_rows())[7]) == forged["hash"], "the hash is as it should be"
    assert faults(entries, marks, head=head) == {("forged", 8)} | ({("inserted", 8)} if not head_too else set())
    with pytest.raises(checkpoints.RegisterBroken, match="entry 8"):
        checkpoints.make(now=NOON + 30 * DAY)


def test_a_head_of_another_entry_is_found(entries):
    assert faults(entries, head={"number": 7, "hash": "f" * 64}) == {("edited", 7)}


@pytest.mark.parametrize("field", CHECKPOINT)
def test_a_checkpoint_that_was_edited_is_found(entries, marks, field):
    edited = {"day": "2026-11-29", "number": 3, "hash": entries[2]["hash"], "made_at": "2026-11-30T05:00:00.000001Z",
              "signature": marks[1]["signature"], "key_id": "0" * 64}  # fmt: skip
    code = "unknown_key" if field == "key_id" else "checkpoint_forged"

    found = faults(entries, [marks[0] | {field: edited[field]}, marks[1]])

    assert {fault for fault, _number in found} == {code}


def test_a_signed_checkpoint_of_another_register_is_found(entries, marks):
    mark = marks[0] | {"hash": "f" * 64}
    mark["signature"] = chain.sign(keys.signing(), signed_part(mark))

    assert faults(entries, [mark, marks[1]]) == {("checkpoint_differs", 4)}


def test_a_checkpoint_of_the_empty_register_fits_every_register(db):
    mark = chain.plain(checkpoints.make(now=NOON))

    assert (mark["number"], mark["hash"]) == (0, "0" * 64)
    entered("vetted")
    assert faults(chain.entry_rows(), [mark]) == set()


class TestRotation:
    def test_one_key_follows_another_and_both_are_trusted(self, entries, settings):
        settings.REGISTER_OLD_KEYS = keys.pem(keys.trusted())
        settings.REGISTER_KEY = b64encode(b"\x08" * 32).decode()
        entered("vetted")

        mark = checkpoints.make(now=NOON + 30 * DAY)

        assert len({entry.key_id for entry in Entry.objects.all()}) == 2
        assert mark.key_id == Entry.objects.get(number=8).key_id == fingerprint(keys.trusted()[0])
        assert faults(chain.entry_rows(), chain.checkpoint_rows()) == set()
        assert ("unknown_key", 1) in faults(chain.entry_rows(), keys=keys.trusted()[:1])
        assert public_keys(keys.pem(keys.trusted()).encode()) == keys.trusted()

    def test_a_retired_key_signs_no_more(self, entries, marks):
        old, new = keys.signing(), Ed25519PrivateKey.generate()
        eighth = sign(entries[6] | {"number": 8, "previous": entries[6]["hash"]}, new)
        ninth = sign(entries[6] | {"number": 9, "previous": eighth["hash"]}, old)
        later = marks[1] | {"day": "2026-12-04", "number": 8, "hash": eighth["hash"], "key_id": eighth["key_id"]}
        later["signature"] = chain.sign(new, signed_part(later))
        last = later | {"day": "2026-12-05", "key_id": marks[1]["key_id"]}
        last["signature"] = chain.sign(old, signed_part(last))
        both = [old.public_key(), new.public_key()]

        assert faults([*entries, eighth], [*marks, later], keys=both) == set()
        assert faults([*entries, eighth, ninth], keys=both) == {("retired_key", 9)}
        assert faults([*entries, eighth], [*marks, later, last], keys=both) == {("retired_key", 8)}


class TestWhatIsNoEntry:
    @pytest.mark.parametrize(
        "change",
        [
            lambda row: {name: row[name] for name in row if name != "vendor"},
            lambda row: row | {"note": "nobody signed this"},
            lambda row: row | {"number": "4"},
            lambda row: row | {"number": True},
            lambda row: row | {"number": 0},
            lambda row: row | {"facts": []},
            lambda row: row | {"facts": {"score": float("nan")}},
            lambda row: row | {"platform": "\ud800"},
            lambda row: row | {"signature": None},
            lambda row: [row],
            lambda row: "x",
            lambda row: None,
        ],
    )
    def test_it_is_named_by_its_row(self, entries, change):
        found = verify([*entries[:3], change(entries[3]), *entries[4:]], keys=keys.trusted())

        assert "row 4 is no entry" in found[0].text
        assert {fault.code for fault in found} == {"malformed", "removed"}

    def test_a_signature_that_is_no_base64_is_no_signature(self, entries):
        assert faults([entries[0] | {"signature": "ă"}, *entries[1:]]) == {("forged", 1)}

    @pytest.mark.parametrize("change", [{"day": 1}, {"number": -1}, {"more": ""}])
    def test_nor_is_every_object_a_checkpoint(self, entries, marks, change):
        assert {code for code, _number in faults(entries, [marks[0] | change])} == {"malformed"}

    @pytest.mark.parametrize("line", [b"{", b'{"number":1,"number":2}', b"\xff", b"[" * 100_000])
    def test_a_line_that_cannot_be_read_is_one(self, entries, line):
        lines = [canonical(entry) for entry in entries]

        found = faults(rows_of([*lines[:3], line, b"\n", *lines[4:]]))

        assert found == {("malformed", 0), ("removed", 4)}

    def test_spaces_and_order_of_names_make_no_difference(self, entries):
        lines = [json.dumps(dict(reversed(entry.items())), indent=None).encode() for entry in entries]

        assert faults(rows_of(lines)) == set()


class TestCheckpoints:
    def test_there_is_one_a_day_of_viet_nam(self, db):
        entered("vetted")
        first = checkpoints.make(now=datetime.datetime(2026, 11, 26, 16, 59, tzinfo=datetime.UTC))
        entered("suspended")

        same = checkpoints.make(now=datetime.datetime(2026, 11, 25, 17, 1, tzinfo=datetime.UTC))
        next_day = checkpoints.make(now=datetime.datetime(2026, 11, 26, 17, 0, tzinfo=datetime.UTC))

        assert same == first
        assert [(mark.day.isoformat(), mark.number) for mark in Checkpoint.objects.all()] == [
            ("2026-11-26", 1),
            ("2026-11-27", 2),
        ]
        assert next_day.number == 2

    def test_beat_makes_it_and_twice_is_once(self, db, settings):
        from catalogue.tasks import make_checkpoint

        assert make_checkpoint.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
        make_checkpoint.delay()
        make_checkpoint.delay()

        assert Checkpoint.objects.count() == 1
        assert faults([], chain.checkpoint_rows()) == set()

    def test_it_costs_the_same_however_long_the_register(self, whole, django_assert_num_queries):
        with django_assert_num_queries(
            10
        ):  # known? checkpoints, end, highest, end, entries; look, write in a savepoint
            checkpoints.make(now=NOON + 30 * DAY)
