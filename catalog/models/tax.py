"""Taxes by region. A country without a region is taxed by each variant's own rate."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared.models.base import BaseModel, TimestampedModel


class TaxClass(models.TextChoices):
    STANDARD = "standard", _("Standard")
    REDUCED = "reduced", _("Reduced")
    ZERO = "zero", _("Untaxed")


class TaxRegion(TimestampedModel):
    """A country, as goods are shipped there."""

    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166 code, e.g. DE."))
    name = models.CharField(_("name"), max_length=120, help_text=_("e.g. Germany."))
    prices_include_tax = models.BooleanField(
        _("prices contain tax"),
        default=False,
        help_text=_("On: the catalogue's price is what the customer there pays. Off: tax is added to it."),
    )

    class Meta:
        db_table = "catalog_tax_region"
        verbose_name = _("tax region")
        verbose_name_plural = _("tax regions")
        ordering = ["country"]
        constraints = [
            models.UniqueConstraint(fields=["country"], name="tax_region_country_unique"),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="tax_region_country_code"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.country})"


class TaxRate(BaseModel):
    """A region's rate for a class of goods; a class without one is untaxed there."""

    region = models.ForeignKey(
        TaxRegion, on_delete=models.CASCADE, related_name="rates", db_index=False, verbose_name=_("tax region")
    )
    tax_class = models.CharField(_("tax class"), max_length=8, choices=TaxClass.choices, default=TaxClass.STANDARD)
    name = models.CharField(_("name"), max_length=80, help_text=_("What the invoice calls it, e.g. MwSt. 19 %."))
    rate = models.DecimalField(
        _("rate"),
        max_digits=6,
        decimal_places=4,
        default=Decimal(0),
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("A share: 0.19 is 19 %."),
    )

    class Meta:
        db_table = "catalog_tax_rate"
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        ordering = ["region", "tax_class"]
        constraints = [
            # Its index also serves: a region's rates.
            models.UniqueConstraint(fields=["region", "tax_class"], name="tax_rate_once_a_class"),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lte=1), name="tax_rate_is_a_share"),
            models.CheckConstraint(condition=Q(tax_class__in=TaxClass.values), name="tax_rate_class_known"),
        ]

    def __str__(self) -> str:
        return self.name
