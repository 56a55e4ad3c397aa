"""The HTML of the pages of asking, answering and evaluating, at each stage, read by the Nu HTML checker."""

import subprocess

import pytest
from django.urls import reverse
from django.utils import timezone

from catalogue.problems import amendments, judging, questions
from catalogue.problems.models import Problem
from catalogue.problems.states import Ending
from tests import services
from tests.support.problems import course

pytestmark = [pytest.mark.django_db, pytest.mark.html_checker]


def test_it_has_no_error(tmp_path):
    one, now = course(), timezone.now()
    judge, agency, editor = (one.people.client("anonymous") for _n in range(3))
    judge.force_login(one.judges[0])
    agency.force_login(one.agency)
    editor.force_login(one.people["editor"])
    asked = questions.ask(one.problem, vendor=one.people.vendor, text="Mấy máy?", by=one.people["editor"], now=now)
    own = reverse("proposal", args=[one.people.vendor.key, one.problem.slug])
    pages = []

    def read(client, *names, **more):
        for name in names:
            address = name if name.startswith("/") else reverse(name, kwargs={"slug": one.problem.slug, **more})
            answer = client.get(address)
            assert answer.status_code == 200, address
            pages.append(tmp_path / f"{len(pages)}.html")
            pages[-1].write_bytes(answer.content)

    read(editor, "problem", "problem-ask", own, reverse("proposals", args=[one.people.vendor.key]))
    read(agency, "problem-work", "problem-amend", "problem-convene")
    read(agency, "problem-answer", pk=asked.pk)
    questions.answer(asked, answer="Hai.", by=one.agency, now=now)
    amendments.amend(one.problem, texts={"outcome": "Không in giấy."}, reason="Hỏi nhiều.", by=one.agency, now=now)
    proposal = one.handed_in()
    read(editor, "problem", own)
    one.over()
    read(agency, "problem", "problem-work")
    judging.convene(one.problem, users=one.judges, blind=True, by=one.agency, now=now)
    read(judge, "problem-declare")
    one.opened(blind=True)
    read(judge, "problem-work", "problem-score")
    one.scored({"A": 4})
    read(judge, "problem-work", "problem-agree")
    read(agency, "problem-decide")
    judging.decide(
        one.problem, ending=Ending.AWARDED, winner="A", reason="Tốt.", told=one.told("A"), by=one.agency, now=now
    )
    judging.look_back(Problem.objects.get(pk=one.problem.pk), delivered="yes", again=True, by=one.agency, now=now)
    read(agency, "problem-look-back", "problem", "problem-work")
    read(editor, own, reverse("proposals", args=[one.people.vendor.key]))

    checker = services.html_checker()
    assert checker, "no checker"
    said = subprocess.run([*checker, "--format", "text", *map(str, pages)], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert proposal.pk
