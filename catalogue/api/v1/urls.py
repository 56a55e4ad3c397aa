from rest_framework.routers import SimpleRouter

from . import bulk
from .organisations import urls as organisations
from .problems import ProblemViewSet
from .viewsets import CategoryViewSet, PlatformViewSet, VendorViewSet

app_name = "catalogue"
router = SimpleRouter(trailing_slash=False)
router.register("platforms", PlatformViewSet, "platform")
router.register("vendors", VendorViewSet, "vendor")
router.register("problems", ProblemViewSet, "problem")
router.register("categories", CategoryViewSet, "category")
urlpatterns = [*router.urls, *organisations.urlpatterns, *bulk.urlpatterns]
