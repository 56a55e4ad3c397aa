"""A calendar of the closing times of problems, to subscribe to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalogue.common import icalendar
from catalogue.platforms.models import Category
from catalogue.problems.models import Problem
from catalogue.problems.states import Sort

from .problems import Asked


@require_safe
@cache_control(public=True, max_age=900)
def deadlines(request: HttpRequest) -> HttpResponse:
    """What everybody can still answer, those of the asked words and category. An unknown category is not everything: 404."""
    now = timezone.now()
    asked = Asked.read(request.GET)
    found = Problem.objects.public().open(now).matching(asked.text)
    name = _("Hạn trả lời bài toán")
    if asked.category:
        category = Category.objects.filter(key=asked.category).first()
        if category is None:
            raise Http404
        found = found.in_category(category)
        name = f"{name}: {category.label}"
    content = icalendar.calendar(name, _events(request, found.for_cards().in_order(Sort.CLOSING, now)))
    return HttpResponse(content, content_type=icalendar.MEDIA_TYPE, headers={"X-Robots-Tag": "noindex"})


def _events(request: HttpRequest, problems: Iterable[Problem]) -> Iterator[icalendar.Event]:
    for problem in problems:
        if problem.closes_at is None:
            continue  # not open, so not here
        url = request.build_absolute_uri(problem.get_absolute_url())
        yield icalendar.Event(
            uid=f"{problem.slug}@nen-tang-viet",  # not the host: who moves the site keeps everybody's entries
            at=problem.closes_at,
            changed=problem.updated_at,
            summary=_("Hạn trả lời: %(title)s") % {"title": problem.title},
            description="\n".join((problem.agency.name, problem.outcome, url)),
            url=url,
            categories=tuple(category.label for category in problem.categories.all()),
        )
