from django.urls import path

from . import exporting, importing

_IN = "to-chuc/<slug:key>/nhap-du-lieu/"

urlpatterns = [
    path(_IN, importing.start, name="import"),
    path(f"{_IN}mau/<str:kind>/", importing.template, name="import-template"),
    path(f"{_IN}publiccode/", importing.from_publiccode, name="import-publiccode"),
    path(f"{_IN}<uuid:pk>/", importing.check, name="import-check"),
    path(f"{_IN}<uuid:pk>/loi/", importing.errors, name="import-errors"),
    path(f"{_IN}<uuid:pk>/bo/", importing.discard, name="import-discard"),
    path("to-chuc/<slug:key>/xuat-du-lieu/", exporting.export, name="export"),
    path("to-chuc/<slug:key>/xuat-du-lieu/<str:kind>/", exporting.export_file, name="export-file"),
]
