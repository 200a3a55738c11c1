"""How goods can travel, and what it costs."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared.models.base import TimestampedModel
from shared.money.amounts import CurrencyField, MoneyField


class ShippingMethod(TimestampedModel):
    code = models.SlugField(_("code"), max_length=40, db_index=False, help_text=_("Its name in the API, e.g. post."))
    name = models.CharField(_("name"), max_length=120)
    currency = CurrencyField(_("currency"))
    price = MoneyField(_("price"), max_digits=15, default=0, help_text=_("Of one order, in the currency beside it."))
    free_from = MoneyField(
        _("free from"),
        null=True,
        blank=True,
        help_text=_("Costs nothing when the lines come to so much after discounts; empty: never free."),
    )
    tax_rate = models.DecimalField(
        _("tax rate"),
        max_digits=6,
        decimal_places=4,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("Share added as tax: 0.2 is 20 %. Contained in the price where prices contain tax."),
    )
    countries = models.JSONField(
        _("countries"), default=list, blank=True, help_text=_('ISO codes it goes to, e.g. ["DE", "UA"]; empty: all.')
    )
    is_active = models.BooleanField(_("active"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("Lowest first."))

    class Meta:
        db_table = "orders_shipping_method"
        verbose_name = _("shipping method")
        verbose_name_plural = _("shipping methods")
        ordering = ["position", "name"]
        constraints = [
            # A row for each currency: nothing here converts, so a price in another one is somebody's decision.
            models.UniqueConstraint(fields=["code", "currency"], name="shipping_method_code_once_a_currency"),
            models.CheckConstraint(condition=Q(price__gte=0), name="shipping_price_not_negative"),
            models.CheckConstraint(condition=Q(tax_rate__gte=0, tax_rate__lte=1), name="shipping_tax_rate_is_a_share"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="shipping_currency_code"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.currency})"
