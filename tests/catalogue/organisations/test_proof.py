"""The file that proves a claim: who sends it, who opens it, and what becomes of it."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from catalogue.accounts import personal_data
from catalogue.documents import services as documents
from catalogue.documents.models import READ_ALL, Document
from catalogue.organisations import claiming
from catalogue.organisations.models import Membership
from catalogue.organisations.requests import Claim
from tests.catalogue.documents.files import EICAR, PDF
from tests.support.factories import VendorFactory
from tests.support.roles import ROLES

PROOF = {"position": "Giám đốc", "proof": "Người đại diện theo pháp luật, xem giấy đăng ký.", "link": ""}
ADDRESS = "/to-chuc/sao-dem/nhan-quan-ly/"


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "private"
    return settings.MEDIA_ROOT


@pytest.fixture
def seed(people):
    return VendorFactory(key="sao-dem")


def send(people, content: bytes = PDF, role: str = "stranger"):
    return people.client(role).post(ADDRESS, {**PROOF, "file": SimpleUploadedFile("../Bổ nhiệm.pdf", content)})


def openers(people, address: str) -> set[str]:
    """Return who is given the file; everybody else must be told that there is none."""
    found = set()
    for role in ROLES:
        answer = people.client(role).get(address)
        if answer.status_code == 200:
            assert b"".join(answer.streaming_content) == PDF
            found.add(role)
        else:
            assert answer.status_code == 404, role
    return found


def files(folder) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


def test_comes_with_the_claim(people, seed, private_folder):
    answer = send(people)

    document = Document.objects.get()
    assert answer.status_code == 302
    assert (document.claim, document.organisation, document.name) == (Claim.objects.get(), None, "Bổ nhiệm.pdf")
    assert document.uploaded_by == people["stranger"]
    assert files(private_folder) == [PDF]


def test_is_not_asked_for(people, seed):
    people.client("stranger").post(ADDRESS, PROOF)

    assert Claim.objects.count() == 1
    assert not Document.objects.exists()


@pytest.mark.parametrize(("content", "said"), [(b"<html>", "không phải một trong bốn loại"), (EICAR, "vi-rút nhận ra")])
def test_that_is_bad_is_refused_and_nothing_is_sent(people, seed, private_folder, content, said):
    answer = send(people, content)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert PROOF["proof"] in page
    assert not Claim.objects.exists()
    assert files(private_folder) == []


def test_that_is_too_big_is_broken_off(people, seed, private_folder):
    answer = send(people, b"%PDF-" + b"0" * (11 * 1024 * 1024))

    assert answer.status_code == 400
    assert "nhiều nhất 10 MB" in answer.content.decode()
    assert not Claim.objects.exists()
    assert files(private_folder) == []


def test_is_for_who_claims_and_for_operators(people, seed):
    send(people)
    name = READ_ALL.split(".")[1]
    people["reviewer"].user_permissions.add(Permission.objects.get(codename=name))  # checks evidence, not claims
    address = reverse("document", args=[Document.objects.get().pk])

    assert openers(people, address) == {"stranger", "operator"}
    claiming.accept(Claim.objects.get(), by=people["operator"], now=timezone.now())
    Membership.objects.create(user=people["viewer"], organisation=seed, role="owner")
    assert openers(people, address) == {"stranger", "operator"}


def test_is_linked_where_it_is_decided_and_where_it_is_waited_for(people, seed):
    send(people)
    link = f'href="{reverse("document", args=[Document.objects.get().pk])}"'

    assert link in people.client("operator").get(f"/van-hanh/nhan-quan-ly/{Claim.objects.get().pk}/").content.decode()
    assert link in people.client("stranger").get("/to-chuc/").content.decode()


def test_the_admin_lists_it_for_operators_only(people, seed):
    send(people)
    name = READ_ALL.split(".")[1]
    for role in ("reviewer", "operator"):
        people[role].user_permissions.add(Permission.objects.get(codename=name))

    listed = {role: people.client(role).get("/quan-tri/catalogue/document/") for role in ("reviewer", "operator")}
    assert {answer.status_code for answer in listed.values()} == {200}
    assert [role for role, answer in listed.items() if "Bổ nhiệm.pdf" in answer.content.decode()] == ["operator"]


def test_is_handed_over_and_goes_with_its_sender(people, seed, private_folder, django_capture_on_commit_callbacks):
    send(people)
    copy = personal_data.copy_of(people["stranger"], timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        personal_data.erase(people["stranger"], timezone.now())

    assert [row["name"] for row in copy["claim_documents"]] == ["Bổ nhiệm.pdf"]
    assert not Document.objects.exists()
    assert files(private_folder) == []


def test_a_document_is_a_vendors_or_of_a_claim(people, seed):
    send(people)
    document = Document.objects.get()
    document.organisation = seed

    with pytest.raises(IntegrityError), transaction.atomic():
        document.save()


def test_the_same_bytes_may_prove_one_thing_and_show_another(people, seed):
    send(people)

    documents.keep(people.vendor, name="a.pdf", content=PDF, by=people["owner"], now=timezone.now())

    assert Document.objects.count() == 2


class TestByTheApi:
    ADDRESS = "/api/v1/organisations/claims"

    def send(self, people, content: bytes):
        sent = {**PROOF, "organisation": "sao-dem", "file": SimpleUploadedFile("Bổ nhiệm.pdf", content)}
        return people.api("stranger").post(self.ADDRESS, sent, format="multipart")

    def test_comes_with_the_claim(self, people, seed):
        assert self.send(people, PDF).status_code == 201
        assert Document.objects.get().claim == Claim.objects.get()

    def test_a_file_that_is_none_of_the_four_leaves_nothing(self, people, seed, private_folder):
        answer = self.send(people, b"MZ is no PDF")

        assert (answer.status_code, answer.json()["code"]) == (400, "bad_document")
        assert not Claim.objects.exists()
        assert files(private_folder) == []
