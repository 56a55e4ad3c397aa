from django.urls import path

from . import answering, integrity, judging

_PROBLEM = "problems/<slug:slug>"
_OWN = "organisations/<slug:key>"

urlpatterns = [
    path(f"{_PROBLEM}/questions", answering.Questions.as_view(), name="problem-questions"),
    path(f"{_PROBLEM}/amendments", answering.Amendments.as_view(), name="problem-amendments"),
    path(f"{_PROBLEM}/outcome", answering.Outcome.as_view(), name="problem-outcome"),
    path(f"{_PROBLEM}/aftermath", judging.LookBack.as_view(), name="problem-aftermath"),
    path(f"{_PROBLEM}/evaluation", judging.OnePanel.as_view(), name="evaluation"),
    path(f"{_PROBLEM}/evaluation/open", judging.Open.as_view(), name="evaluation-open"),
    path(f"{_PROBLEM}/evaluation/declaration", judging.Declare.as_view(), name="evaluation-declaration"),
    path(f"{_PROBLEM}/evaluation/proposals", judging.Read.as_view(), name="evaluation-proposals"),
    path(f"{_PROBLEM}/evaluation/scores", judging.Scores.as_view(), name="evaluation-scores"),
    path(f"{_PROBLEM}/evaluation/finish", judging.Finish.as_view(), name="evaluation-finish"),
    path(f"{_PROBLEM}/evaluation/agreement", judging.Agree.as_view(), name="evaluation-agreement"),
    path(f"{_PROBLEM}/evaluation/outcome", judging.Decide.as_view(), name="evaluation-outcome"),
    path("moderation/integrity", integrity.Integrity.as_view(), name="integrity"),
    path(f"{_OWN}/questions", answering.OwnQuestions.as_view(), name="own-questions"),
    path(f"{_OWN}/questions/<int:pk>/answer", answering.AnswerQuestion.as_view(), name="question-answer"),
    path(f"{_OWN}/proposals", answering.Proposals.as_view(), name="proposals"),
    path(f"{_OWN}/proposals/<slug:slug>", answering.OneProposal.as_view(), name="proposal"),
    path(f"{_OWN}/proposals/<slug:slug>/submit", answering.SubmitProposal.as_view(), name="proposal-submit"),
    path(f"{_OWN}/proposals/<slug:slug>/withdraw", answering.WithdrawProposal.as_view(), name="proposal-withdraw"),
]
