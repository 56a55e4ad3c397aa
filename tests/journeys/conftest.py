"""A real Chromium against a real server."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from catalogue.accounts.models import User
from tests import services

# Playwright keeps an event loop in this thread; Django's own calls here are synchronous all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=services.chromium(), args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """One visitor's window, and everything that went wrong in it."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.page: Page = context.new_page()
        self.home = home
        self.trouble: list[str] = []
        self.page.on("console", lambda message: self.trouble.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("request", self._watch)

    def sign_in(self, user: User) -> Page:
        """Give the window the cookie of a session: how one signs in is another journey."""
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.home}])
        return self.page

    def _watch(self, request) -> None:
        if not request.url.startswith((self.home, "data:")):
            self.trouble.append(f"left the site: {request.url}")


@pytest.fixture
def visit(chromium: Browser, live_server, tmp_path: Path):
    """Open a window as asked, on the home page."""
    contexts: list[BrowserContext] = []

    def open_window(*, width: int = 1280, scheme: str = "light", scripts: bool = True, path: str = "/") -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            java_script_enabled=scripts,
            locale="vi-VN",
            reduced_motion="reduce",
        )
        contexts.append(context)
        visitor = Visit(context, live_server.url)
        visitor.page.goto(live_server.url + path)
        return visitor

    yield open_window
    for context in contexts:
        context.close()
