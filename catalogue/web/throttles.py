"""How often one address may send a form that anybody can send."""

from __future__ import annotations

from django.http import HttpRequest
from rest_framework.throttling import SimpleRateThrottle


class AddressThrottle(SimpleRateThrottle):
    """So many an hour from one address. The address is a key of the cache, and is stored nowhere else."""

    def get_cache_key(self, request: HttpRequest, view: object) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}  # type: ignore[arg-type]

    def wait_for(self, request: HttpRequest) -> int:
        """Count this request, and return for how many seconds its sender must wait; 0 when it may be sent."""
        return 0 if self.allow_request(request, None) else int(self.wait() or 3600)  # type: ignore[arg-type]
