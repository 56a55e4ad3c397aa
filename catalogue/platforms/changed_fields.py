"""What of a listing a save changed, in names that stay, and in words for readers."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Platform

# Changed by rows of other tables.
ALSO, EVIDENCE, VENDOR, PACKAGES, CONNECTIONS = "also", "evidence", "vendor", "packages", "connections"
# The day of the level follows the level and the evidence.
_UNSEEN = {"id", "created_at", "updated_at", "assured_on", "listed_at", "retired_at"}
_TOGETHER: dict[str, Promise] = {
    **dict.fromkeys(("pricing_model", "pricing_note", "price_min", "price_max", "price_unit", PACKAGES), _("giá")),
    **dict.fromkeys(("category", ALSO), _("nhóm")),
    CONNECTIONS: _("kết nối"),
    EVIDENCE: _("bằng chứng"),
}


def of_save(row: Model) -> list[str]:
    """Return the fields that a save is about to change, by asking what stands in the table. A new row changes none."""
    if row._state.adding or row.pk is None:
        return []
    fields = [field for field in type(row)._meta.concrete_fields if field.name not in _UNSEEN]
    before = type(row)._base_manager.filter(pk=row.pk).values(*(field.attname for field in fields)).first()
    if before is None:
        return []
    return [field.name for field in fields if before[field.attname] != field.to_python(getattr(row, field.attname))]


def labels(names: Iterable[str]) -> list[str]:
    """Return what changed in words, each once, in the order of a listing; a name of another time as it is."""
    order = [*(field.name for field in Platform._meta.concrete_fields), PACKAGES, CONNECTIONS, EVIDENCE]
    order.insert(order.index("category") + 1, ALSO)
    known = sorted(names, key=lambda name: (order.index(name) if name in order else len(order), name))
    return list(dict.fromkeys(_label(name) for name in known))


def _label(name: str) -> str:
    if name in _TOGETHER:
        return str(_TOGETHER[name])
    field = next((field for field in Platform._meta.concrete_fields if field.name == name), None)
    return str(field.verbose_name) if field else name
