from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecommenderConfig(AppConfig):
    name = "recommender"
    verbose_name = _("Gợi ý")

    def ready(self) -> None:
        from catalogue.platforms.changes import changed

        from .tasks import on_change

        changed.connect(on_change, dispatch_uid="recommender-follows-the-catalogue")
