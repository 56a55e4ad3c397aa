import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections


@pytest.fixture
def site():
    """The site as a server calls it, but that it does not close the connection whose transaction the test undoes."""
    served = get_wsgi_application()

    def called(environ, start_response):
        for signal in (request_started, request_finished):  # Django's own test client connects them again each time
            signal.disconnect(close_old_connections)
        return served(environ, start_response)

    yield called
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
