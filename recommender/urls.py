from django.urls import path

from . import how_ranking, problem_pages, qr, scoreboard, vendor_pages, web
from .decision import pages as decision

urlpatterns = [
    path("", web.home, name="home"),
    path("goi-y/", web.recommend, name="recommend"),
    path("goi-y/<uuid:run_id>/", web.run_page, name="run"),
    path("goi-y/<uuid:run_id>/neu/", web.run_what_if, name="what-if"),
    path("goi-y/<uuid:run_id>/vi-sao/", web.why_not, name="why-not"),
    path("goi-y/<uuid:run_id>/to-trinh/", decision.decision_page, name="decision"),
    path("goi-y/<uuid:run_id>/to-trinh.docx", decision.decision_docx, name="decision-docx"),
    path("goi-y/<uuid:run_id>/qr.svg", qr.run_qr, name="run-qr"),
    path("bang-diem/", scoreboard.scoreboard, name="scoreboard"),
    path("cach-xep-hang/", how_ranking.how_ranking, name="how-ranking"),
    path(
        "to-chuc/<slug:key>/bai-toan/<slug:slug>/goi-y/",
        problem_pages.problem_recommendation,
        name="problem-recommendation",
    ),
    path("to-chuc/<slug:key>/ban-lam-viec/", vendor_pages.vendor_desk, name="vendor-desk"),
    path("to-chuc/<slug:key>/san-pham/<slug:slug>/xem-truoc/", vendor_pages.product_preview, name="product-preview"),
]
