from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class InventoryConfig(AppConfig):
    name = "inventory"
    verbose_name = _("Stock")

    def ready(self) -> None:
        import inventory.ledger.reasons  # noqa: F401  # stored messages are read by their keys
        from catalog.extension_points import register_availability, register_seller_setup
        from inventory.availability import available_units
        from inventory.services.ensure_location import ensure_location

        register_availability(available_units)
        register_seller_setup(ensure_location)
        post_migrate.connect(_ensure_defaults, sender=self)


def _ensure_defaults(using: str, apps: Apps = installed_apps, **_: object) -> None:
    """The default seller's location outlives a flush (of a test database, or by hand)."""
    if "stocklocation" not in apps.all_models[InventoryConfig.name]:  # migrated to a state without this table
        return
    from catalog.services.ensure_default_seller import ensure_default_seller
    from inventory.services.ensure_location import ensure_location

    ensure_location(seller=ensure_default_seller(using=using), using=using)
