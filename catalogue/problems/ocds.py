"""Public problems in the Open Contracting Data Standard 1.1: pure functions, one a section of the standard.

A release is a problem as it stood at one moment of its course; a record holds them all, and the last one compiled. What
is not known is left out, never guessed. No person is ever named: agencies and firms are, households are not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation

from catalogue.accounts.models import LegalForm, Organisation
from catalogue.common.known import known
from catalogue.common.periods import months_later

from . import amendments as amending
from .evaluation import Result
from .models import ALL_WEIGHTS, Problem
from .questions import last_day_before
from .states import Ending, Mode, RequirementKind, State

Section = dict[str, Any]
VERSION = "1.1"
LANGUAGE = "vi"  # agencies state their problems in Vietnamese
TAX_CODES = "VN-MST"  # of the tax authority; no list of org-id.guide is known to hold them
CATEGORIES = "nen-tang-viet"  # the groups of this catalogue
ENQUIRIES = "https://raw.githubusercontent.com/open-contracting-extensions/ocds_enquiry_extension/master/extension.json"
METHOD = "Cơ quan nêu bài toán để doanh nghiệp trả lời. Việc mua, thuê, đặt hàng làm riêng, theo pháp luật về đấu thầu và đầu tư."
# How the standard says what became of a problem. A trial is an award that is proposed and not yet in force.
_TENDER = {
    Ending.AWARDED: "complete",
    Ending.TRIAL: "complete",
    Ending.NONE_SUITABLE: "unsuccessful",
    Ending.CANCELLED: "cancelled",
}
_AWARD = {Ending.AWARDED: "active", Ending.TRIAL: "pending", Ending.NONE_SUITABLE: "unsuccessful"}


@dataclass(frozen=True)
class Publisher:
    """Who publishes. prefix: of every ocid, given by the Open Contracting Partnership; address: of a path on the site."""

    prefix: str
    name: str
    home: str
    policy: str
    address: Callable[[str], str]

    def ocid(self, problem: Problem) -> str:
        return f"{self.prefix}-{problem.slug}"  # a constraint keeps it the only one


@dataclass(frozen=True)
class Moment:
    """A step of a problem's course that everybody may know of. before: parts that stood otherwise then, by name."""

    name: str
    at: datetime
    tags: tuple[str, ...]
    is_over: bool = False
    before: Mapping[str, str] = field(default_factory=dict)

    def said(self, name: str, now: str) -> str:
        """Return a part as it stood at this moment. now: as it stands today."""
        return self.before.get(name, now)


def record_package(problem: Problem, publisher: Publisher, uri: str) -> Section:
    found = releases(problem, publisher)
    return {
        **_package(publisher, uri, [found[-1]["date"]]),
        "records": [{"ocid": publisher.ocid(problem), "releases": found, "compiledRelease": compiled(found)}],
    }


def release_package(problems: Iterable[Problem], publisher: Publisher, uri: str) -> Section:
    """Return the releases of problems, in their order. The standard knows no package without a release."""
    found = [release for problem in problems for release in releases(problem, publisher)]
    return {**_package(publisher, uri, [release["date"] for release in found]), "releases": found}


def releases(problem: Problem, publisher: Publisher) -> list[Section]:
    """Return a release of each moment of a public problem, the oldest first."""
    return [release(problem, moment, publisher) for moment in moments(problem)]


def compiled(found: Sequence[Section]) -> Section:
    """Return the whole as it stands: a release says everything that was known at its moment, so the last one does."""
    last = found[-1]
    return {**last, "id": f"{last['ocid']}-compiled-{last['date']}", "tag": ["compiled"]}


def moments(problem: Problem) -> list[Moment]:
    """Return the steps that were taken, the oldest first. That the time for answers is over follows from its period."""
    found = [Moment("posted", problem.posted_at, ("planning", "tender"))] if problem.posted_at else []
    found += [Moment(f"amended-{one.pk}", one.made_at, ("tenderAmendment",)) for one in problem.amendments.all()]
    found += [
        Moment(f"answered-{one.pk}", one.answered_at, ("tenderUpdate",))
        for one in problem.questions.all()
        if one.answered_at
    ]
    if problem.ended_at:
        over = problem.state == State.WITHDRAWN or problem.ending == Ending.CANCELLED
        tags = ("tenderCancellation",) if over else ("tenderUpdate", "award")
        found.append(Moment("ended", problem.ended_at, tags, is_over=True))
    found.sort(key=lambda moment: moment.at)
    return [replace(moment, before=_before(problem, moment)) for moment in found]


def _before(problem: Problem, moment: Moment) -> dict[str, str]:
    """Return the parts that were changed after a moment, as they stood then: the first change after it knows."""
    later = [one for one in problem.amendments.all() if one.made_at > moment.at]
    return {change["field"]: change["before"] for one in reversed(later) for change in one.changes}


@translation.override(LANGUAGE)
def release(problem: Problem, moment: Moment, publisher: Publisher) -> Section:
    ocid = publisher.ocid(problem)
    return known({
        "ocid": ocid,
        "id": f"{ocid}-{moment.name}",
        "date": _time(moment.at),
        "tag": list(moment.tags),
        "initiationType": "tender",
        "language": LANGUAGE,
        "parties": parties(problem, moment),
        "buyer": reference(problem.agency),
        "planning": planning(problem, moment),
        "tender": tender(problem, moment, publisher),
        "awards": awards(problem, moment),
    })  # fmt: skip


def parties(problem: Problem, moment: Moment) -> list[Section]:
    suppliers = [party(result.proposal.vendor, ("supplier",)) for result in chosen(problem, moment)]
    return [party(problem.agency, ("buyer", "procuringEntity")), *suppliers]


def party(organisation: Organisation, roles: Sequence[str]) -> Section:
    """Return an organisation with what identifies it. The name of a household is that of a person, so it has none here."""
    return known({
        **reference(organisation),
        "identifier": identifier(organisation),
        "address": {"region": organisation.province.name, "countryName": "Việt Nam"} if organisation.province else None,
        "roles": list(roles),
    })  # fmt: skip


def reference(organisation: Organisation) -> Section:
    if organisation.legal_form == LegalForm.HOUSEHOLD:
        return {"id": f"household-{organisation.pk}"}  # its key is made of its name
    code = organisation.public_tax_code
    return {"id": f"{TAX_CODES}-{code}" if code else organisation.key, "name": organisation.name}


def identifier(organisation: Organisation) -> Section | None:
    code = organisation.public_tax_code
    if not code or organisation.legal_form == LegalForm.HOUSEHOLD:
        return None
    return {"scheme": TAX_CODES, "id": code, "legalName": organisation.name}


def planning(problem: Problem, moment: Moment) -> Section:
    """Return the need: what happens today, whom it touches, and what may be spent."""
    need = (moment.said("today", problem.today), moment.said("affected", problem.affected))
    return known({"rationale": "\n\n".join(need), "budget": budget(problem)})


def budget(problem: Problem) -> Section | None:
    """Return the most that may be spent; the standard has no lower end here, so that stands in the tender."""
    return {"amount": amount(problem.budget_max)} if problem.budget_max is not None else None


def amount(dong: int | None) -> Section | None:
    return None if dong is None else {"amount": dong, "currency": "VND"}


def tender(problem: Problem, moment: Moment, publisher: Publisher) -> Section:
    return known({
        "id": problem.number,
        "title": problem.title,
        "description": description(problem, moment),
        "status": tender_status(problem, moment),
        "procuringEntity": reference(problem.agency),
        "items": items(problem, publisher),
        "minValue": amount(problem.budget_min),
        "value": amount(problem.budget_max),
        "procurementMethodDetails": method(problem),
        "mainProcurementCategory": "services" if problem.mode in (Mode.RENT_READY, Mode.RENT_CUSTOM) else None,
        "awardCriteria": "ratedCriteria",
        "awardCriteriaDetails": criteria(problem),
        "tenderPeriod": tender_period(problem, moment),
        "enquiryPeriod": enquiry_period(problem, moment),
        "hasEnquiries": bool(enquiries(problem, moment)) or None,
        "enquiries": enquiries(problem, moment),
        "numberOfTenderers": tenderers(problem, moment),
        "contractPeriod": contract_period(problem),
        "documents": documents(problem, publisher),
        "amendments": amendments(problem, moment),
    })  # fmt: skip


def description(problem: Problem, moment: Moment) -> str:
    """Return the outcome that is wanted, then what is required, a line each."""
    asked = [
        f"{RequirementKind(one.kind).label}: {moment.said(amending.name_of(one), one.text)}"
        for one in problem.requirements.all()
    ]
    return "\n".join([moment.said("outcome", problem.outcome), *asked])


def method(problem: Problem) -> str:
    return f"{Mode(problem.mode).label}. {METHOD}" if problem.mode else METHOD


def criteria(problem: Problem) -> str:
    """Return what an answer is weighed by, in the words of the form."""
    names = ("weight_fit", "weight_price", "weight_delivery")
    said = (f"{amending.label_of(name)}: {getattr(problem, name)}/{ALL_WEIGHTS}" for name in names)
    return "; ".join(said)


def tender_status(problem: Problem, moment: Moment) -> str:
    """Return what the standard calls the state. Whoever waits for an outcome is still in an active process."""
    if not moment.is_over:
        return "active"
    return "withdrawn" if problem.state == State.WITHDRAWN else _TENDER[Ending(problem.ending)]


def closing(problem: Problem, moment: Moment) -> datetime | None:
    """Return when answers were to be in, as it was said at a moment."""
    before = moment.said(amending.CLOSING, "")
    return datetime.fromisoformat(before) if before else problem.closes_at


def tender_period(problem: Problem, moment: Moment) -> Section:
    return {"startDate": _time(problem.posted_at), "endDate": _time(closing(problem, moment))}


def enquiry_period(problem: Problem, moment: Moment) -> Section:
    """Return until when firms may ask: the end of the last day for questions."""
    end = closing(problem, moment)
    return known({
        "startDate": _time(problem.posted_at),
        "endDate": _day(last_day_before(end) + timedelta(days=1)) if end else None,
    })  # fmt: skip


def enquiries(problem: Problem, moment: Moment) -> list[Section]:
    """Return what was asked and answered in public, as it was published. Neither who asked nor when is told."""
    return [
        {
            "id": str(one.pk),
            "description": one.wording,
            "answer": one.answer,
            "dateAnswered": _time(one.answered_at),
        }
        for one in problem.questions.all()
        if one.answered_at and one.answered_at <= moment.at
    ]


def tenderers(problem: Problem, moment: Moment) -> int | None:
    """Return how many firms answered, once there is an outcome and the envelopes were opened."""
    panel = getattr(problem, "panel", None) if moment.is_over else None
    return panel.opened if panel and panel.opened_at else None


def contract_period(problem: Problem) -> Section | None:
    """Return from when to when it is to be used, as far as the agency says."""
    start, months = problem.start_on, problem.duration_months
    return known({
        "startDate": _day(start) if start else None,
        "endDate": _day(months_later(start, months)) if start and months else None,
    })  # fmt: skip


def items(problem: Problem, publisher: Publisher) -> list[Section]:
    """Return an item a category: what kind of product is sought. How many is for the answers."""
    return [
        {
            "id": category.key,
            "description": category.label_vi,
            "classification": {
                "scheme": CATEGORIES,
                "id": category.key,
                "description": category.label_vi,
                "uri": publisher.address(reverse("category", args=[category.key])),
            },
        }
        for category in problem.categories.all()
    ]


def documents(problem: Problem, publisher: Publisher) -> list[Section]:
    """Return the page of the problem, where everything stands in words."""
    return [
        {
            "id": "page",
            "documentType": "tenderNotice",
            "title": problem.title,
            "url": publisher.address(problem.get_absolute_url()),
            "datePublished": _time(problem.posted_at),
            "format": "text/html",
            "language": LANGUAGE,
        }
    ]


def amendments(problem: Problem, moment: Moment) -> list[Section]:
    """Return what was changed after publication, and why; the last of them can be that it was taken back or given up."""
    made = [
        {
            "id": f"amended-{one.pk}",
            "date": _time(one.made_at),
            "description": "; ".join(dict.fromkeys(amending.label_of(change["field"]) for change in one.changes)),
            "rationale": one.reason,
        }
        for one in problem.amendments.all()
        if one.made_at <= moment.at
    ]
    if "tenderCancellation" in moment.tags:
        what = State(problem.state).label if problem.state == State.WITHDRAWN else Ending(problem.ending).label
        said = {"id": moment.name, "date": _time(moment.at), "description": str(what), "rationale": problem.reason}
        made.append(said)
    return made


def awards(problem: Problem, moment: Moment) -> list[Section]:
    """Return the outcome, with its reason in public, and who was chosen with which product where that is known."""
    status = _AWARD.get(Ending(problem.ending)) if moment.is_over and problem.ending else None
    if status is None:
        return []
    results = chosen(problem, moment)
    return [
        known({
            "id": f"{problem.number}-1",
            "title": str(Ending(problem.ending).label),
            "description": problem.reason,
            "status": status,
            "date": _time(moment.at),
            "suppliers": [reference(result.proposal.vendor) for result in results],
            "items": [{"id": one.product.slug, "description": one.product.name} for one in results if one.product],
        })
    ]  # fmt: skip


def chosen(problem: Problem, moment: Moment) -> list[Result]:
    """Return the results that name a firm. Whoever else answered is nobody's business."""
    if not moment.is_over:
        return []
    found = (getattr(proposal, "result", None) for proposal in problem.proposals.all())
    return [result for result in found if result and result.chosen]


def _package(publisher: Publisher, uri: str, dates: Sequence[str]) -> Section:
    """Return what every package begins with. It was published when its latest release was: the same data, the same file."""
    return {
        "uri": uri,
        "version": VERSION,
        "publishedDate": max(dates),
        "publisher": {"name": publisher.name, "uri": publisher.home},
        "publicationPolicy": publisher.policy,
        "extensions": [ENQUIRIES],
    }


def _time(at: datetime | None) -> str:
    """Return a time as the standard writes it; "" for none, which public problems do not have."""
    return "" if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(day: date) -> str:
    """Return the first moment of a day in Viet Nam."""
    return _time(datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone()))
