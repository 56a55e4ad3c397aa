from django.urls import path

from . import public

urlpatterns = [path("nen-tang/<slug:slug>/", public.platform_page, name="platform")]
