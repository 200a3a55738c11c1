"""Django app configurations of the wiring package."""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks
from django.db.models.signals import post_migrate


class KontorAdminConfig(SimpleAdminConfig):
    """The admin, on Kontor's own site class, which loads the apps' pages when they are first asked for."""

    default_site = "config.staff_site.site.KontorAdminSite"

    def ready(self) -> None:
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(_check_pages, checks.Tags.admin)


def _check_pages(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    autodiscover()  # Django's check looks at the pages that are loaded
    found: list[checks.CheckMessage] = check_admin_app(app_configs, **options)
    return found


class ConfigConfig(AppConfig):
    """Makes config's management commands known, and which tables have a history."""

    name = "config"
    label = "config"

    def ready(self) -> None:
        from config.history import TRACKED
        from shared.history.tracking import track

        track(*TRACKED)
        # Of the last app with tables; Django tells nobody about an app without.
        last = [app for app in installed_apps.get_app_configs() if app.models_module is not None][-1]
        post_migrate.connect(_ensure_history, sender=last)
        post_migrate.connect(_ensure_roles, sender=last)


def _ensure_history(using: str, **_: object) -> None:
    from shared.history.tracking import ensure_triggers

    ensure_triggers(using)


def _ensure_roles(using: str, apps: Apps = installed_apps, **_: object) -> None:
    """The roles outlive a flush (of a test database, or by hand) and get what a new version adds to them."""
    if ("users", "role") not in {(model._meta.app_label, model._meta.model_name) for model in apps.get_models()}:
        return  # migrated to a state without this table
    from users.services.ensure_roles import ensure_roles

    ensure_roles(using=using)
