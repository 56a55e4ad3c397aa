from django.urls import path, register_converter

from . import deciding, desk, submission
from .deciding import DeedConverter

register_converter(DeedConverter, "deed")

urlpatterns = [
    path("tham-dinh/ban-lam-viec/", desk.desk, name="vetting-desk"),
    path("tham-dinh/ho-so/<int:pk>/", submission.submission_page, name="vetting-submission"),
    path("tham-dinh/ho-so/<int:pk>/nhan/", deciding.take, name="vetting-take"),
    path("tham-dinh/ho-so/<int:pk>/kiem-tra/", submission.examine, name="vetting-examine"),
    path("tham-dinh/ho-so/<int:pk>/tieu-chi/<int:answer>/", submission.conclude, name="vetting-conclude"),
    path("tham-dinh/ho-so/<int:pk>/<deed:action>/", deciding.act, name="vetting-act"),
]
