"""The OpenAPI description of the API, and its readable form."""

from csp.decorators import csp_update
from django.utils.decorators import method_decorator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

# The viewer sets styles from its scripts and draws its icons from data: addresses; nothing else is allowed to.
_VIEWER_POLICY = {"style-src": ["'self'", "'unsafe-inline'"], "img-src": ["'self'", "data:"]}


class Schema(SpectacularAPIView):
    """OpenAPI 3."""


@method_decorator(csp_update(_VIEWER_POLICY), name="dispatch")
class Docs(SpectacularSwaggerSplitView):
    """The API's documentation."""
