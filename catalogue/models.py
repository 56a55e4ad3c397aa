"""Index of the models, for Django. Code imports them from their packages."""

from .accounts.models import Organisation, User
from .lexicon.models import Abbreviation, Concept, OutsideExample, SynonymGroup
from .organisations.models import Membership
from .places.models import Province, ProvinceName
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
from .problems.models import Problem, ReceivingOffice
from .seeding.models import SeedRow
from .shortlists.models import ShortlistItem

__all__ = [
    "Abbreviation",
    "Category",
    "CategoryPhrase",
    "CategoryRelation",
    "Change",
    "ChangeCounter",
    "Concept",
    "Evidence",
    "Membership",
    "MistakeReport",
    "Organisation",
    "OutsideExample",
    "Platform",
    "Problem",
    "Province",
    "ProvinceName",
    "ReceivingOffice",
    "Scheme",
    "SeedRow",
    "ShortlistItem",
    "SynonymGroup",
    "User",
]
