"""A visitor's shortlist: in the session of who has no account, in the account of who has one. Both behave alike."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.accounts import personal_data
from catalogue.accounts.models import User
from catalogue.common.errors import DomainError
from catalogue.platforms.models import Platform

from .models import ShortlistItem

MOST = 30
MOST_NOTE = 2_000  # characters
_KEPT, _REMOVED = "shortlist", "shortlist-removed"  # keys in the session


class ShortlistFull(DomainError):
    """The list holds as many products as a person can weigh."""

    code = "shortlist_full"

    def __init__(self) -> None:
        super().__init__(
            _("Danh sách lưu giữ tối đa %(most)s sản phẩm. Hãy bỏ bớt một sản phẩm rồi lưu lại.") % {"most": MOST}
        )


@dataclass(frozen=True)
class Entry:
    """One kept product, by its key; name as it was when it was kept."""

    platform: str
    name: str
    note: str
    added_at: datetime


class Shortlist(Protocol):
    def slugs(self) -> set[str]: ...
    def entries(self) -> list[Entry]:
        """Return what is kept, the newest first."""

    def add(self, platform: Platform) -> None:
        """Keep a product; one that is kept already stays as it is. Raises ShortlistFull."""

    def remove(self, slug: str) -> Entry | None:
        """Let go of a product and return what was kept of it; None when it was not there."""

    def write_note(self, slug: str, note: str) -> None: ...
    def clear(self) -> list[Entry]: ...
    def restore(self, entries: Iterable[Entry]) -> None:
        """Put back what was removed, as it was; what was kept again meanwhile stays."""


def shortlist_of(request: HttpRequest) -> Shortlist:
    """Return the list of whoever asks; nobody reaches another's."""
    user = request.user
    return AccountShortlist(user) if isinstance(user, User) else SessionShortlist(request.session)


class AccountShortlist:
    def __init__(self, user: User) -> None:
        self.user = user
        self.rows = ShortlistItem.objects.filter(user=user)

    def slugs(self) -> set[str]:
        return set(self.rows.values_list("platform", flat=True))

    def entries(self) -> list[Entry]:
        return [_entry(row) for row in self.rows]

    @transaction.atomic
    def add(self, platform: Platform) -> None:
        self._lock()
        if not self.rows.filter(platform=platform.slug).exists():
            if self.rows.count() >= MOST:
                raise ShortlistFull
            self.rows.create(user=self.user, platform=platform.slug, name=platform.name)

    @transaction.atomic
    def remove(self, slug: str) -> Entry | None:
        self._lock()
        row = self.rows.filter(platform=slug).first()
        if row is None:
            return None
        row.delete()
        return _entry(row)

    def write_note(self, slug: str, note: str) -> None:
        self.rows.filter(platform=slug).update(note=note[:MOST_NOTE])

    @transaction.atomic
    def clear(self) -> list[Entry]:
        self._lock()
        entries = self.entries()
        self.rows.delete()
        return entries

    @transaction.atomic
    def restore(self, entries: Iterable[Entry]) -> None:
        """Keep both notes where they differ. May go past MOST: nothing that somebody kept is lost."""
        self._lock()
        kept = {row.platform: row for row in self.rows}
        for entry in entries:
            row = kept.get(entry.platform)
            if row is None:
                self.rows.create(user=self.user, **vars(entry))
            elif entry.note and entry.note not in row.note:
                row.note = "\n".join(note for note in (row.note, entry.note) if note)
                row.save(update_fields=["note"])

    def _lock(self) -> None:
        """Let one tab at a time change the list."""
        User.objects.select_for_update().only("pk").get(pk=self.user.pk)


class SessionShortlist:
    def __init__(self, session: SessionBase) -> None:
        self.session = session

    def slugs(self) -> set[str]:
        return set(self.session.get(_KEPT, {}))

    def entries(self) -> list[Entry]:
        entries = [_read(slug, kept) for slug, kept in self.session.get(_KEPT, {}).items()]
        return sorted(entries, key=lambda entry: entry.added_at, reverse=True)

    def add(self, platform: Platform) -> None:
        with self._changing() as kept:
            if platform.slug not in kept:
                if len(kept) >= MOST:
                    raise ShortlistFull
                kept[platform.slug] = _written(Entry(platform.slug, platform.name, "", timezone.now()))

    def remove(self, slug: str) -> Entry | None:
        with self._changing() as kept:
            return _read(slug, kept.pop(slug)) if slug in kept else None

    def write_note(self, slug: str, note: str) -> None:
        with self._changing() as kept:
            if slug in kept:
                kept[slug]["note"] = note[:MOST_NOTE]

    def clear(self) -> list[Entry]:
        with self._changing() as kept:
            entries = [_read(slug, value) for slug, value in kept.items()]
            kept.clear()
            return entries

    def restore(self, entries: Iterable[Entry]) -> None:
        with self._changing() as kept:
            for entry in entries:
                kept.setdefault(entry.platform, _written(entry))

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Any]]:
        """Give the list as it is stored now, and store it before another tab may change it.

        A session is otherwise read at the start of a request and written whole at its end, so that of two tabs one loses.
        """
        with transaction.atomic():
            key = self.session.session_key
            if key and Session.objects.select_for_update().filter(pk=key).first():
                stored = type(self.session)(key)
                kept = stored.get(_KEPT, {})
                yield kept
                stored[_KEPT] = kept
                stored.save()
                modified = self.session.modified
                self.session[_KEPT] = kept
                self.session.modified = modified  # stored already; the end of the request need not
            else:
                kept = dict(self.session.get(_KEPT, {}))
                yield kept
                self.session[_KEPT] = kept


def remember_removed(session: SessionBase, entries: Iterable[Entry]) -> None:
    """Keep what was removed last, so that it can be undone."""
    session[_REMOVED] = {entry.platform: _written(entry) for entry in entries}


def last_removed(session: SessionBase) -> list[Entry]:
    return [_read(slug, kept) for slug, kept in session.get(_REMOVED, {}).items()]


def forget_removed(session: SessionBase) -> None:
    session.pop(_REMOVED, None)


def carry_into_account(sender: type[Any], request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """Move what a visitor kept before signing in to the account; nothing is lost, nothing doubled."""
    session = getattr(request, "session", None)
    if session is not None and isinstance(user, User) and session.get(_KEPT):
        AccountShortlist(user).restore(SessionShortlist(session).entries())
        session.pop(_KEPT)


def connect() -> None:
    user_logged_in.connect(carry_into_account, dispatch_uid="shortlist-into-account")
    personal_data.register(personal_data.Holding("shortlist", _exported, _erased))


def _exported(user: User) -> list[dict[str, Any]]:
    return [vars(entry) for entry in AccountShortlist(user).entries()]


def _erased(user: User) -> None:
    AccountShortlist(user).clear()


def _entry(row: ShortlistItem) -> Entry:
    return Entry(row.platform, row.name, row.note, row.added_at)


def _read(slug: str, kept: Mapping[str, str]) -> Entry:
    return Entry(slug, kept["name"], kept["note"], datetime.fromisoformat(kept["added_at"]))


def _written(entry: Entry) -> dict[str, str]:
    return {"name": entry.name, "note": entry.note, "added_at": entry.added_at.isoformat()}
