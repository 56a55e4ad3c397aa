from django.urls import path

from .api import Recommendations, WhyNotView

app_name = "recommender"
urlpatterns = [
    path("recommendations", Recommendations.as_view(), name="recommendations"),
    path("recommendations/<uuid:run_id>/why-not", WhyNotView.as_view(), name="why-not"),
]
