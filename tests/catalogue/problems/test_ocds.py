"""Problems as open contracting data: what each section says, and that the standard's own schemas agree."""

import copy
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from catalogue.accounts.models import LegalForm
from catalogue.problems import contracting, ocds
from catalogue.problems.amendments import amend, name_of
from catalogue.problems.evaluation import Panel, Result
from catalogue.problems.models import Problem
from catalogue.problems.proposals import Proposal, Stage
from catalogue.problems.questions import Question
from catalogue.problems.requirements import Requirement
from catalogue.problems.states import Ending, Mode, RequirementKind
from tests.support.factories import (
    AgencyFactory,
    LeafFactory,
    PlatformFactory,
    ProblemFactory,
    UserFactory,
    VendorFactory,
)
from tests.support.ocds import faults

pytestmark = pytest.mark.django_db
SITE = "https://nentang.example.gov.vn"
BY = ocds.Publisher("ocds-000000", "Nền tảng Việt", f"{SITE}/", f"{SITE}/du-lieu/", lambda path: SITE + path)
COURSES = {
    "open": ({}, "active", None, None),
    "over": ({"over": True}, "active", None, None),
    "closed": ({"closed": True}, "active", None, None),
    "awarded": ({"ended": True, "ending": Ending.AWARDED}, "complete", "active", ["tenderUpdate", "award"]),
    "trial": ({"ended": True, "ending": Ending.TRIAL}, "complete", "pending", ["tenderUpdate", "award"]),
    "none": ({"ended": True}, "unsuccessful", "unsuccessful", ["tenderUpdate", "award"]),
    "cancelled": ({"ended": True, "ending": Ending.CANCELLED}, "cancelled", None, ["tenderCancellation"]),
    "withdrawn": ({"withdrawn": True}, "withdrawn", None, ["tenderCancellation"]),
}


def posted(**fields) -> Problem:
    """Return a problem as pages read it, with everything that can be told."""
    problem = ProblemFactory(categories=[LeafFactory(key="meetings", label_vi="Họp", label_en="Meetings")], **fields)
    Requirement.objects.create(problem=problem, kind=RequirementKind.MUST, text="Dùng được khi mất mạng.", position=1)
    return again(problem)


def again(problem: Problem) -> Problem:
    return contracting.released().get(pk=problem.pk)


@pytest.mark.parametrize("course", COURSES)
def test_every_course_is_told_as_the_standard_has_it(course):
    fields, tender, award, tags = COURSES[course]
    package = ocds.record_package(posted(**fields), BY, f"{SITE}/x.json")
    (record,) = package["records"]

    first, last = record["releases"][0], record["releases"][-1]
    assert first["tag"] == ["planning", "tender"]
    assert first["tender"]["status"] == "active", "as it was then"
    assert "awards" not in first
    assert len(record["releases"]) == (2 if tags else 1)
    assert last["tag"] == (tags or first["tag"])
    assert last["tender"]["status"] == tender
    assert [one["status"] for one in last.get("awards", [])] == ([award] if award else [])
    assert record["compiledRelease"] == {**last, "id": record["compiledRelease"]["id"], "tag": ["compiled"]}
    assert faults("record-package", package) == []


@pytest.mark.parametrize("course", [course for course in COURSES if COURSES[course][3]])
def test_no_outcome_is_without_its_reason(course):
    problem = posted(**COURSES[course][0])
    *_, last = ocds.releases(problem, BY)

    said = [one["rationale"] for one in last["tender"].get("amendments", [])]
    said += [one["description"] for one in last.get("awards", [])]
    assert said == [problem.reason]


def test_the_release_package_is_valid_and_every_release_has_an_identifier_of_its_own():
    problems = [posted(**fields) for fields, *_ in COURSES.values()]
    package = ocds.release_package(problems, BY, f"{SITE}/x.json")

    assert len(package["releases"]) == len({one["id"] for one in package["releases"]}) == 13
    assert len({one["ocid"] for one in package["releases"]}) == len(problems)
    assert package["publishedDate"] == max(one["date"] for one in package["releases"])
    assert faults("release-package", package) == []


def test_the_schemas_refuse_what_is_wrong():
    """Without it the tests above could pass on a schema that looks at nothing."""
    package = ocds.record_package(posted(), BY, f"{SITE}/x.json")
    for wrong in (
        lambda release: release["tender"].update(status="open"),
        lambda release: release.pop("ocid"),
        lambda release: release["tender"]["tenderPeriod"].update(endDate="tomorrow"),
        lambda release: release["tender"]["items"][0].pop("id"),
    ):
        spoilt = copy.deepcopy(package)
        wrong(spoilt["records"][0]["compiledRelease"])
        assert faults("record-package", spoilt) != []


def test_what_the_agency_says_stands_in_its_sections():
    problem = posted(
        agency=AgencyFactory(key="so-y-te", name="Sở Y tế tỉnh Mẫu", tax_code="0101243150"),
        title="Họp không giấy", budget_min=50_000_000, budget_max=90_000_000, mode=Mode.RENT_READY,
        start_on=date(2027, 1, 31), duration_months=13,
        posted_at=datetime(2026, 11, 25, 2, tzinfo=UTC), closes_at=datetime(2026, 12, 25, 10, 30, tzinfo=UTC),
    )  # fmt: skip
    (release,) = ocds.releases(problem, BY)
    buyer = {"id": "VN-MST-0101243150", "name": "Sở Y tế tỉnh Mẫu"}
    tender = release["tender"]

    assert release["ocid"] == f"ocds-000000-{problem.slug}"
    assert release["buyer"] == tender["procuringEntity"] == buyer
    assert release["parties"][0]["identifier"]["id"] == "0101243150"
    assert release["parties"][0]["roles"] == ["buyer", "procuringEntity"]
    assert problem.today in release["planning"]["rationale"]
    assert release["planning"]["budget"]["amount"] == {"amount": 90_000_000, "currency": "VND"}
    assert tender["minValue"]["amount"] == 50_000_000
    assert tender["title"] == "Họp không giấy"
    assert tender["description"].splitlines() == [problem.outcome, "Bắt buộc: Dùng được khi mất mạng."]
    assert tender["tenderPeriod"] == {"startDate": "2026-11-25T02:00:00Z", "endDate": "2026-12-25T10:30:00Z"}
    assert tender["contractPeriod"] == {"startDate": "2027-01-30T17:00:00Z", "endDate": "2028-02-28T17:00:00Z"}
    assert tender["mainProcurementCategory"] == "services"
    assert tender["items"][0]["classification"]["uri"] == f"{SITE}/nhom/meetings/"
    assert tender["documents"][0]["url"] == SITE + problem.get_absolute_url()


def test_what_is_not_known_is_left_out():
    (release,) = ocds.releases(posted(), BY)

    assert "budget" not in release["planning"]
    assert (
        not {"minValue", "value", "mainProcurementCategory", "contractPeriod", "amendments"} & release["tender"].keys()
    )
    assert "identifier" not in release["parties"][0]


def test_the_data_are_the_same_in_every_language():
    problem = posted(ended=True)
    packages = []
    for language in ("vi", "en"):
        with translation.override(language):
            packages.append(ocds.record_package(problem, BY, f"{SITE}/x.json"))

    assert packages[0] == packages[1]
    assert "/en/" not in json.dumps(packages)


@pytest.mark.parametrize("code", ["001085012345", None])
def test_a_person_is_never_named(code):
    """A household bears the name of a person, and its tax code may be a person's number."""
    household = VendorFactory(key="nguyen-van-mau", name="Hộ kinh doanh Nguyễn Văn Mẫu", short_name="Nguyễn Văn Mẫu",
                              legal_form=LegalForm.HOUSEHOLD, tax_code=code)  # fmt: skip

    assert ocds.party(household, ("supplier",)) == {"id": f"household-{household.pk}", "roles": ["supplier"]}


def answered(problem: Problem, *, at: datetime, text: str, answer: str) -> Question:
    return Question.objects.create(
        problem=problem, vendor=VendorFactory(name="Công ty Hỏi Thầm"), asked_at=at, text="Nội bộ: " + text, wording=text,
        answer=answer, answered_at=at,
    )  # fmt: skip


def test_each_amendment_is_a_release_and_earlier_ones_say_what_stood_then():
    now = timezone.now()
    problem = posted(outcome="Không in giấy.", posted_at=now - timedelta(days=3))
    requirement, closes_at = problem.requirements.get(), problem.closes_at
    by = UserFactory()
    for days, texts, later in (
        (2, {"outcome": "Không in giấy, không gửi tay."}, None),
        (1, {"outcome": "Không giấy.", name_of(requirement): "Dùng được khi mạng chập chờn."}, timedelta(days=5)),
    ):
        amend(problem, texts=texts, closes_at=closes_at + later if later else None, reason=f"Sửa lần {days}.", by=by,
              now=now - timedelta(days=days))  # fmt: skip

    package = ocds.record_package(again(problem), BY, f"{SITE}/x.json")
    first, second, third = package["records"][0]["releases"]
    assert [one["tag"] for one in (first, second, third)] == [["planning", "tender"], *[["tenderAmendment"]] * 2]
    assert [one["tender"]["description"].splitlines() for one in (first, second, third)] == [
        ["Không in giấy.", "Bắt buộc: Dùng được khi mất mạng."],
        ["Không in giấy, không gửi tay.", "Bắt buộc: Dùng được khi mất mạng."],
        ["Không giấy.", "Bắt buộc: Dùng được khi mạng chập chờn."],
    ]
    assert first["tender"]["tenderPeriod"] == second["tender"]["tenderPeriod"]
    assert first["tender"]["tenderPeriod"]["endDate"] < third["tender"]["tenderPeriod"]["endDate"]
    assert [len(one["tender"].get("amendments", [])) for one in (first, second, third)] == [0, 1, 2]
    assert [one["rationale"] for one in third["tender"]["amendments"]] == ["Sửa lần 2.", "Sửa lần 1."]
    assert faults("record-package", package) == []


def test_questions_are_told_as_they_were_published_and_nobody_learns_who_asked():
    now = timezone.now()
    problem = posted(posted_at=now - timedelta(days=3))
    answered(problem, at=now - timedelta(days=1), text="Bao nhiêu người dùng?", answer="Bốn mươi hai.")
    Question.objects.create(problem=problem, vendor=VendorFactory(), asked_at=now, text="Câu chưa trả lời.")

    package = ocds.record_package(again(problem), BY, f"{SITE}/x.json")
    first, second = package["records"][0]["releases"]
    assert "enquiries" not in first["tender"]
    (one,) = second["tender"]["enquiries"]
    assert (one["description"], one["answer"]) == ("Bao nhiêu người dùng?", "Bốn mươi hai.")
    assert second["tender"]["hasEnquiries"] is True
    assert second["tender"]["enquiryPeriod"]["endDate"] < second["tender"]["tenderPeriod"]["endDate"]
    said = json.dumps(package, ensure_ascii=False)
    assert not [text for text in ("Hỏi Thầm", "Nội bộ", "Câu chưa trả lời.") if text in said]
    assert faults("record-package", package) == []
    assert first["tender"] == ocds.releases(Problem.objects.get(pk=problem.pk), BY)[0]["tender"], "however it was read"


def test_an_award_names_the_firm_that_was_chosen_and_no_other():
    problem = posted(ended=True, ending=Ending.AWARDED)
    winner, loser = VendorFactory(key="thang", name="Công ty Thắng"), VendorFactory(name="Công ty Thua")
    product = PlatformFactory(slug="thangsoft", name="ThắngSoft", vendor=winner)
    before = timezone.now() - timedelta(days=1)
    for vendor in (winner, loser):
        proposal = Proposal.objects.create(
            problem=problem, vendor=vendor, stage=Stage.SUBMITTED, envelope=b"x", saved_at=before, submitted_at=before
        )
        won = vendor == winner
        Result.objects.create(proposal=proposal, chosen=won, product=product if won else None, told_at=before)
    Panel.objects.create(problem=problem, convened_at=before, opened_at=before, opened=2)

    package = ocds.record_package(again(problem), BY, f"{SITE}/x.json")
    first, last = package["records"][0]["releases"]
    (award,) = last["awards"]
    assert award["suppliers"] == [{"id": "thang", "name": "Công ty Thắng"}]
    assert award["items"] == [{"id": "thangsoft", "description": "ThắngSoft"}]
    assert [party["roles"] for party in last["parties"]] == [["buyer", "procuringEntity"], ["supplier"]]
    assert last["tender"]["numberOfTenderers"] == 2
    assert "Thắng" not in json.dumps(first, ensure_ascii=False)
    assert "numberOfTenderers" not in first["tender"]
    assert "Thua" not in json.dumps(package, ensure_ascii=False)
    assert faults("record-package", package) == []
