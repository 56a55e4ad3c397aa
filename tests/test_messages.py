"""Every text that code marks for translation is gathered, whatever a module calls the function that marks it."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from catalogue.management.commands import messages

TRANSLATION = "django.utils.translation"
MARKS = {"gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext",
         "npgettext_lazy"}  # fmt: skip
ROOT = Path(settings.BASE_DIR)


def marked(code):
    """Yield the first text of every call of a function that marks texts, found by what a module imports, not by its name."""
    tree = ast.parse(code)
    names, modules = {}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == TRANSLATION:
            names |= {name.asname or name.name: name.name for name in node.names if name.name in MARKS}
        elif isinstance(node, ast.ImportFrom) and node.module == "django.utils":
            modules |= {name.asname or name.name for name in node.names if name.name == "translation"}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name):
            real = names.get(called.id)
        elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id in modules:
            real = called.attr if called.attr in MARKS else None
        else:
            continue
        at = 1 if real and "pgettext" in real else 0
        if real and isinstance(node.args[at], ast.Constant):
            yield node.args[at].value


@pytest.fixture
def of_code(tmp_path):
    """Return what the command gathers from one module."""

    def gathered(code):
        path = tmp_path / "module.py"
        path.write_text(code, encoding="utf-8")
        return {message.id for message in messages._extract([path], tmp_path) if message.id}

    return gathered


def test_no_text_in_the_project_is_missed():
    texts = {
        message.id if isinstance(message.id, str) else message.id[0] for message in messages.gather() if message.id
    }

    missed = {
        f"{path.relative_to(ROOT)}: {text}"
        for folder in ("catalogue", "recommender", "config")
        for path in (ROOT / folder).rglob("*.py")
        for text in marked(path.read_text(encoding="utf-8"))
        if text not in texts
    }

    assert missed == set()


@pytest.mark.parametrize(
    "code",
    [
        "from django.utils.translation import gettext as _now\n_now('Có.')",
        "from django.utils.translation import gettext_lazy as later, gettext as at_once\nlater('Có.')",
        "from django.utils import translation\ntranslation.gettext('Có.')",
    ],
)
def test_another_name_of_the_function_is_followed(of_code, code):
    assert list(marked(code)) == ["Có."]
    assert of_code(code) == {"Có."}


def test_what_only_looks_like_one_is_not_gathered(of_code):
    assert of_code("from elsewhere import gettext as said\nsaid('Không.')") == set()
