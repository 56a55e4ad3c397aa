"""Addresses of an agency's own problems and of the ministry's desk. `recommendation` beside them is the recommender's."""

from django.urls import path

from catalogue.problems.content import STEPS

from . import views

_ALL = "organisations/<slug:key>/problems"
_ONE = f"{_ALL}/<slug:slug>"
_DESK = "moderation/problems"

urlpatterns = [
    path(_ALL, views.Problems.as_view(), name="agency-problems"),
    path(_ONE, views.OneProblem.as_view(), name="agency-problem"),
    path(f"{_ONE}/coach", views.Coach.as_view(), name="agency-problem-coach"),
    path(f"{_ONE}/already-there", views.AlreadyThere.as_view(), name="agency-problem-already-there"),
    path(f"{_ONE}/submit", views.Submit.as_view(), name="agency-problem-submit"),
    path(f"{_ONE}/take-back", views.TakeBack.as_view(), name="agency-problem-take-back"),
    path(f"{_ONE}/withdraw", views.Withdraw.as_view(), name="agency-problem-withdraw"),
    *(
        path(f"{_ONE}/steps/{step}", views.step_view(step).as_view(), name=f"agency-problem-step-{step}")
        for step in STEPS
    ),
    path("problems/<slug:slug>/joiners", views.Join.as_view(), name="problem-joiners"),
    path(_DESK, views.Moderation.as_view(), name="moderation"),
    path(f"{_DESK}/<slug:slug>", views.Moderated.as_view(), name="moderated-problem"),
    path(f"{_DESK}/<slug:slug>/publish", views.ModeratedPublish.as_view(), name="moderated-problem-publish"),
    path(f"{_DESK}/<slug:slug>/return", views.ModeratedReturn.as_view(), name="moderated-problem-return"),
]
