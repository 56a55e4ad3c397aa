"""Bringing products in: a file is looked at, what it would do is shown, and then all of it is done, or nothing."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.accounts.models import Organisation, User
from catalogue.audit.record import record
from catalogue.common.errors import DomainError
from catalogue.documents.services import plain_name
from catalogue.platforms import editing
from catalogue.platforms.content import parse
from catalogue.platforms.models import Platform

from .models import Import, ImportState
from .opening import Opened, Row, Tables
from .planning import Plan, Planned, Problem, plan


class RowsRefused(DomainError):
    """Rows of a file that cannot be kept; nothing of the file was. `problems` says where and why."""

    code = "rows_refused"

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.details = [
            {"field": f"{one.table}.{one.row}.{one.column}".rstrip("."), "detail": one.sentence} for one in problems
        ]
        n = len(problems)
        super().__init__(
            ngettext("Tệp có %(n)d lỗi, nên chưa có gì được nhập.", "Tệp có %(n)d lỗi, nên chưa có gì được nhập.", n)
            % {"n": n}
        )


class PlanOutdated(DomainError):
    """Between the check and the decision a product came to say something else. Nothing was written."""

    code = "plan_outdated"

    def __init__(self) -> None:
        super().__init__(
            _("Từ lúc kiểm tra đã có người sửa sản phẩm, nên chưa có gì được nhập. Hãy xem lại rồi xác nhận.")
        )


class AlreadyDone(DomainError):
    """The file was brought in before."""

    code = "already_imported"

    def __init__(self) -> None:
        super().__init__(_("Tệp này đã được nhập rồi."))


@transaction.atomic
def receive(vendor: Organisation, file: Opened, *, name: str, by: User, now: datetime) -> Import:
    """Keep the rows of a file until somebody decides. What nobody decided on, this person's last file too, is forgotten."""
    Import.objects.forgotten(now).delete()
    Import.objects.waiting().filter(organisation=vendor, by=by).delete()
    ending = re.search(r"(?i)\.([a-z]{2,5})$", name)
    return Import.objects.create(
        organisation=vendor,
        by=by,
        file_name=plain_name(name, ending[1].lower() if ending else "txt"),
        tables={table: [[row.number, row.cells, row.faults] for row in rows] for table, rows in file.tables.items()},
        notes=file.notes,
        created_at=now,
    )


def plan_of(received: Import) -> Plan:
    """Return what the file would do as things stand."""
    return plan(received.organisation, tables_of(received))


def tables_of(received: Import) -> Tables:
    return {
        table: [Row(number, cells, faults) for number, cells, faults in rows] for table, rows in received.tables.items()
    }


@transaction.atomic
def bring_in(vendor: Organisation, file: Opened, *, name: str, by: User, now: datetime) -> tuple[Import, Plan]:
    """Check and do in one go, for who asks no question in between. Raises RowsRefused; then nothing is kept."""
    received = receive(vendor, file, name=name, by=by, now=now)
    wanted = plan_of(received)
    return confirm(received, digest=wanted.digest, by=by, now=now), wanted


@transaction.atomic
def confirm(received: Import, *, digest: str, by: User, now: datetime) -> Import:
    """Do what the file says: every product becomes a draft, or is changed in its draft; nothing becomes public.

    digest: of the plan that was shown. Raises AlreadyDone, RowsRefused, PlanOutdated; then nothing was written.
    """
    held = Import.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=received.pk)
    if held.is_done:
        raise AlreadyDone
    wanted = plan_of(held)
    if wanted.problems:
        raise RowsRefused(wanted.problems)
    if wanted.digest != digest:
        raise PlanOutdated
    result = carry_out(held.organisation, wanted, by=by, now=now)
    moved = Import.objects.filter(pk=held.pk, state=ImportState.CHECKED).update(
        state=ImportState.DONE, done_at=now, by=by, result=result, tables={}, notes=[]
    )
    if not moved:
        raise AlreadyDone
    counts = {what: len(result[what]) for what in ("created", "changed")}
    record(
        "import.done", held, by=by, at=now, organisation=held.organisation_id, unchanged=result["unchanged"], **counts
    )
    held.refresh_from_db()
    return held


def discard(received: Import) -> None:
    """Forget a file that was not brought in. Raises AlreadyDone."""
    deleted, _rows = Import.objects.waiting().filter(pk=received.pk).delete()
    if not deleted:
        raise AlreadyDone


@transaction.atomic
def carry_out(vendor: Organisation, wanted: Plan, *, by: User, now: datetime) -> dict[str, Any]:
    """Write a plan without problems, and return {"created": [slugs], "changed": [slugs], "unchanged": count}.

    Raises PlanOutdated when a product is no longer what the plan was made from; then nothing was written.
    """
    try:
        created = [_begin(vendor, one, by=by, now=now) for one in wanted.created]
        changed = [_change(one.platform, one, by=by, now=now) for one in wanted.changed if one.platform]
    except (editing.EditConflict, editing.IllegalMove) as conflict:
        raise PlanOutdated from conflict
    return {"created": created, "changed": changed, "unchanged": len(wanted.unchanged)}


def _begin(vendor: Organisation, one: Planned, *, by: User, now: datetime) -> str:
    values = one.after.as_json()
    revision = editing.start(vendor, name=values["name"], category=values["category"], by=by, now=now)
    rest = {field: values[field] for field in one.fields if field not in ("name", "category")}
    if rest:
        editing.rewrite(revision, values=rest, version=revision.version, by=by, now=now)
    return revision.platform.slug


def _change(platform: Platform, one: Planned, *, by: User, now: datetime) -> str:
    revision = editing.revise(platform, by=by, now=now)
    if parse(revision.content) != one.before:
        raise PlanOutdated
    values = one.after.as_json()
    editing.rewrite(
        revision, values={field: values[field] for field in one.fields}, version=revision.version, by=by, now=now
    )
    return platform.slug
