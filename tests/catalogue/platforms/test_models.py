"""What must never be false is refused by the database itself."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from catalogue.accounts.models import Organisation
from catalogue.platforms.choices import Assurance
from catalogue.platforms.models import CategoryPhrase, Evidence, Platform
from catalogue.platforms.services import refresh_assurance
from recommender.models import Run
from tests.support.factories import EvidenceFactory, LeafFactory, PlatformFactory, VendorFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "values",
    [
        {"price_min": -1},
        {"price_min": 10, "price_max": 9},
        {"price_max": 9},
        {"launched": 1879},
        {"status": "sleeping"},
        {"pricing_model": "barter"},
        {"assurance": "perfect"},
        {"assurance": "vetted", "assured_on": None},
        {"name": ""},
        {"summary": ""},
    ],
)
def test_a_platform_that_cannot_be_is_refused(values):
    platform = PlatformFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Platform.objects.filter(pk=platform.pk).update(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "club"},
        {"legal_form": "guild"},
        {"firm_type": "giant"},
        {"kind": "agency", "firm_type": "core"},
        {"firm_size": "huge"},
    ],
)
def test_an_organisation_that_cannot_be_is_refused(values):
    vendor = VendorFactory(firm_type="product")

    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=vendor.pk).update(**values)


def test_nobody_is_its_own_parent():
    vendor = VendorFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=vendor.pk).update(parent=vendor.pk)


def test_the_same_evidence_stands_once():
    evidence = EvidenceFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(
            platform=evidence.platform, kind=evidence.kind, title=evidence.title, url=evidence.url,
            seen_on=evidence.seen_on,
        )  # fmt: skip


def test_a_confusion_names_the_right_leaf_and_a_need_names_none():
    leaf, other = LeafFactory(), LeafFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        CategoryPhrase.objects.create(category=leaf, kind="confusion", text="Dễ nhầm")
    with pytest.raises(IntegrityError), transaction.atomic():
        CategoryPhrase.objects.create(category=leaf, kind="need", text="Cần họp", instead=other)


class TestAssurance:
    def test_is_public_record_from_the_day_the_youngest_cited_page_was_read(self):
        platform = PlatformFactory()
        EvidenceFactory(platform=platform, seen_on=datetime.date(2026, 1, 1))
        EvidenceFactory(platform=platform, seen_on=datetime.date(2026, 5, 1))

        refresh_assurance(platform)

        assert (platform.assurance, platform.assured_on) == (Assurance.PUBLIC_RECORD, datetime.date(2026, 5, 1))

    def test_is_listed_when_no_evidence_has_an_address(self):
        platform = PlatformFactory()
        EvidenceFactory(platform=platform, url="")

        refresh_assurance(platform)

        assert (platform.assurance, platform.assured_on) == (Assurance.LISTED, None)

    def test_is_never_lowered_from_vetted_by_evidence_alone(self):
        platform = PlatformFactory(assurance=Assurance.VETTED, assured_on=datetime.date(2026, 11, 1))

        refresh_assurance(platform)

        assert platform.assurance == Assurance.VETTED


def test_a_run_is_never_changed():
    run = Run.objects.create(
        statement="Cần họp", top=10, min_assurance="listed", engine={}, abstained=True, answer={}, took_ms=1
    )

    with pytest.raises(TypeError, match="never changed"):
        run.save()
