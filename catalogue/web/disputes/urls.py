from django.urls import path

from . import public, reviewing, vendor

urlpatterns = [
    path("nen-tang/<slug:slug>/phan-doi/", public.challenge, name="challenge"),
    path("phan-doi/<str:token>/", public.answered, name="challenge-answered"),
    path("to-chuc/<slug:key>/san-pham/<slug:slug>/tham-dinh/khieu-nai/", vendor.appeal, name="vendor-appeal"),
    path("tham-dinh/phan-doi/", reviewing.waiting, name="vetting-challenges"),
    path("tham-dinh/phan-doi/<int:pk>/", reviewing.challenge, name="vetting-challenge"),
    path("tham-dinh/khieu-nai/<int:pk>/", reviewing.appeal, name="vetting-appeal"),
]
