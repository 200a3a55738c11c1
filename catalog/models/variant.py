"""What an order line buys: one size, colour or package of a product, with its price."""

from decimal import Decimal

from django.contrib.postgres.indexes import OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from catalog.models.barcode import GTIN, BarcodeField, GtinKey
from catalog.models.product import PRODUCTS_BY_WORDS, Product
from catalog.models.tax import TaxClass
from shared.models.base import TimestampedModel
from shared.models.metadata import MetadataField, metadata_checks
from shared.money.amounts import CurrencyField, MoneyField
from shared.planner.word_search import WordIndex
from shared.planner.words import Words, words_index
from shared.shop_values import shop_values
from shared.text.fields import CodeField

VARIANT_WORDS = Words("sku", "name")
MAX_PRICE = Decimal("999999999999.999")


def default_currency() -> str:
    """The shop's currency. Outside of a request each call reads the shop."""
    return shop_values().currency


class Variant(TimestampedModel):
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="variants", verbose_name=_("product"))
    sku = CodeField(_("SKU"), max_length=64, unique=True, help_text=_("Stock-keeping unit: unique in the shop."))
    name = models.CharField(_("name"), max_length=200, blank=True, help_text=_("What sets it apart, e.g. “Blue, L”."))
    barcode = BarcodeField(_("barcode"), blank=True, default="", db_default="")
    price = MoneyField(
        _("price"),
        max_digits=15,
        help_text=_("Net price of one unit, in the currency beside it."),
        validators=[MinValueValidator(0)],
    )
    currency = CurrencyField(_("currency"), default=default_currency, help_text=_("ISO 4217 code."))
    tax_rate = models.DecimalField(
        _("tax rate"),
        max_digits=6,
        decimal_places=4,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("Share of the net price added as tax: 0.2 is 20 %."),
    )
    tax_class = models.CharField(
        _("tax class"),
        max_length=8,
        choices=TaxClass.choices,
        default=TaxClass.STANDARD,
        db_default=TaxClass.STANDARD.value,
        help_text=_("Which rate of a tax region counts; the rate above counts where there is no region."),
    )
    backorder_limit = models.PositiveIntegerField(
        _("backorder limit"),
        default=0,
        db_default=0,
        help_text=_("So many units may be ordered although they are not in stock yet; 0: none."),
    )
    is_active = models.BooleanField(_("is active"), default=True, help_text=_("Cannot be ordered when off."))
    metadata = MetadataField()

    class Meta:
        db_table = "catalog_variant"
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        ordering = ["-id"]
        indexes = [
            # serves: the few that are switched off, newest first
            models.Index(fields=["-id"], condition=models.Q(is_active=False), name="variant_inactive"),
            # serves: search and autocomplete by words
            words_index(VARIANT_WORDS, "variant_words"),
            # serves: search and autocomplete by the SKU's beginning
            models.Index(OpClass(Upper("sku"), name="text_pattern_ops"), name="variant_sku_prefix"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(price__gte=0), name="variant_price_not_negative"),
            models.CheckConstraint(
                condition=models.Q(tax_rate__gte=0, tax_rate__lte=1), name="variant_tax_rate_is_a_share"
            ),
            models.CheckConstraint(condition=models.Q(tax_class__in=TaxClass.values), name="variant_tax_class_known"),
            models.CheckConstraint(condition=models.Q(currency__regex=r"^[A-Z]{3}$"), name="variant_currency_code"),
            models.CheckConstraint(condition=models.Q(barcode__regex=GTIN), name="variant_barcode_is_a_gtin"),
            # A GTIN is the same with zeros before it: one of 12 digits is read as 13 by many scanners. Its index also
            # serves: the variant of a scanned code.
            models.UniqueConstraint(GtinKey("barcode"), condition=~models.Q(barcode=""), name="variant_barcode_unique"),
            *metadata_checks("variant"),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}".strip()


VARIANTS_BY_WORDS = WordIndex(Variant, "variant_words", VARIANT_WORDS, field="product", of=PRODUCTS_BY_WORDS)
