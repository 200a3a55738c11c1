from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shared.privacy.erasure import register_eraser


class ExchangeConfig(AppConfig):
    name = "exchange"
    verbose_name = _("Import and export")

    def ready(self) -> None:
        from exchange.services.erase_from_files import erase_from_files

        register_eraser("exchange", erase_from_files)
