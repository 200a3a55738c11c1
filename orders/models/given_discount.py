"""Columns of a discount that staff give, and what must hold of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared.money.amounts import MoneyField

REASON_LENGTH = 120


class DiscountKind(models.TextChoices):
    PERCENT = "percent", _("Percent off")
    AMOUNT = "amount", _("Amount off")


class Discounted(models.Model):
    """Without a kind there is no discount."""

    discount_kind = models.CharField(
        _("discount"), max_length=7, choices=DiscountKind.choices, blank=True, default="", db_default=""
    )
    discount_value = MoneyField(
        _("discount's value"),
        max_digits=15,
        null=True,
        blank=True,
        help_text=_("Percent (10 is 10 %), or an amount in the currency."),
    )
    discount_reason = models.CharField(
        _("discount's reason"), max_length=REASON_LENGTH, blank=True, default="", db_default=""
    )

    class Meta:
        abstract = True


def discount_check(name: str) -> models.CheckConstraint:
    """A kind has a value, and no percentage is above 100."""
    # A reason is asked for by the services, not here: an erasure empties it, and what was taken off stays.
    given = Q(discount_value__isnull=False, discount_value__gt=0)  # an unknown condition would hold
    return models.CheckConstraint(
        condition=Q(discount_kind="", discount_value__isnull=True, discount_reason="")
        | (Q(discount_kind=DiscountKind.PERCENT, discount_value__lte=100) & given)
        | (Q(discount_kind=DiscountKind.AMOUNT) & given),
        name=name,
    )
