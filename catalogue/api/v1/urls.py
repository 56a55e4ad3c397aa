from rest_framework.routers import SimpleRouter

from . import bulk, following
from .agencies import AgencyViewSet
from .agency_problems import urls as agency_problems
from .criteria import CriteriaSetViewSet
from .organisations import urls as organisations
from .problems import ProblemViewSet
from .products import urls as products
from .proposals import urls as proposals
from .register import CheckpointViewSet, EntryViewSet
from .vetting import urls as vetting
from .viewsets import CategoryViewSet, PlatformViewSet, VendorViewSet

app_name = "catalogue"
router = SimpleRouter(trailing_slash=False)
router.register("platforms", PlatformViewSet, "platform")
router.register("vendors", VendorViewSet, "vendor")
router.register("agencies", AgencyViewSet, "agency")
router.register("problems", ProblemViewSet, "problem")
router.register("register/checkpoints", CheckpointViewSet, "checkpoint")
router.register("register", EntryViewSet, "register")
router.register("categories", CategoryViewSet, "category")
router.register("criteria", CriteriaSetViewSet, "criteria")
urlpatterns = [
    *router.urls,
    *organisations.urlpatterns,
    *products.urlpatterns,
    *vetting.urlpatterns,
    *bulk.urlpatterns,
    *following.urlpatterns,
    *agency_problems.urlpatterns,
    *proposals.urlpatterns,
]
