"""The site as it publishes open contracting data: pages and API give the same package of a problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from . import ocds
from .models import Problem
from .proposals import Proposal
from .querysets import ProblemQuerySet
from .questions import Question


def released() -> ProblemQuerySet:
    """Return what everybody reads with all that `ocds` writes of it, in the order of posting: a new one moves no other.

    Of proposals only those that were chosen: nobody else who answered is named.
    """
    chosen = Proposal.objects.filter(result__chosen=True).defer("envelope")
    return (
        Problem.objects.public()
        .select_related("agency__province", "panel")
        .prefetch_related(
            "categories",
            "requirements",
            "amendments",
            Prefetch("questions", Question.objects.answered()),
            Prefetch("proposals", chosen.select_related("vendor__province", "result__product")),
        )
        .order_by("posted_at", "pk")
    )


@translation.override(ocds.LANGUAGE)
def publisher(address: Callable[[str], str]) -> ocds.Publisher:
    """Return this site, the same in every language, so that a harvester finds one set of addresses."""
    return ocds.Publisher(
        prefix=settings.OCDS_PREFIX,
        name=_("Nền tảng Việt cho cơ quan nhà nước"),
        home=address(reverse("home")),
        policy=address(reverse("about-data")),
        address=address,
    )


@translation.override(ocds.LANGUAGE)
def record_of(slug: str, address: Callable[[str], str]) -> dict[str, Any]:
    """Return the record package of a public problem; 404 where there is none, for whoever asks."""
    problem = get_object_or_404(released(), slug=slug)
    return ocds.record_package(problem, publisher(address), address(reverse("problem-ocds", args=[problem.slug])))
