"""Where buyers transfer money to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared.models.base import BaseModel
from shared.money.amounts import CurrencyField
from shop.models.shop import Shop

MAX_BANK_ACCOUNTS = 10


class BankAccount(BaseModel):
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="bank_accounts", verbose_name=_("shop"))
    bank = models.CharField(_("bank"), max_length=120, blank=True, default="", help_text=_("The bank's name."))
    iban = models.CharField(_("IBAN"), max_length=34)
    bic = models.CharField(_("BIC"), max_length=11, blank=True, default="")
    currency = CurrencyField(_("currency"), blank=True, default="", help_text=_("Empty: any."))

    class Meta:
        db_table = "shop_bank_account"
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["iban"], name="bank_account_iban_unique"),
            models.CheckConstraint(
                condition=Q(iban__regex=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"), name="bank_account_iban_form"
            ),
            models.CheckConstraint(
                condition=Q(bic__regex=r"^([A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?)?$"),
                name="bank_account_bic_form",
            ),
            models.CheckConstraint(condition=Q(currency__regex=r"^([A-Z]{3})?$"), name="bank_account_currency_code"),
        ]

    def __str__(self) -> str:
        return " ".join(self.iban[place : place + 4] for place in range(0, len(self.iban), 4))
