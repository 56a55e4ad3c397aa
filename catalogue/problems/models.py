"""Problems that agencies state in public for firms to answer, and the office that takes them in."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q, Value
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from catalogue.accounts.models import Organisation, OrganisationKind, User
from catalogue.common.models import Timestamped, one_of
from catalogue.common.text import slug as slug_of
from catalogue.platforms.models import Category

from .querysets import ProblemQuerySet, ReceivingOfficeQuerySet, searchable
from .states import Ending, Mode, Route, State, Visibility

LONGEST_TEXT = 3_000  # characters of one part
LONGEST_REASON = 2_000
ALL_WEIGHTS = 100
LONGEST_TERM = 120  # months
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is read for something else over the telephone
_NUMBER = 6  # characters: a thousand million problems
_WORDS = 60  # characters of the title in an address


class Problem(Timestamped):
    """What an agency wants solved, in its own words. Texts are Vietnamese."""

    slug = models.SlugField(_("khóa"), max_length=80, unique=True, editable=False)
    agency = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="problems",
        limit_choices_to={"kind": OrganisationKind.AGENCY},
        verbose_name=_("cơ quan"),
        help_text=_("Tên cơ quan được công bố cùng bài toán."),
    )
    title = models.CharField(_("tên bài toán"), max_length=160)
    today = models.TextField(
        _("hiện nay ra sao"), blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)],
        help_text=_("Việc đang làm thế nào, khó ở đâu; kể việc, đừng nêu tên sản phẩm."),
    )  # fmt: skip
    affected = models.TextField(
        _("ai gặp, bao nhiêu"), blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)],
        help_text=_("Người, đơn vị, hồ sơ chịu ảnh hưởng, kèm con số."),
    )  # fmt: skip
    outcome = models.TextField(
        _("cần đạt điều gì"), blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)],
        help_text=_("Kết quả muốn có, đo bằng gì; đừng viết cách làm."),
    )  # fmt: skip
    categories = models.ManyToManyField(
        Category, related_name="problems", limit_choices_to={"parent__isnull": False}, verbose_name=_("nhóm nhu cầu")
    )
    systems = models.TextField(
        _("đang dùng phần mềm nào"), blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)],
        help_text=_("Mỗi dòng một phần mềm, cơ sở dữ liệu mà cái mới phải nối với hoặc thay cho."),
    )  # fmt: skip
    constraints = models.JSONField(
        _("ràng buộc đã xác nhận"), default=dict, blank=True
    )  # as the recommender names them
    mode = models.CharField(_("hình thức"), max_length=12, choices=Mode, blank=True)
    budget_min = models.PositiveBigIntegerField(_("ngân sách từ (đồng)"), null=True, blank=True)
    budget_max = models.PositiveBigIntegerField(_("ngân sách đến (đồng)"), null=True, blank=True)
    start_on = models.DateField(_("cần bắt đầu dùng"), null=True, blank=True)
    duration_months = models.PositiveSmallIntegerField(_("dùng trong (tháng)"), null=True, blank=True)
    weight_fit = models.PositiveSmallIntegerField(_("điểm cho mức đáp ứng"), default=50)
    weight_price = models.PositiveSmallIntegerField(_("điểm cho giá"), default=30)
    weight_delivery = models.PositiveSmallIntegerField(_("điểm cho triển khai và hỗ trợ"), default=20)
    visibility = models.CharField(_("ai đọc được"), max_length=15, choices=Visibility, default=Visibility.PUBLIC)
    invited = models.ManyToManyField(
        Organisation, related_name="invited_to", blank=True, limit_choices_to={"kind": OrganisationKind.VENDOR},
        verbose_name=_("doanh nghiệp được mời"),
    )  # fmt: skip
    not_reuse = models.TextField(
        _("vì sao không dùng lại cái đã có"), blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)]
    )
    run = models.CharField(_("lần gợi ý đã xem"), max_length=40, blank=True)  # the recommender's id of it
    version = models.PositiveIntegerField(default=1, editable=False)  # of what is written; each save counts one
    saved = models.JSONField(default=dict, editable=False)  # which version last touched each step of writing
    edited_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+")
    route = models.CharField(_("cách đăng"), max_length=10, choices=Route, default=Route.MINISTRY)
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    submitted_at = models.DateTimeField(_("lúc gửi bộ quản lý"), null=True, editable=False)
    posted_at = models.DateTimeField(_("lúc đăng"), null=True, editable=False)
    closes_at = models.DateTimeField(_("hạn trả lời"), null=True, editable=False)
    closed_at = models.DateTimeField(_("lúc đóng"), null=True, editable=False)
    ended_at = models.DateTimeField(_("lúc kết thúc"), null=True, editable=False)
    ending = models.CharField(_("kết quả"), max_length=15, choices=Ending, blank=True, editable=False)
    reason = models.TextField(_("lý do"), blank=True, editable=False)
    words = models.TextField(blank=True, editable=False)  # what searches look through, see querysets.searchable

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("bài toán")
        verbose_name_plural = _("bài toán")
        ordering = ("-posted_at", "-id")
        indexes = (models.Index(name="problem_open", fields=["state", "closes_at"]),)
        constraints = (
            one_of("state", State, "problem_state_known"),
            one_of("route", Route, "problem_route_known"),
            models.CheckConstraint(name="problem_has_title", condition=~Q(title="") & ~Q(slug="")),
            models.CheckConstraint(
                name="problem_public_is_whole",
                condition=Q(state__in=State.writable()) | (~Q(today="") & ~Q(affected="") & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="problem_public_is_dated",
                condition=(~Q(state__in=State.public()) & Q(posted_at__isnull=True))
                | Q(
                    state__in=State.public(),
                    posted_at__isnull=False,
                    closes_at__isnull=False,
                    closes_at__gt=F("posted_at"),
                ),
            ),
            models.CheckConstraint(
                name="problem_at_ministry_is_dated",
                condition=~Q(state__in=[State.MODERATION, State.RETURNED])
                | Q(state=State.MODERATION, route=Route.MINISTRY, submitted_at__isnull=False, closes_at__isnull=False)
                | Q(state=State.RETURNED, submitted_at__isnull=False),
            ),
            one_of("visibility", Visibility, "problem_visibility_known"),
            models.CheckConstraint(name="problem_mode_known", condition=Q(mode__in=["", *Mode.values])),
            models.CheckConstraint(
                name="problem_weights_are_whole",
                condition=Q(weight_fit=Value(ALL_WEIGHTS) - F("weight_price") - F("weight_delivery")),
            ),
            models.CheckConstraint(
                name="problem_budget_range",
                condition=Q(budget_min__isnull=True) | Q(budget_max__isnull=True) | Q(budget_max__gte=F("budget_min")),
            ),
            models.CheckConstraint(
                name="problem_duration_range",
                condition=Q(duration_months__isnull=True) | Q(duration_months__range=(1, LONGEST_TERM)),
            ),
            models.CheckConstraint(
                name="problem_closed_is_dated",
                condition=Q(
                    state__in=[State.CLOSED, State.ENDED], closed_at__isnull=False, closed_at__gte=F("closes_at")
                )
                | (~Q(state__in=[State.CLOSED, State.ENDED]) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="problem_never_ends_in_silence",
                condition=(Q(state=State.ENDED, ending__in=Ending.values, ended_at__isnull=False) & ~Q(reason=""))
                | (Q(state=State.WITHDRAWN, ending="", ended_at__isnull=False) & ~Q(reason=""))
                | (Q(state=State.RETURNED, ending="", ended_at__isnull=True) & ~Q(reason=""))
                | Q(
                    state__in=[State.DRAFT, State.MODERATION, State.PUBLISHED, State.CLOSED],
                    ending="",
                    ended_at__isnull=True,
                    reason="",
                ),
            ),
        )

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Give the problem its address once, and keep its words as searches compare them."""
        if not self.slug:
            self.slug = "-".join(filter(None, (slug_of(self.title)[:_WORDS].strip("-"), _number())))
        parts = (
            self.title,
            self.today,
            self.affected,
            self.outcome,
            self.number,
            self.agency.name,
            self.agency.short_name,
        )
        self.words = f" {searchable(' '.join(parts))}"
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "words"}
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.agency_id and self.agency.kind != OrganisationKind.AGENCY:
            raise ValidationError({"agency": _now("Chỉ cơ quan nhà nước đăng được bài toán.")})

    def get_absolute_url(self) -> str:
        return reverse("problem", args=[self.slug])

    @property
    def is_public(self) -> bool:
        """Whether anybody reads it; the same rule as `ProblemQuerySet.public`."""
        return self.state in State.public() and self.visibility == Visibility.PUBLIC

    @property
    def number(self) -> str:
        """What the problem is called in letters and over the telephone."""
        return self.slug.rpartition("-")[2].upper()

    def stage_at(self, now: datetime) -> State:
        """Return the state as the clock has it; the same rule as `ProblemQuerySet.with_stage`."""
        over = self.state == State.PUBLISHED and self.closes_at is not None and self.closes_at <= now
        return State.CLOSED if over else State(self.state)

    def missing(self) -> list[str]:
        """Return the names of what is still to be written before firms can answer."""
        texts = [field for field in ("title", "today", "affected", "outcome") if not getattr(self, field).strip()]
        names = [str(self._meta.get_field(field).verbose_name) for field in texts]  # type: ignore[union-attr]
        return names if self.categories.exists() else [*names, str(_("nhóm nhu cầu"))]


def _number() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_NUMBER))


class ReceivingOffice(models.Model):
    """The office of the managing ministry that takes problems by letter. Ministries change their names, hence the dates."""

    name = models.CharField(_("tên cơ quan nhận"), max_length=200)
    email = models.EmailField(_("thư điện tử"), blank=True)
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    phone = models.CharField(_("điện thoại"), max_length=40, blank=True)
    valid_from = models.DateField(_("từ ngày"))
    valid_to = models.DateField(_("đến ngày"), null=True, blank=True)
    source = models.URLField(_("nguồn"), max_length=500)

    objects = ReceivingOfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("nơi nhận bài toán")
        verbose_name_plural = _("nơi nhận bài toán")
        ordering = ("-valid_from", "-id")
        constraints = (
            models.CheckConstraint(
                name="receiving_office_can_be_reached", condition=~Q(name="") & (~Q(email="") | ~Q(address=""))
            ),
            models.CheckConstraint(
                name="receiving_office_dates", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
        )

    def __str__(self) -> str:
        return self.name
