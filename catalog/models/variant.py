"""What an order line buys: one size, colour or package of a product, with its price."""

from decimal import Decimal

from django.contrib.postgres.indexes import OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Upper

from catalog.models.product import Product
from shared.models.base import TimestampedModel
from shared.money import CurrencyField, MoneyField

MAX_PRICE = Decimal("999999999999.999")


def default_currency() -> str:
    """The shop's currency (DEFAULT_CURRENCY)."""
    from django.conf import settings

    return str(settings.DEFAULT_CURRENCY)


class Variant(TimestampedModel):
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="variants")
    sku = models.CharField("SKU", max_length=64, unique=True, help_text="Stock-keeping unit: unique in the shop.")
    name = models.CharField(max_length=200, blank=True, help_text="What sets it apart, e.g. “Blue, L”.")
    price = MoneyField(
        max_digits=15, help_text="Net price of one unit, in the currency beside it.", validators=[MinValueValidator(0)]
    )
    currency = CurrencyField(default=default_currency, help_text="ISO 4217 code.")
    tax_rate = models.DecimalField(
        max_digits=6,
        decimal_places=4,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="Share of the net price added as tax: 0.2 is 20 %.",
    )
    is_active = models.BooleanField(default=True, help_text="Cannot be ordered when off.")

    class Meta:
        db_table = "catalog_variant"
        ordering = ["-id"]
        indexes = [
            # serves: the few that are switched off, newest first
            models.Index(fields=["-id"], condition=models.Q(is_active=False), name="variant_inactive"),
            # serves: search and autocomplete by the SKU's beginning
            models.Index(OpClass(Upper("sku"), name="text_pattern_ops"), name="variant_sku_prefix"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(price__gte=0), name="variant_price_not_negative"),
            models.CheckConstraint(
                condition=models.Q(tax_rate__gte=0, tax_rate__lte=1), name="variant_tax_rate_is_a_share"
            ),
            models.CheckConstraint(condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="variant_currency_code"),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}".strip()
