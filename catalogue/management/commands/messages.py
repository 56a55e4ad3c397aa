"""Translations without system gettext: gather what is said to people, and compile what is translated.

Vietnamese is the source language. English stands in locale/en/LC_MESSAGES/django.po, and must be complete.
locale/vi/LC_MESSAGES/django.po is the other way round: what a package says in English and has no Vietnamese for.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import allauth
from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.template import templatize

_KEYWORDS: dict[str, Any] = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
# Of allauth what this site uses: forms, errors, and the short texts of mails and messages.
_USED = re.compile(r"(account|core|mfa|usersessions|socialaccount)/(?!providers/|(models|admin|apps)\.py)|templates/")


class Command(BaseCommand):
    help = "Gather the texts of code and templates into locale/, and compile. --check changes nothing, and may fail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--compile", action="store_true", help="only compile")
        parser.add_argument("--check", action="store_true", help="fail when a text is not gathered or not translated")

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES")):
            path = folder / "django.po"
            kept = read_po(io.BytesIO(path.read_bytes()), locale=folder.parent.name)
            gathered = borrowed() if folder.parent.name == settings.LANGUAGE_CODE else gather()
            if options["check"]:
                self._check(kept, gathered, path)
                continue
            if not options["compile"]:
                kept.update(gathered, no_fuzzy_matching=True)
                kept.obsolete.clear()
                with path.open("wb") as file:
                    write_po(file, kept, width=110, omit_header=False, sort_output=True, include_lineno=False)
            with (folder / "django.mo").open("wb") as file:
                write_mo(file, kept)
            self.stdout.write(f"{folder.parent.name}: {len(kept)} texts, {len(list(untranslated(kept)))} untranslated")

    def _check(self, kept: Catalog, texts: Catalog, path: Path) -> None:
        gathered = {message.id for message in texts if message.id}
        known = {message.id for message in kept if message.id}
        problems = [
            *(f"not gathered: {text!r}" for text in sorted(map(str, gathered - known))),
            *(f"no longer said: {text!r}" for text in sorted(map(str, known - gathered))),
            *(f"not translated: {text!r}" for text in untranslated(kept)),
        ]
        if problems:
            raise CommandError("\n".join([f"{path.relative_to(settings.BASE_DIR)} (run make messages)", *problems]))


def gather() -> Catalog:
    """Return every text that code and templates mark for translation."""
    return _extract(_sources(), settings.BASE_DIR)


def borrowed() -> Catalog:
    """Return what allauth says, in English, where this site has no template of its own in place of allauth's."""
    home = Path(allauth.__file__).parent
    return _extract((path for path in _borrowed(home) if _USED.match(path.relative_to(home).as_posix())), home.parent)


def _extract(paths: Iterable[Path], root: Path) -> Catalog:
    catalog = Catalog(project="nen-tang-viet", charset="utf-8")
    for path in paths:
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Calls of gettext between runs of X, which Python can read once no line is indented.
            text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
            keywords = _KEYWORDS
        else:
            keywords = _KEYWORDS | _aliases(text)
        where = str(path.relative_to(root))
        for _, message, comments, context in extract("python", io.BytesIO(text.encode()), keywords, ["Translators:"]):
            catalog.add(message, None, [(where, 0)], auto_comments=comments, context=context)
    return catalog


def _aliases(code: str) -> dict[str, Any]:
    """Return what a module calls the functions that mark a text, where it imports them by another name."""
    imported = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom))
    return {
        name.asname: _KEYWORDS[name.name]
        for node in imported
        if node.module == "django.utils.translation"
        for name in node.names
        if name.asname and name.name in _KEYWORDS
    }


def untranslated(catalog: Catalog) -> Iterator[str]:
    """Yield the texts that have no translation, or only one that somebody has still to confirm."""
    for message in catalog:
        strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        if message.id and (message.fuzzy or not all(strings)):
            yield str(message.id)


def _sources() -> Iterator[Path]:
    for folder, pattern in (
        ("catalogue", "*.py"),
        ("recommender", "*.py"),
        ("config", "*.py"),
        ("templates", "*.html"),
        ("templates", "*.txt"),
    ):
        yield from sorted((settings.BASE_DIR / folder).rglob(pattern))


def _borrowed(home: Path) -> Iterator[Path]:
    yield from sorted(home.rglob("*.py"))
    ours = settings.BASE_DIR / "templates"
    for path in sorted((home / "templates").rglob("*.txt")):
        if not (ours / path.relative_to(home / "templates")).exists():
            yield path
