"""Every public page, and the pages of errors, before the Nu HTML checker."""

import json
import subprocess

import pytest
from django.template.loader import render_to_string

from tests import pages, services

pytestmark = [pytest.mark.html_checker, pytest.mark.django_db]
PATIENCE_S = 300


def test_the_html_of_every_page_has_no_error(client, tmp_path, answering):
    pages.prepare()
    asked = [address for language in ("vi", "en") for address in pages.addresses(language)]
    written = {}
    for at, address in enumerate([*asked, "/khong-co/", "/en/khong-co/"]):
        file = tmp_path / f"{at}.html"
        file.write_bytes(client.get(address).content)
        written[file.name] = address
    (tmp_path / "500.html").write_text(render_to_string("500.html"), encoding="utf-8")

    command = [*services.html_checker(), "--format", "json", "--skip-non-html", str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)

    found = json.loads(ran.stderr)["messages"]
    errors = [message for message in found if message["type"] != "info" or message.get("subType") == "warning"]
    lines = [
        f"{written.get(message['url'].rsplit('/', 1)[-1], message['url'])}: {message['message']} {message.get('extract', '')!r}"
        for message in errors
    ]
    assert not lines, "\n".join(lines)
