"""Index of the admin pages, for Django."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .accounts.models import Organisation, User
from .lexicon.models import Abbreviation, Concept, OutsideExample, SynonymGroup
from .places.models import Province
from .platforms.models import Category, CategoryPhrase, CategoryRelation, Evidence, Platform
from .platforms.services import refresh_assurance


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ("email", "first_name", "last_name", "is_staff", "last_login")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Cá nhân"), {"fields": ("first_name", "last_name")}),
        (_("Quyền"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Mốc thời gian"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "password1", "password2")}),)


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "firm_type", "province")
    list_filter = ("kind", "firm_type", "legal_form")
    search_fields = ("name", "short_name", "key")
    autocomplete_fields = ("parent",)
    list_select_related = ("province",)


class EvidenceInline(admin.TabularInline):
    model = Evidence
    extra = 0


@admin.register(Platform)
class PlatformAdmin(admin.ModelAdmin):
    list_display = ("name", "vendor", "category", "status", "assurance", "assured_on")
    list_filter = ("status", "assurance", "category__parent")
    search_fields = ("name", "slug", "summary", "vendor__name")
    autocomplete_fields = ("vendor", "category", "also")
    readonly_fields = ("assurance", "assured_on", "created_at", "updated_at")
    list_select_related = ("vendor", "category")
    inlines = (EvidenceInline,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The evidence just saved decides the level."""
        super().save_related(request, form, formsets, change)
        refresh_assurance(form.instance)
        form.instance.save(update_fields=["assurance", "assured_on", "updated_at"])


class PhraseInline(admin.TabularInline):
    model = CategoryPhrase
    fk_name = "category"
    extra = 0


class RelationInline(admin.TabularInline):
    model = CategoryRelation
    fk_name = "category"
    extra = 0


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ("label_vi", "label_en", "parent", "scheme")
    list_filter = ("parent", "scheme")
    search_fields = ("key", "label_vi", "label_en")
    list_select_related = ("parent", "scheme")
    inlines = (PhraseInline, RelationInline)


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


@admin.register(Province)
class ProvinceAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "kind", "valid_from")
    search_fields = ("name", "names__name")
