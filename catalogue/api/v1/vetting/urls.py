"""Addresses of vetting."""

from django.urls import path

from . import public, reviewing, vendors

_ALL = "vetting/submissions"
_ONE = f"{_ALL}/<int:pk>"
_OF_VENDOR = "organisations/<slug:key>/products/<slug:slug>/vetting"

urlpatterns = [
    path("vetting/clock", public.Clock.as_view(), name="vetting-clock"),
    path(_ALL, reviewing.Submissions.as_view(), name="vetting-submissions"),
    path(_ONE, reviewing.OneSubmission.as_view(), name="vetting-submission"),
    path(f"{_ONE}/answers/<int:answer>", reviewing.OneAnswer.as_view(), name="vetting-answer"),
    *(path(f"{_ONE}/{place}", view, name=f"vetting-{place}") for place, view in reviewing.moves().items()),
    path("vetting/challenges", reviewing.OpenChallenges.as_view(), name="vetting-challenges"),
    path("vetting/challenges/<int:pk>", reviewing.OneChallenge.as_view(), name="vetting-challenge"),
    path("vetting/challenges/<int:pk>/settle", reviewing.SettleChallenge.as_view(), name="vetting-settle"),
    path("vetting/appeals", reviewing.OpenAppeals.as_view(), name="vetting-appeals"),
    path("vetting/appeals/<int:pk>", reviewing.OneAppeal.as_view(), name="vetting-appeal"),
    path("vetting/appeals/<int:pk>/decide", reviewing.DecideAppeal.as_view(), name="vetting-decide"),
    path(_OF_VENDOR, vendors.Vetting.as_view(), name="vendor-vetting"),
    path(f"{_OF_VENDOR}/answers/<int:pk>", vendors.OwnAnswer.as_view(), name="vendor-vetting-explain"),
    path(f"{_OF_VENDOR}/submit", vendors.Submit.as_view(), name="vendor-vetting-submit"),
    path(f"{_OF_VENDOR}/answer", vendors.Replies.as_view(), name="vendor-vetting-answer"),
    path(f"{_OF_VENDOR}/withdraw", vendors.Withdraw.as_view(), name="vendor-vetting-withdraw"),
    path(f"{_OF_VENDOR}/appeal", vendors.OwnAppeal.as_view(), name="vendor-vetting-appeal"),
    path("challenges", public.Challenges.as_view(), name="challenges"),
    path("challenges/<str:token>", public.OwnChallenge.as_view(), name="challenge"),
    path("challenges/<str:token>/appeal", public.AppealOutcome.as_view(), name="challenge-appeal"),
]
