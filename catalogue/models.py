"""Index of the models, for Django. Code imports them from their packages."""

from .accounts.models import Organisation, User
from .accounts.tokens import ApiToken
from .audit.models import Event
from .documents.models import Document
from .lexicon.models import Abbreviation, Concept, OutsideExample, SynonymGroup
from .notifications.models import Notice, NoticeChoice
from .organisations.invitations import Invitation
from .organisations.models import Membership
from .organisations.names import OrganisationName, Renaming
from .organisations.requests import Claim, JoinRequest
from .places.models import Province, ProvinceName
from .platforms.bulk.models import Import
from .platforms.capabilities import Capability
from .platforms.confirmations import Confirmation
from .platforms.mistakes import MistakeReport
from .platforms.models import (
    Category,
    CategoryPhrase,
    CategoryRelation,
    Change,
    ChangeCounter,
    Evidence,
    Platform,
    Scheme,
)
from .platforms.originals import BorrowedPassage, SaidNumber, SaidPassage
from .platforms.packages import Package
from .platforms.particulars import PlatformConnection
from .platforms.revisions import FieldRule, Revision
from .problems.amendments import Amendment
from .problems.evaluation import Aftermath, AgreedScore, Evaluator, Panel, Reason, Result, Score
from .problems.following import SavedSearch
from .problems.models import Problem, ReceivingOffice
from .problems.proposals import Proposal
from .problems.questions import Question
from .problems.requirements import Joiner, Requirement
from .problems.shared import SharedPlatform
from .register.models import Checkpoint, Entry, Head
from .seeding.models import SeedRow
from .shortlists.models import ShortlistItem
from .vetting.challenges import Appeal, Challenge
from .vetting.criteria import CriteriaSet, Criterion
from .vetting.models import Answer, Clarification, Finding, Step, Submission
from .vetting.service_levels import ServiceLevel

__all__ = [
    "Abbreviation",
    "Aftermath",
    "AgreedScore",
    "Amendment",
    "Answer",
    "ApiToken",
    "Appeal",
    "BorrowedPassage",
    "Capability",
    "Category",
    "CategoryPhrase",
    "CategoryRelation",
    "Challenge",
    "Change",
    "ChangeCounter",
    "Checkpoint",
    "Claim",
    "Clarification",
    "Concept",
    "Confirmation",
    "CriteriaSet",
    "Criterion",
    "Document",
    "Entry",
    "Evaluator",
    "Event",
    "Evidence",
    "FieldRule",
    "Finding",
    "Head",
    "Import",
    "Invitation",
    "JoinRequest",
    "Joiner",
    "Membership",
    "MistakeReport",
    "Notice",
    "NoticeChoice",
    "Organisation",
    "OrganisationName",
    "OutsideExample",
    "Package",
    "Panel",
    "Platform",
    "PlatformConnection",
    "Problem",
    "Proposal",
    "Province",
    "ProvinceName",
    "Question",
    "Reason",
    "ReceivingOffice",
    "Renaming",
    "Requirement",
    "Result",
    "Revision",
    "SaidNumber",
    "SaidPassage",
    "SavedSearch",
    "Scheme",
    "Score",
    "SeedRow",
    "ServiceLevel",
    "SharedPlatform",
    "ShortlistItem",
    "Step",
    "Submission",
    "SynonymGroup",
    "User",
]
