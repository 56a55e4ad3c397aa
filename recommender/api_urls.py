from django.urls import path

from .api import Recommendations, WhyNotView
from .decision.api import DecisionFileView
from .problem_api import ProblemRecommendation
from .vendor_api import PreviewView, VendorDeskView, VendorExposureView

app_name = "recommender"
urlpatterns = [
    path("recommendations", Recommendations.as_view(), name="recommendations"),
    path("recommendations/<uuid:run_id>/decision-file", DecisionFileView.as_view(), name="decision-file"),
    path("recommendations/<uuid:run_id>/why-not", WhyNotView.as_view(), name="why-not"),
    path(
        "organisations/<slug:key>/problems/<slug:slug>/recommendation",
        ProblemRecommendation.as_view(),
        name="problem-recommendation",
    ),
    path("organisations/<slug:key>/desk", VendorDeskView.as_view(), name="vendor-desk"),
    path("organisations/<slug:key>/exposure", VendorExposureView.as_view(), name="vendor-exposure"),
    path("organisations/<slug:key>/products/<slug:slug>/preview", PreviewView.as_view(), name="product-preview"),
]
