from django.urls import path

from .api import Recommendations

app_name = "recommender"
urlpatterns = [path("recommendations", Recommendations.as_view(), name="recommendations")]
