"""What a vendor does with a product's text: begin, write, hand in, take back; and what is decided about it.

One function a use case. Who may call it is settled by the querysets that its caller took the rows from.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from catalogue.accounts.models import Organisation, User
from catalogue.audit.record import record
from catalogue.common.errors import DomainError
from catalogue.common.text import slug
from catalogue.documents.models import Document
from catalogue.organisations.registering import show

from . import changes
from .capabilities import Capability
from .content import STEPS, Content, ContentInvalid, Fields, Step, changed, missing, parse, step_of
from .models import Category, Platform
from .publishing import apply, content_of
from .revisions import FieldRule, Revision, RevisionState
from .slogans import findings

_LONGEST_SLUG = 70
_ATTEMPTS = 20  # of whom writes at the same moment under the same name, each round one gets through


class EditConflict(DomainError):
    """Somebody else saved this step after the writer had opened it. Nothing was written.

    `theirs` and `yours` hold the step's fields as they are saved and as they were sent; `version` is to be sent next.
    """

    code = "edit_conflict"

    def __init__(self, revision: Revision, step: Step, yours: dict[str, Any]) -> None:
        self.revision, self.step, self.version = revision, step, revision.version
        self.theirs = {field: revision.content[field] for field in STEPS[step]}
        self.yours = yours
        self.members = {"theirs": self.theirs, "yours": self.yours, "version": self.version}
        super().__init__(_("Người khác vừa lưu phần này. Nội dung của bạn chưa ghi đè lên gì cả."))


class Outdated(DomainError):
    """Somebody saved something after who hands in had read it. Nothing was handed in."""

    code = "outdated"

    def __init__(self, revision: Revision) -> None:
        self.members = {"version": revision.version}
        super().__init__(_("Nội dung vừa được người khác sửa. Hãy xem lại trước khi nộp."))


class IllegalMove(DomainError):
    """The revision is not in a state in which this can be done."""

    code = "illegal_move"

    def __init__(self, revision: Revision) -> None:
        super().__init__(
            _("Bản này đang ở bước “%(state)s”, không làm được việc đó.") % {"state": revision.get_state_display()}
        )


class Incomplete(DomainError):
    """The product cannot be handed in yet; `fields` says what is missing or must be rewritten, and why."""

    code = "incomplete"

    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        super().__init__(_("Hồ sơ chưa nộp được: còn chỗ phải điền hoặc viết lại."))


class NothingChanged(DomainError):
    """The text is what the public already sees."""

    code = "nothing_changed"

    def __init__(self) -> None:
        super().__init__(_("Bản này giống hệt bản đang công bố, nên không có gì để nộp."))


class ReasonMissing(DomainError):
    """A product is never returned without saying why."""

    code = "reason_missing"

    def __init__(self) -> None:
        super().__init__(_("Hãy ghi lý do trả lại."))


def start(vendor: Organisation, *, name: str, category: str, by: User, now: datetime) -> Revision:
    """Begin a new product: a platform that the public does not see, and its first draft. Raises ContentInvalid."""
    content = parse({"name": name, "category": category})
    check_references(content, vendor)
    if not content.category:
        raise ContentInvalid({"category": [_("Hãy chọn một nhóm.")]})
    leaf = Category.objects.leaves_only().get(key=content.category)
    for attempt in range(_ATTEMPTS):
        try:
            with transaction.atomic():
                platform = Platform.objects.create(
                    slug=_free_slug(content.name, vendor), name=content.name, vendor=vendor, category=leaf
                )
                return _draft(platform, content, base=content_of(platform), base_number=None, by=by, now=now)
        except IntegrityError:  # another product took the address in the same moment
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def revise(platform: Platform, *, by: User, now: datetime) -> Revision:
    """Return the platform's open revision, or begin one: from what was last returned or withdrawn, else from what is public."""
    try:
        with transaction.atomic():
            Platform.objects.select_for_update().get(pk=platform.pk)
            last = _last(platform)
            if last and last.state in RevisionState.open():
                return last
            number = last.number if last else None
            return _draft(platform, standing(platform), base=content_of(platform), base_number=number, by=by, now=now)
    except IntegrityError:  # somebody else began one in the same moment
        return platform.revisions.open().get()


def standing(platform: Platform) -> Content:
    """Return what the vendor's text is now: of the open revision, else what a new one begins from. Raises ContentInvalid."""
    last = _last(platform)
    again = last is not None and last.state != RevisionState.PUBLISHED
    return parse(last.content) if last and again else content_of(platform)


def _last(platform: Platform) -> Revision | None:
    return platform.revisions.order_by("-number").first()


@transaction.atomic
def edit(revision: Revision, *, step: Step, values: dict[str, Any], version: int, by: User, now: datetime) -> Revision:
    """Save the fields of one step, plain values of `content.Content`, and return the revision as it is now.

    version: the one that the writer saw. Somebody else's save of another step in between is no conflict: both are kept.
    Raises EditConflict, IllegalMove when it is no draft, and ContentInvalid.
    """
    current = Revision.objects.select_for_update().select_related("platform__vendor").get(pk=revision.pk)
    if not current.is_draft:
        raise IllegalMove(current)
    known = {field: values[field] for field in STEPS[step] if field in values}
    content = parse({**current.content, **known})
    if current.saved.get(step, 0) > version:
        if not set(changed(content, parse(current.content))):  # sent twice: what is saved is what was meant
            return current
        raise EditConflict(current, step, known)
    check_references(content, current.platform.vendor)
    if not _keep(current, content, [step], by=by, now=now):
        raise EditConflict(current, step, known)
    return current


@transaction.atomic
def rewrite(revision: Revision, *, values: dict[str, Any], version: int, by: User, now: datetime) -> Revision:
    """Save fields of whatever steps at once, as a file brings them, and return the revision as it is now.

    Raises EditConflict when anything at all was saved since `version`, IllegalMove when it is no draft, and ContentInvalid.
    """
    current = Revision.objects.select_for_update().select_related("platform__vendor").get(pk=revision.pk)
    if not current.is_draft:
        raise IllegalMove(current)
    steps = list(dict.fromkeys(step_of(field) for field in values))
    content = parse({**current.content, **values})
    check_references(content, current.platform.vendor)
    if current.version != version or not _keep(current, content, steps, by=by, now=now):
        raise EditConflict(current, steps[0], values)
    return current


def _keep(current: Revision, content: Content, steps: list[Step], *, by: User, now: datetime) -> bool:
    """Write the content if nobody saved since it was read, and say whether it was. The guard is the UPDATE."""
    number = current.version + 1
    moved = Revision.objects.filter(pk=current.pk, version=current.version, state=RevisionState.DRAFT).update(
        content=content.as_json(),
        version=number,
        saved={**current.saved, **dict.fromkeys(steps, number)},
        edited_by=by,
        edited_at=now,
    )
    current.refresh_from_db()
    if moved and "name" in steps and current.platform.listed_at is None:
        # An unlisted row is the draft's own; its lists show the name.
        Platform.objects.filter(pk=current.platform_id, listed_at=None).update(name=content.name)
    return bool(moved)


def submit(revision: Revision, *, by: User, now: datetime, version: int | None = None) -> Revision:
    """Hand the draft in. A listed platform whose changes need no review is published at once.

    version: the one that was read before; None: the one given. Raises Outdated, Incomplete, NothingChanged, IllegalMove.
    """
    if version not in (None, revision.version):
        raise Outdated(revision)
    content = parse(revision.content)
    problems = what_is_missing(revision.platform, content)
    if problems:
        raise Incomplete(problems)
    listed = revision.platform.listed_at is not None and revision.platform.retired_at is None
    fields = changed(content, content_of(revision.platform))
    if listed and not fields:
        raise NothingChanged
    with transaction.atomic():
        _move(revision, RevisionState.SUBMITTED, submitted_at=now, edited_by=by)
        _write_down(revision, "submitted", by, now)
        if listed and not material(fields):
            publish(revision, by=None, now=now)
    return revision


@transaction.atomic
def withdraw(revision: Revision, *, by: User, now: datetime) -> Revision:
    """Take a draft or what was handed in back. Its text is where the next revision begins. Raises IllegalMove."""
    _move(revision, RevisionState.WITHDRAWN, decided_at=now, decided_by=by)
    _write_down(revision, "withdrawn", by, now)
    return revision


@transaction.atomic
def publish(revision: Revision, *, by: User | None, now: datetime) -> Revision:
    """Make what was handed in public: one transaction. by: None when no review was needed. Raises IllegalMove.

    Only the fields that the vendor changed are written: what an operator corrected meanwhile in others stays.
    """
    platform = Platform.objects.select_for_update().get(pk=revision.platform_id)
    _move(revision, RevisionState.PUBLISHED, decided_at=now, decided_by=by)
    content = parse(revision.content)
    fields = changed(content, parse(revision.base_content))
    with changes.batched():
        apply(platform, content, list(Content.model_fields) if platform.listed_at is None else fields, now)
    show(platform.vendor, by=by, now=now)
    _write_down(revision, "published", by, now)
    revision.platform = platform
    return revision


@transaction.atomic
def return_(revision: Revision, *, reason: str, by: User | None, now: datetime) -> Revision:
    """Send what was handed in back to its vendor, with the reason. Raises ReasonMissing, IllegalMove."""
    if not reason.strip():
        raise ReasonMissing
    _move(revision, RevisionState.RETURNED, reason=reason.strip(), decided_at=now, decided_by=by)
    _write_down(revision, "returned", by, now)
    return revision


def shown_at_once(revision: Revision) -> bool:
    """Say whether handing this in would publish it without a review."""
    platform = revision.platform
    if platform.listed_at is None or platform.retired_at is not None:
        return False
    fields = changed(parse(revision.content), content_of(platform))
    return bool(fields) and not material(fields)


def material(fields: list[str]) -> list[str]:
    """Name those of the fields whose change somebody has to look at first. A field without a rule is one."""
    free = set(FieldRule.objects.filter(material=False).values_list("field", flat=True))
    return [field for field in fields if field not in free]


def what_is_missing(platform: Platform, content: Content) -> Fields:
    """Return by field what keeps the content from being handed in."""
    sentences = {
        "name": _("Hãy điền tên sản phẩm."),
        "category": _("Hãy chọn nhóm chính."),
        "summary": _("Hãy viết tóm tắt."),
        "description": _("Hãy viết mô tả."),
        "solves": _("Hãy viết ít nhất 4 bài toán."),
        "capabilities": _("Hãy nêu ít nhất một chức năng."),
        "status": _("Hãy chọn tình trạng cung cấp."),
        "pricing_model": _("Hãy chọn cách tính giá."),
        "deployment": _("Hãy chọn ít nhất một cách triển khai."),
    }
    fields: Fields = {field: [sentences[field]] for field in missing(content)}
    names = [content.name, platform.vendor.name, platform.vendor.short_name]
    for at, text in enumerate(content.solves):
        if refused := [finding.sentence for finding in findings(text, names) if finding.refused]:
            fields[f"solves.{at}"] = refused
    return fields


def _move(revision: Revision, target: RevisionState, **values: object) -> Revision:
    """Take one legal step, or raise IllegalMove and change nothing. The guard is the UPDATE, so one of two wins."""
    moved = Revision.objects.filter(pk=revision.pk, state__in=target.sources, version=revision.version).update(
        state=target, **values
    )
    revision.refresh_from_db()
    if not moved:
        raise IllegalMove(revision)
    return revision


def _write_down(revision: Revision, what: str, by: User | None, now: datetime) -> None:
    record(f"revision.{what}", revision, by=by, at=now, platform=revision.platform.slug, number=revision.number)


def _draft(
    platform: Platform, content: Content, *, base: Content, base_number: int | None, by: User, now: datetime
) -> Revision:
    number = (platform.revisions.aggregate(last=Max("number"))["last"] or 0) + 1
    return Revision.objects.create(
        platform=platform,
        number=number,
        content=content.as_json(),
        base_content=base.as_json(),
        base_number=base_number,
        author=by,
        edited_by=by,
        created_at=now,
        edited_at=now,
    )


def _free_slug(name: str, vendor: Organisation) -> str:
    """Return an address for the product: its name, with the vendor's key where another has it already."""
    plain = slug(name)[:_LONGEST_SLUG].strip("-") or vendor.key
    candidates = [plain, f"{plain}-{vendor.key}"[: _LONGEST_SLUG + 5].strip("-")]
    taken = set(Platform.objects.filter(slug__startswith=plain[:40]).values_list("slug", flat=True))
    candidates += [f"{plain[:60]}-{n}" for n in range(2, len(taken) + 3)]
    return next(candidate for candidate in candidates if candidate not in taken)


def check_references(content: Content, vendor: Organisation) -> None:
    """Raise ContentInvalid when a category, a common function or a document is none that the vendor may name."""
    problems: Fields = {}
    leaves = set(
        Category.objects.leaves_only().filter(key__in=[content.category, *content.also]).values_list("key", flat=True)
    )
    if content.category and content.category not in leaves:
        problems["category"] = [_("Hãy chọn một nhóm trong danh sách.")]
    if not leaves.issuperset(content.also):
        problems["also"] = [_("Hãy chọn nhóm trong danh sách.")]
    common = set(content.common_capabilities)
    if common and Capability.objects.filter(key__in=common).count() != len(common):
        problems["common_capabilities"] = [_("Hãy chọn chức năng trong danh sách.")]
    files = {one.document for one in content.evidence if one.document}
    if files and Document.objects.filter(organisation=vendor, pk__in=files).count() != len(files):
        problems["evidence"] = [_("Tệp này không còn nữa.")]
    if problems:
        raise ContentInvalid(problems)
