from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.core.checks import register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from shared.privacy.erasure import register_orders_eraser


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = _("CRM")

    def ready(self) -> None:
        import crm.timeline.lines  # noqa: F401  # stored messages are read by their keys
        from crm.merging.links import check_merging
        from crm.services.privacy.erase_order_mails import erase_order_mails

        register_orders_eraser("crm", erase_order_mails)
        post_migrate.connect(_ensure_defaults, sender=self)
        register(check_merging)


def _ensure_defaults(using: str, apps: Apps = installed_apps, **_: object) -> None:
    """A deal needs a stage to stand in and a buyer's e-mail its words, also after a flush of a test database."""
    known = apps.all_models[CrmConfig.name]  # of the state migrated to, which may be one without these tables
    if "pipeline" in known:
        from crm.services.deals.ensure_pipeline import ensure_default_pipeline

        ensure_default_pipeline(using=using)
    if "ordermailtemplate" in known:
        from crm.services.mail.ensure_order_mail_texts import ensure_order_mail_texts

        ensure_order_mail_texts(using=using)
