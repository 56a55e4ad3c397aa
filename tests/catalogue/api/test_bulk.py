"""Imports and exports over the API: the same rules as on the pages."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from catalogue.platforms.bulk.models import Import
from catalogue.platforms.models import Platform
from tests.catalogue.platforms.bulk.files import body_of, bomb, workbook
from tests.catalogue.web.test_bulk import READ, WHO, WRITE, leaf, people, vendor

__all__ = ["leaf", "people", "vendor"]
pytestmark = pytest.mark.django_db
AT = "/api/v1/organisations/hop-viet"
ROW = ("", "Họp A", "Họp trực tuyến", "Họp không giấy.")


def caller(people, who: str) -> APIClient:
    client = APIClient()
    if who != "anonymous":
        client.force_authenticate(people[who])
    return client


@pytest.fixture
def editor(people):
    return caller(people, "editor")


def file(content: bytes | str, name: str = "a.xlsx", **more) -> dict:
    body = content.encode() if isinstance(content, str) else content
    return {"file": SimpleUploadedFile(name, body), **more}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("post", "/imports", WRITE),
        ("post", "/imports/publiccode", WRITE),
        ("get", "/import-template/xlsx", WRITE),
        ("get", "/export/json", READ),
        ("get", "/export/xlsx", READ),
        ("get", "/export/zip", READ),
    ],
)
def test_each_endpoint_is_there_for_whom_it_is_and_for_nobody_else(people, who, method, path, allowed):
    body = file(workbook(ROW), dry_run="false") if method == "post" else {}

    answer = getattr(caller(people, who), method)(AT + path, body)

    if who in allowed:
        assert answer.status_code in (200, 201, 400)
        b"".join(answer)  # to its end, so that its file is closed
    else:
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
        assert not Platform.objects.exists()


def test_a_dry_run_is_what_happens_when_nothing_is_said(editor):
    answer = editor.post(f"{AT}/imports", file(workbook(ROW)))

    told = answer.json()
    assert answer.status_code == 200
    assert told["dry_run"] is True
    assert told["created"][0]["product"] is None
    assert told["created"][0]["fields"] == ["name", "category", "summary"]
    assert "description" in told["created"][0]["lacking"]
    assert not Platform.objects.exists()
    assert not Import.objects.exists()


def test_a_file_is_brought_in_and_the_second_time_changes_nothing(editor):
    done = editor.post(f"{AT}/imports", file(workbook(ROW), dry_run="false"))
    again = editor.post(f"{AT}/imports", file(workbook(ROW), dry_run="false"))

    assert (done.status_code, done.json()["products"]) == (201, ["hop-a"])
    assert (again.json()["products"], again.json()["unchanged"]) == ([], 1)
    assert Import.objects.filter(state="done").count() == 2


def test_rows_that_cannot_be_kept_refuse_the_whole_file(editor):
    content = workbook(ROW, ("", "Họp B", "Nhóm lạ"))

    looked = editor.post(f"{AT}/imports", file(content, dry_run="true"))
    refused = editor.post(f"{AT}/imports", file(content, dry_run="false"))

    assert [(one["table"], one["row"], one["column"]) for one in looked.json()["problems"]] == [("products", 3, "category")]  # fmt: skip
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "rows_refused"
    assert refused.json()["errors"][0]["field"] == "products.3.category"
    assert not Platform.objects.exists()
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "file_refused"),
        ({"file": "text"}, "file_refused"),
        (file(bomb()), "file_refused"),
        (file("x" * 12 * 1024 * 1024), "file_refused"),
        (file(workbook(ROW), dry_run="perhaps"), "invalid"),
    ],
)
def test_what_cannot_be_read_is_a_problem(editor, body, code):
    answer = editor.post(f"{AT}/imports", body)

    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_publiccode_is_brought_in(editor):
    text = "publiccodeYmlVersion: '0'\nname: Medusa\nroadmap: x\n"

    answer = editor.post(f"{AT}/imports/publiccode", file(text, "publiccode.yml", category="online-meetings", dry_run="false"))  # fmt: skip

    assert answer.status_code == 201
    assert answer.json()["products"] == ["medusa"]
    assert any(note.startswith("roadmap: ") for note in answer.json()["notes"])


@pytest.mark.parametrize("accept", ["*/*", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"])
def test_files_are_given_for_what_is_asked(editor, accept):
    answer = editor.get(f"{AT}/export/xlsx", headers={"accept": accept})

    assert answer.status_code == 200
    assert zipfile.is_zipfile(io.BytesIO(body_of(answer)))
    assert editor.get(f"{AT}/export/exe", headers={"accept": accept}).status_code == 404
    assert editor.get(f"{AT}/import-template/exe").status_code == 404
    assert body_of(editor.get(f"{AT}/import-template/evidence.csv")).startswith(b"\xef\xbb\xbf")
