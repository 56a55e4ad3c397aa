"""Anybody can prove the register with what the pages give, and no database."""

import io
import json
import os
import shutil
import subprocess
import sys
from base64 import b64decode

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from catalogue.register import checkpoints
from catalogue.register.models import Entry
from tests.catalogue.register.test_verifying import KINDS, NOON
from tests.support.factories import entered


@pytest.fixture
def written(db):
    for n, kind in enumerate(KINDS, 1):
        entered(kind, reasons={"security": f'Lý do {n}: “đủ”\nvà "đúng"'})
    checkpoints.make(now=NOON)


@pytest.fixture
def files(written, client, tmp_path):
    """What anybody can download."""
    for name in ("so.ndjson", "moc.ndjson", "khoa.pem"):
        answer = client.get(f"/dang-ky/{name}")
        (tmp_path / name).write_bytes(answer.getvalue())
    return tmp_path


def run(*arguments: object) -> tuple[int, str]:
    told = io.StringIO()
    try:
        call_command("verify_register", *map(str, arguments), stdout=told)
    except CommandError as error:
        return error.returncode, told.getvalue() + str(error)
    return 0, told.getvalue()


def on(files, *more: object) -> tuple[int, str]:
    return run("--file", files / "so.ndjson", "--checkpoints", files / "moc.ndjson", "--key", files / "khoa.pem", *more)


def test_what_the_pages_give_verifies_on_a_machine_without_a_database(files):
    clean = {
        name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "REGISTER_KEY")
    }

    ran = subprocess.run(
        [sys.executable, "manage.py", "verify_register", "--file", files / "so.ndjson",
         "--checkpoints", files / "moc.ndjson", "--key", files / "khoa.pem"],
        cwd=settings.BASE_DIR, env={**clean, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("whole: 7 entries, 1 checkpoints")
    assert Entry.objects.get(number=7).hash in ran.stdout


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda lines: [*lines[:3], lines[3].replace(b"hopviet", b"hopvieu"), *lines[4:]], "entry 4 was edited"),
        (lambda lines: [*lines[:3], lines[3].replace("Lý do 4".encode(), "Lý do 5".encode()), *lines[4:]], "entry 4"),
        (lambda lines: lines[1:], "entry 1 is missing"),
        (lambda lines: [*lines[:3], *lines[4:]], "entry 4 is missing"),
        (lambda lines: lines[:-1], "entry 7 is missing at the end: the checkpoint of 2026-11-26 has seen"),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], "entry 3 stands after entry 4"),
        (lambda lines: [*lines, lines[6].replace(b'"number":7', b'"number":8')], "entry 8 was edited"),
        (lambda lines: [*lines, b"{}\n"], "row 8 is no entry"),
        (lambda lines: [], "entries 1 to 7 are missing"),
    ],
)
def test_a_file_that_was_tampered_with_is_found(files, change, named):
    path = files / "so.ndjson"
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))

    code, told = on(files)

    assert code == 1
    assert named in told


def test_a_checkpoint_that_was_tampered_with_is_found(files):
    path = files / "moc.ndjson"
    path.write_text(path.read_text().replace('"number":7', '"number":6'))

    assert on(files)[0] == 1
    assert "checkpoint of 2026-11-26" in on(files)[1]


def test_it_tells_machines_too(files):
    code, told = on(files, "--json")
    assert (code, json.loads(told)["faults"], json.loads(told)["entries"]) == (0, [], 7)
    path = files / "so.ndjson"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:6]))

    code, told = on(files, "--json")

    found = json.loads(told[: told.rindex("}") + 1])
    assert (code, found["whole"]) == (1, False)
    assert [(fault["code"], fault["number"]) for fault in found["faults"]] == [("cut", 7)]


def test_the_database_is_proved_as_it_stands(written):
    assert run()[0] == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_entry SET vendor = 'sao-nam' WHERE number = 2")  # without the triggers

    code, told = run()

    assert code == 1
    assert "edited: entry 2 was edited" in told
    assert "1 faults in 7 entries" in told


def test_a_tail_cut_off_in_the_database_is_seen_by_who_kept_a_checkpoint(files):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalogue_entry WHERE number > 5")
        cursor.execute("DELETE FROM catalogue_checkpoint")
        cursor.execute(
            "UPDATE catalogue_head SET number = 5, hash = (SELECT hash FROM catalogue_entry WHERE number = 5)"
        )

    assert run()[0] == 0, "whoever holds the database can do that unseen"
    code, told = run("--checkpoints", files / "moc.ndjson")
    assert code == 1
    assert "entries 6 to 7 are missing at the end" in told


@pytest.mark.parametrize(
    "arguments",
    [
        lambda files: ["--file", files / "so.ndjson"],
        lambda files: ["--file", files / "none", "--key", files / "khoa.pem"],
        lambda files: ["--file", files / "so.ndjson", "--key", files / "none"],
        lambda files: ["--file", files / "so.ndjson", "--key", files / "so.ndjson"],
    ],
)
def test_what_cannot_be_asked_is_refused_and_called_no_fault(files, arguments):
    assert run(*arguments(files))[0] == 2


@pytest.mark.skipif(not (shutil.which("jq") and shutil.which("openssl")), reason="jq or openssl not found")
@pytest.mark.parametrize("number", [1, 4])
def test_the_commands_on_the_page_of_an_entry_do_what_they_say(files, client, number):
    entry = Entry.objects.get(number=number)
    (files / "entry.json").write_bytes(client.get(f"/api/v1/register/{number}").content)
    page = client.get(f"/dang-ky/{number}/").content.decode()
    commands = ("jq -cS", "sha256sum", "openssl pkeyutl -verify")
    assert all(command in page for command in commands)

    hashed = subprocess.run(  # noqa: S602 (our own words)
        "jq -cS '{number,at,kind,platform,vendor,facts,previous}' entry.json | tr -d '\\n' | sha256sum",
        shell=True, cwd=files, capture_output=True, text=True, check=True,
    )  # fmt: skip
    (files / "bam.txt").write_text(entry.hash)
    (files / "ky.bin").write_bytes(b64decode(entry.signature))
    signed = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "khoa.pem", "-rawin", "-in", "bam.txt", "-sigfile", "ky.bin"],
        cwd=files, capture_output=True, text=True, check=False,
    )  # fmt: skip
    printed = subprocess.run(  # noqa: S602
        "openssl pkey -pubin -in khoa.pem -outform DER | sha256sum",
        shell=True, cwd=files, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert hashed.stdout.split()[0] == entry.hash
    assert signed.returncode == 0, signed.stderr
    assert printed.stdout.split()[0] == entry.key_id
