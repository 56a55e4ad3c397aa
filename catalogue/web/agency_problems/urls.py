from django.contrib.auth.decorators import login_required
from django.urls import path, register_converter

from . import joining, moderation, pages, reuse, steps

register_converter(steps.ProblemStepConverter, "problem_step")

_OF_AGENCY = "to-chuc/<slug:key>/bai-toan/"
_ONE = f"{_OF_AGENCY}<slug:slug>/"

urlpatterns = [
    path(_OF_AGENCY, login_required(pages.problems), name="agency-problems"),
    path(f"{_OF_AGENCY}them/moi/", login_required(pages.new_problem), name="agency-problem-new"),
    path(_ONE, login_required(pages.problem), name="agency-problem"),
    path(f"{_ONE}kiem-tra/", login_required(pages.check), name="agency-problem-check"),
    path(f"{_ONE}rut/", login_required(pages.take_back), name="agency-problem-take-back"),
    path(f"{_ONE}huong-dan/", login_required(steps.coach_panel), name="agency-problem-coach"),
    path(f"{_ONE}tuong-tu/", login_required(reuse.reuse), name="agency-problem-reuse"),
    path(f"{_ONE}<problem_step:step>/", login_required(steps.step), name="agency-problem-step"),
    path("bo-quan-ly/bai-toan/", moderation.desk, name="moderation"),
    path("bo-quan-ly/bai-toan/<slug:slug>/", moderation.moderated_problem, name="moderated-problem"),
    path("bai-toan/<slug:slug>/cung-gap/", joining.join, name="problem-join"),
]
