from django.urls import path

from . import web

urlpatterns = [
    path("", web.home, name="home"),
    path("goi-y/", web.recommend, name="recommend"),
    path("goi-y/<uuid:run_id>/", web.run_page, name="run"),
]
