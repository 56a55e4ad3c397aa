"""Rows that record what happened: written once, never changed, never deleted.

Python refuses first, with a sentence for whoever wrote the call; triggers made by a migration refuse in the database, for
what goes past Python. Emptying a whole table (TRUNCATE, as tests do) stays possible to who owns it.
"""

from typing import Any, NoReturn

from django.db import models


class AppendOnlyError(RuntimeError):
    """Code tried to change the past."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Reads and adds; everything that would change or remove a row is refused."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} is append-only")

    update = delete = bulk_update = update_or_create = _raw_delete = _refuse
    aupdate = adelete = abulk_update = aupdate_or_create = _refuse

    def bulk_create(self, objs: Any, *args: Any, update_conflicts: bool = False, **kwargs: Any) -> Any:
        if update_conflicts:
            self._refuse()
        return super().bulk_create(objs, *args, **kwargs)


class AppendOnly(models.Model):
    """A row that is written once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} is append-only")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{type(self).__name__} is append-only")
