"""Tiers of customers: their prices, coupons and payment deadlines may differ."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from shared.models.base import TimestampedModel


class CustomerGroup(TimestampedModel):
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=200, blank=True)

    class Meta:
        db_table = "users_customer_group"
        verbose_name = _("customer group")
        verbose_name_plural = _("customer groups")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="customer_group_name_unique")]

    def __str__(self) -> str:
        return self.name
