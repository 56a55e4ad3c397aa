from django.urls import path

from . import answering, integrity, judging

_PROBLEM = "bai-toan/<slug:slug>/"

urlpatterns = [
    path(f"{_PROBLEM}hoi/", answering.ask, name="problem-ask"),
    path("bo-quan-ly/minh-bach/", integrity.integrity_page, name="integrity"),
    path("to-chuc/<slug:key>/tra-loi/", answering.own_proposals, name="proposals"),
    path("to-chuc/<slug:key>/tra-loi/<slug:slug>/", answering.proposal, name="proposal"),
    path(f"{_PROBLEM}cong-viec/", judging.work, name="problem-work"),
    path(f"{_PROBLEM}cau-hoi/<int:pk>/", judging.answer, name="problem-answer"),
    path(f"{_PROBLEM}sua-doi/", judging.amend, name="problem-amend"),
    path(f"{_PROBLEM}to-cham/", judging.convene, name="problem-convene"),
    path(f"{_PROBLEM}mo-ho-so/", judging.open_, name="problem-open"),
    path(f"{_PROBLEM}cam-ket/", judging.declare, name="problem-declare"),
    path(f"{_PROBLEM}cham-diem/", judging.score, name="problem-score"),
    path(f"{_PROBLEM}thong-nhat/", judging.agree, name="problem-agree"),
    path(f"{_PROBLEM}ket-qua/", judging.decide, name="problem-decide"),
    path(f"{_PROBLEM}nhin-lai/", judging.look_back, name="problem-look-back"),
]
