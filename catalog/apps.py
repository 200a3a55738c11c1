from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        post_migrate.connect(_ensure_defaults, sender=self)


def _ensure_defaults(using: str, apps: Apps = installed_apps, **_: object) -> None:
    """The default seller outlives a flush (of a test database, or by hand): the one hook Django offers."""
    if CatalogConfig.name not in apps.app_configs:  # migrated to a state without these tables
        return
    from catalog.services.ensure_default_seller import ensure_default_seller

    ensure_default_seller(using=using)
