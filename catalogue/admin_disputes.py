"""What operators see of challenges and appeals: to read. Reviewers decide on pages of their own."""

from django.contrib import admin

from .admin_parts import ReadOnly
from .vetting.challenges import Appeal, Challenge


@admin.register(Challenge)
class ChallengeAdmin(ReadOnly):
    """Whom to answer is not shown: nobody here needs it."""

    list_display = ("platform", "about", "made_at", "due_on", "outcome", "suspends", "answered_by")
    list_filter = ("outcome", "about", "made_at")
    search_fields = ("platform__name", "platform__slug", "reason")
    list_select_related = ("platform", "answered_by")
    exclude = ("email", "by")


@admin.register(Appeal)
class AppealAdmin(ReadOnly):
    list_display = ("__str__", "made_at", "due_on", "outcome", "decided_by")
    list_filter = ("outcome", "made_at")
    list_select_related = ("submission__platform", "challenge__platform", "decided_by")
    exclude = ("by",)
