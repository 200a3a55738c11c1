from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = "Catalogue"

    def ready(self) -> None:
        post_migrate.connect(_ensure_defaults, sender=self)


def _ensure_defaults(using: str, plan: Any = None, **_: Any) -> None:
    """The default seller and location outlive a flush (of a test database, or by hand): the one hook Django offers."""
    from catalog.services.ensure_defaults import ensure_default_seller

    ensure_default_seller(using=using)
