from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from shared.shop_values import ask_shop_by


class ShopConfig(AppConfig):
    name = "shop"
    verbose_name = _("Settings")

    def ready(self) -> None:
        from shop.current import values_for_shared

        ask_shop_by(values_for_shared)
        pre_migrate.connect(_before_migrations, sender=self)
        post_migrate.connect(_after_migrations, sender=self)


def _before_migrations(**_: object) -> None:
    """Other apps' migrations may run before there is a table to read."""
    ask_shop_by(None)


def _after_migrations(using: str, apps: Apps = installed_apps, **_: object) -> None:
    """The shop's row outlives a flush (of a test database, or by hand), as the default seller does."""
    if ShopConfig.name not in apps.app_configs:  # migrated to a state without this table
        return
    from shop.current import values_for_shared
    from shop.services.ensure_shop import ensure_shop

    ensure_shop(using=using)
    ask_shop_by(values_for_shared)
