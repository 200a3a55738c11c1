from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from shared.privacy.erasure import register_eraser, register_orders_eraser


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = _("Payment providers")

    def ready(self) -> None:
        import payments.operations.reasons  # noqa: F401  # stored messages are read by their keys
        from payments.services.erase_payer import erase_payer, erase_payments, erase_words

        register_eraser("payments", erase_payer)
        register_orders_eraser("payments", erase_words)
        register_orders_eraser("payments' books", erase_payments, of_books=True)
