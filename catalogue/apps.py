from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "catalogue"
    verbose_name = _("Danh mục")

    def ready(self) -> None:
        from .accounts import personal_data
        from .accounts import signals as accounts
        from .documents import personal_data as proofs
        from .documents import services as documents
        from .notifications import personal_data as notices
        from .organisations import personal_data as memberships
        from .platforms import changes, mistakes
        from .shortlists import services as shortlists
        from .vetting import personal_data as disputes

        accounts.connect()
        personal_data.register_own()
        memberships.register_own()
        notices.register_own()
        mistakes.register_own()
        disputes.register_own()
        proofs.register_own()
        documents.connect()
        changes.connect()
        shortlists.connect()
        post_migrate.connect(_ensure_single_rows, sender=self, dispatch_uid="single-rows")


def _ensure_single_rows(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Make the rows that are the only one of their table; also after a test emptied every table."""
    for name in ("ChangeCounter", "Head"):
        sender.get_model(name)._default_manager.using(using).get_or_create(pk=1)
