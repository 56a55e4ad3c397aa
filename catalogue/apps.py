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
        from .notifications import personal_data as notices
        from .organisations import personal_data as memberships
        from .platforms import changes, mistakes
        from .shortlists import services as shortlists

        accounts.connect()
        personal_data.register_own()
        memberships.register_own()
        notices.register_own()
        mistakes.register_own()
        changes.connect()
        shortlists.connect()
        post_migrate.connect(_ensure_counter, sender=self, dispatch_uid="change-counter")


def _ensure_counter(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Make the one row of the change counter; also after a test emptied every table."""
    sender.get_model("ChangeCounter")._default_manager.using(using).get_or_create(pk=1)
