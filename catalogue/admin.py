"""Index of the admin pages, for Django."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from . import (
    admin_accounts,  # noqa: F401 (registers people, and the one way in)
    admin_criteria,  # noqa: F401 (registers its pages)
    admin_disputes,  # noqa: F401 (registers its pages)
    admin_revisions,  # noqa: F401 (registers its pages)
    admin_vetting,  # noqa: F401 (registers its pages)
)
from .accounts.models import Organisation, OrganisationKind
from .admin_parts import ReadOnly, asked_first, public_link
from .audit.models import Event
from .lexicon.models import Abbreviation, Concept, OutsideExample, SynonymGroup
from .notifications.models import Notice, NoticeQuerySet
from .notifications.states import State
from .organisations.models import Membership
from .organisations.names import OrganisationName, Renaming
from .places.models import Province, ProvinceName
from .platforms.changed_fields import labels
from .platforms.choices import Status
from .platforms.mistakes import MistakeReport, MistakeReportQuerySet
from .platforms.models import Category, CategoryPhrase, CategoryRelation, Change, Evidence, Platform
from .platforms.originals import BorrowedPassage, borrowed_sentences
from .platforms.packages import Package
from .platforms.particulars import Particulars, PlatformConnection
from .platforms.services import refresh_assurance, relist, retire
from .problems import admin as problems_admin  # noqa: F401  (registers its pages)
from .seeding.models import SeedRow

admin.site.site_header = admin.site.site_title = _("Quản trị danh mục nền tảng")
admin.site.index_title = _("Danh mục, từ ngữ, nhật ký")


class OrganisationNameInline(admin.TabularInline):
    model = OrganisationName
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ("name", "short_name", "kind", "state", "firm_type", "province", "platform_count", "updated_at")
    list_filter = ("kind", "state", "firm_type", "firm_size", "legal_form", "province")
    inlines = (OrganisationNameInline,)
    search_fields = ("name", "short_name", "key", "tax_code")
    search_help_text = _("Tìm theo tên, khóa hoặc mã số thuế")
    autocomplete_fields = ("parent", "province")
    readonly_fields = ("state", "refusal", "shown_since", "created_at", "updated_at")
    date_hierarchy = "updated_at"
    list_select_related = ("province",)

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        """A vendor that an operator writes down has a public page, as those of the seeds have."""
        if not change and obj.kind == OrganisationKind.VENDOR:
            obj.shown_since = timezone.now()
        super().save_model(request, obj, form, change)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        return super().get_queryset(request).annotate(n_platforms=Count("platforms"))

    @admin.display(description=_("số nền tảng"), ordering="n_platforms")
    def platform_count(self, organisation: Any) -> int:
        return organisation.n_platforms


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    """Who belongs where. Owners change it on their pages, where an organisation never loses the last of them."""

    list_display = ("user", "organisation", "role", "created_at")
    list_filter = ("role",)
    search_fields = ("user__email", "organisation__name")
    list_select_related = ("user", "organisation")
    list_per_page = 100


@admin.register(Renaming)
class RenamingAdmin(admin.ModelAdmin):
    list_display = ("former", "name", "valid_to", "source")
    search_fields = ("former", "name")


class EvidenceInline(admin.TabularInline):
    model = Evidence
    extra = 0
    readonly_fields = ("document",)


class PackageInline(admin.TabularInline):
    model = Package
    extra = 0


class ConnectionInline(admin.TabularInline):
    model = PlatformConnection
    extra = 0


_PARTICULARS = tuple(field.name for field in Particulars._meta.get_fields())


@admin.register(Platform)
class PlatformAdmin(admin.ModelAdmin):
    list_display = ("name", "vendor_name", "category", "status", "assurance", "assured_on", "updated_at", "page")
    list_filter = ("status", "assurance", "pricing_model", "category__parent", "vendor__province")
    search_fields = ("name", "slug", "summary", "vendor__name", "vendor__short_name")
    search_help_text = _("Tìm theo tên, khóa, tóm tắt hoặc nhà cung cấp")
    autocomplete_fields = ("vendor", "category", "also")
    readonly_fields = ("assurance", "assured_on", "listed_at", "retired_at", "created_at", "updated_at", "said_before")
    date_hierarchy = "updated_at"
    list_select_related = ("vendor", "category")
    list_per_page = 50
    inlines = (EvidenceInline, PackageInline, ConnectionInline)
    actions = ("mark_discontinued", "mark_active", "take_off", "put_on")
    fieldsets = (
        (None, {"fields": ("name", "slug", "vendor", "category", "also", "status", "launched", "website")}),
        (_("Nội dung"), {"fields": ("summary", "description", "capabilities", "solves", "customers", "deployment")}),
        (_("Đoạn giống nền tảng đăng trước"), {"fields": ("said_before",)}),
        (_("Giá"), {"fields": ("pricing_model", "pricing_note", "price_min", "price_max", "price_unit")}),
        (_("Triển khai, dữ liệu, an toàn"), {"fields": _PARTICULARS}),
        (
            _("Nguồn và mức bảo đảm"),
            {"fields": ("sources", "assurance", "assured_on", "listed_at", "retired_at", "created_at", "updated_at")},
        ),
    )

    @admin.display(description=_("nhà cung cấp"), ordering="vendor__short_name")
    def vendor_name(self, platform: Platform) -> str:
        return platform.vendor.short_name

    @admin.display(description=_("đoạn giống"))
    def said_before(self, platform: Platform) -> str:
        """What the listing says that another vendor's said before, for whoever checks it."""
        found = borrowed_sentences(platform) if platform.pk else []
        if not found:
            return gettext("Không có.")
        return format_html_join(
            "",
            "<p>“{}”<br>{}</p>",
            (
                (
                    one.sentence,
                    gettext(
                        "Đoạn này giống danh mục của %(platform)s, đăng trước, ngày %(date)s. Không tính khi xếp hạng."
                    )
                    % {
                        "platform": one.original.name
                        if one.original
                        else gettext("một nền tảng không còn trong danh mục"),
                        "date": date_format(timezone.localtime(one.said_at), "d/m/Y"),
                    },
                )
                for one in found
            ),
        )

    @admin.display(description=_("trang công khai"))
    def page(self, platform: Platform) -> SafeString:
        return public_link(platform.get_absolute_url())

    @admin.action(description=_("Ghi là đã ngừng cung cấp"), permissions=["change"])
    def mark_discontinued(self, request: HttpRequest, rows: QuerySet[Platform]) -> HttpResponse | None:
        return asked_first(
            self,
            request,
            rows,
            title=gettext("Ghi là đã ngừng cung cấp?"),
            consequence=gettext(
                "Trang của các nền tảng này sẽ ghi là đã ngừng cung cấp, và chúng không còn đứng trong danh sách gợi ý chính."
            ),
            action="mark_discontinued",
            change=partial(_set_status, status=Status.DISCONTINUED),
        )

    @admin.action(description=_("Ghi là đang cung cấp"), permissions=["change"])
    def mark_active(self, request: HttpRequest, rows: QuerySet[Platform]) -> HttpResponse | None:
        return asked_first(
            self,
            request,
            rows,
            title=gettext("Ghi là đang cung cấp?"),
            consequence=gettext("Trang của các nền tảng này sẽ ghi là đang cung cấp, và chúng lại có thể được gợi ý."),
            action="mark_active",
            change=partial(_set_status, status=Status.ACTIVE),
        )

    @admin.action(description=_("Rút khỏi danh mục"), permissions=["change"])
    def take_off(self, request: HttpRequest, rows: QuerySet[Platform]) -> HttpResponse | None:
        return asked_first(
            self,
            request,
            rows,
            title=gettext("Rút khỏi danh mục?"),
            consequence=gettext("Trang của các nền tảng này không còn ai mở được. Có thể đưa vào lại."),
            action="take_off",
            change=lambda row: gettext("Rút khỏi danh mục") if retire(row, now=timezone.now()) else "",
        )

    @admin.action(description=_("Đưa vào danh mục"), permissions=["change"])
    def put_on(self, request: HttpRequest, rows: QuerySet[Platform]) -> HttpResponse | None:
        return asked_first(
            self,
            request,
            rows.exclude(summary=""),
            title=gettext("Đưa vào danh mục?"),
            consequence=gettext(
                "Ai cũng xem được trang của các nền tảng này. Bản nháp chưa có tóm tắt thì không đưa vào được."
            ),
            action="put_on",
            change=lambda row: gettext("Đưa vào danh mục") if relist(row, now=timezone.now()) else "",
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The evidence just saved decides the level."""
        super().save_related(request, form, formsets, change)
        refresh_assurance(form.instance)
        form.instance.save(update_fields=["assurance", "assured_on", "updated_at"])


def _set_status(platform: Platform, status: Status) -> str:
    """Change the status of a platform row by row, so that followers of the catalogue see each change."""
    if platform.status == status:
        return ""
    platform.status = status
    platform.save(update_fields=["status", "updated_at"])
    return gettext("Tình trạng: %(status)s") % {"status": status.label}


@admin.register(BorrowedPassage)
class BorrowedPassageAdmin(ReadOnly):
    """Where a listing says what another vendor's said before; it is settled when a listing is saved."""

    list_display = ("text", "platform", "original", "said_at")
    search_fields = ("text", "platform__name", "platform__slug", "original__name")
    date_hierarchy = "said_at"
    list_select_related = ("platform", "original")
    list_per_page = 50


@admin.register(Evidence)
class EvidenceAdmin(ReadOnly):
    """To look through what is cited; it is changed on the page of its platform, where the level follows it."""

    list_display = ("title", "platform", "kind", "year", "seen_on", "url")
    list_filter = ("kind", "year")
    search_fields = ("title", "url", "note", "platform__name")
    date_hierarchy = "seen_on"
    list_select_related = ("platform",)
    list_per_page = 50


class PhraseInline(admin.TabularInline):
    model = CategoryPhrase
    fk_name = "category"
    extra = 0
    autocomplete_fields = ("instead",)


class RelationInline(admin.TabularInline):
    model = CategoryRelation
    fk_name = "category"
    extra = 0
    autocomplete_fields = ("related",)


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ("label_vi", "label_en", "parent", "scheme", "scheme_item", "position", "platform_count")
    list_filter = ("parent", "scheme")
    search_fields = ("key", "label_vi", "label_en")
    list_select_related = ("parent", "scheme")
    autocomplete_fields = ("parent",)
    inlines = (PhraseInline, RelationInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return super().get_queryset(request).annotate(n_platforms=Count("platforms"))

    @admin.display(description=_("số nền tảng"), ordering="n_platforms")
    def platform_count(self, category: Any) -> int:
        return category.n_platforms


@admin.register(Abbreviation)
class AbbreviationAdmin(admin.ModelAdmin):
    list_display = ("short", "expansions", "field")
    list_filter = ("field",)
    search_fields = ("short", "expansions")


@admin.register(SynonymGroup)
class SynonymGroupAdmin(admin.ModelAdmin):
    list_display = ("key", "kind", "terms")
    list_filter = ("kind",)
    search_fields = ("key", "terms")


@admin.register(Concept)
class ConceptAdmin(admin.ModelAdmin):
    list_display = ("key", "problem", "capability")
    search_fields = ("key", "problem", "capability")


@admin.register(OutsideExample)
class OutsideExampleAdmin(admin.ModelAdmin):
    list_display = ("text", "kind")
    list_filter = ("kind",)
    search_fields = ("text",)


class ProvinceNameInline(admin.TabularInline):
    model = ProvinceName
    extra = 0


@admin.register(Province)
class ProvinceAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "kind", "valid_from")
    list_filter = ("kind", "valid_from")
    search_fields = ("name", "names__name")
    inlines = (ProvinceNameInline,)


@admin.register(Change)
class ChangeAdmin(ReadOnly):
    """Every change of what is listed, in the order of commits."""

    list_display = ("sequence", "at", "what", "changed")
    search_fields = ("slug",)
    search_help_text = _("Tìm theo khóa của nền tảng")
    date_hierarchy = "at"
    list_per_page = 100

    @admin.display(description=_("nền tảng"), ordering="slug")
    def what(self, change: Change) -> str:
        return change.slug or gettext("mọi nền tảng")

    @admin.display(description=_("đổi chỗ nào"))
    def changed(self, change: Change) -> str:
        return ", ".join(labels(change.fields or []))


@admin.register(SeedRow)
class SeedRowAdmin(ReadOnly):
    """Which rows of the seed files were loaded, as they stood."""

    list_display = ("file", "key", "digest")
    list_filter = ("file",)
    search_fields = ("file", "key")
    list_per_page = 100


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnly):
    """Who did what in the admin."""

    list_display = ("action_time", "user", "action_flag", "content_type", "object_repr", "get_change_message")
    list_filter = ("action_flag", "content_type")
    search_fields = ("object_repr", "change_message", "user__email")
    date_hierarchy = "action_time"
    list_select_related = ("user", "content_type")


@admin.register(MistakeReport)
class MistakeReportAdmin(admin.ModelAdmin):
    """What readers reported. Nothing of it can be changed here but whether it was handled."""

    list_display = ("platform", "about", "status", "created_at", "handled_at", "handled_by")
    list_filter = ("status", "about", "created_at")
    search_fields = ("platform__name", "platform__slug", "reason")
    list_select_related = ("platform", "handled_by")
    date_hierarchy = "created_at"
    actions = ("mark_handled", "mark_new")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: MistakeReport | None = None) -> list[str]:
        return [field.name for field in MistakeReport._meta.fields]

    @admin.action(permissions=["change"], description=_("Đánh dấu đã xử lý, xóa thư điện tử"))
    def mark_handled(self, request: HttpRequest, reports: MistakeReportQuerySet) -> None:
        n = reports.handle(request.user)
        self.message_user(request, ngettext("Đã xử lý %(n)d báo cáo.", "Đã xử lý %(n)d báo cáo.", n) % {"n": n})

    @admin.action(permissions=["change"], description=_("Đánh dấu mới trở lại"))
    def mark_new(self, request: HttpRequest, reports: MistakeReportQuerySet) -> None:
        n = reports.reopen()
        self.message_user(request, ngettext("Đã mở lại %(n)d báo cáo.", "Đã mở lại %(n)d báo cáo.", n) % {"n": n})


@admin.register(Event)
class EventAdmin(ReadOnly):
    """Who did what to which row."""

    list_display = ("at", "action", "target_type", "target_label", "target_id", "by", "facts")
    list_filter = ("action", "target_type")
    search_fields = ("action", "target_label", "=target_id", "=by")
    search_help_text = _("Tìm theo việc, đối tượng, số của đối tượng hoặc số của người làm")
    date_hierarchy = "at"
    list_per_page = 100


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    """What was told to whom, and what became of it. The texts are not kept: they are made when a mail is sent."""

    list_display = ("created_at", "kind", "state", "due_at", "sent_at", "attempts", "failure", "digest")
    list_filter = ("state", "kind", "digest")
    search_fields = ("=id", "about", "failure")
    search_help_text = _("Tìm theo số, việc hoặc lỗi")
    date_hierarchy = "created_at"
    list_per_page = 100
    actions = ("send_again",)

    @admin.action(description=_("Gửi lại thông báo không gửi được"), permissions=["view"])
    def send_again(self, request: HttpRequest, rows: NoticeQuerySet) -> HttpResponse | None:
        return asked_first(
            self,
            request,
            rows.filter(state=State.FAILED),
            title=gettext("Gửi lại?"),
            consequence=gettext("Những thông báo này sẽ được gửi ở lượt tới, trong vòng một phút."),
            action="send_again",
            change=_send_again,
        )


def _send_again(notice: Notice) -> str:
    """Let a notice that was given up wait for its next attempt."""
    moved = Notice.objects.filter(pk=notice.pk, state=State.FAILED).move(
        State.WAITING, attempts=0, due_at=timezone.now()
    )
    return gettext("Gửi lại") if moved else ""
