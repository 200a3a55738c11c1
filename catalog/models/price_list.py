"""Prices that differ from a variant's own: for a group of customers, a time, or a quantity."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.variant import Variant
from shared.models.base import BaseModel, TimestampedModel
from shared.money.amounts import CurrencyField, MoneyField
from users.models.customer_group import CustomerGroup


class PriceList(TimestampedModel):
    """Of all lists that hold for a customer and an order's currency, the lowest price of a line's quantity counts."""

    name = models.CharField(_("name"), max_length=120)
    currency = CurrencyField(_("currency"))
    customer_group = models.ForeignKey(
        CustomerGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer group"),
        help_text=_("Empty: everybody."),
    )
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(
        _("valid until"), null=True, blank=True, help_text=_("Not valid at or after it.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        db_table = "catalog_price_list"
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="price_list_name_unique"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="price_list_currency_code"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True) | Q(valid_until__isnull=True) | Q(valid_from__lt=F("valid_until")),
                name="price_list_valid_for_a_while",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.currency})"


class Price(BaseModel):
    """A variant's unit price from `min_quantity` units up."""

    price_list = models.ForeignKey(
        PriceList, on_delete=models.CASCADE, related_name="prices", db_index=False, verbose_name=_("price list")
    )
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="prices", verbose_name=_("variant"))
    min_quantity = models.PositiveIntegerField(_("from quantity"), default=1)
    amount = MoneyField(_("unit price"), max_digits=15)

    class Meta:
        db_table = "catalog_price"
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["variant", "min_quantity"]
        constraints = [
            # Its index also serves: a list's prices.
            models.UniqueConstraint(fields=["price_list", "variant", "min_quantity"], name="price_once_a_quantity"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="price_amount_not_negative"),
            models.CheckConstraint(condition=Q(min_quantity__gte=1), name="price_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.min_quantity}+: {self.amount}"
