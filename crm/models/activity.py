"""What happened with a customer, a lead or a deal: the one timeline."""

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models.deal import Deal
from crm.models.lead import Lead
from orders.models.order import Order
from shared.models.base import BaseModel
from users.models.customer import Customer


class ActivityKind(models.TextChoices):
    NOTE = "note", _("Note")
    CALL = "call", pgettext_lazy("timeline", "Call")
    MEETING = "meeting", _("Meeting")
    EMAIL = "email", _("E-mail")
    CHANGE = "change", pgettext_lazy("timeline", "Change")  # written by services, never by hand


class Activity(BaseModel):
    """One entry of a timeline; never edited, so that it stays what its author wrote.

    Orders have events of their own (orders.OrderEvent); a customer's timeline shows both. What colleagues say of an
    order is an entry with an `order`, and the order's page shows it among the events.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=ActivityKind.choices, default=ActivityKind.NOTE)
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    lead = models.ForeignKey(
        Lead, verbose_name=_("lead"), on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    deal = models.ForeignKey(
        Deal, verbose_name=_("deal"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    order = models.ForeignKey(
        Order,
        verbose_name=_("order"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text=_("Of a comment on an order."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text=_("Who wrote or did it; empty: the system."),
    )
    subject = models.CharField(_("subject"), max_length=200, blank=True, db_default="")
    text = models.TextField(_("text"), max_length=10_000, blank=True)
    message = models.JSONField(
        _("message"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Of what the system wrote: key and parameters of subject and text."),
    )
    happened_at = models.DateTimeField(_("happened at"), db_default=TransactionNow(), help_text=_("When it happened."))

    class Meta:
        db_table = "crm_activity"
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-happened_at", "-id"]
        indexes = [
            # serves: a customer's timeline, newest first
            models.Index(fields=["customer", "-happened_at", "-id"], name="activity_customer"),
            # serves: the same of one kind
            models.Index(fields=["customer", "kind", "-happened_at", "-id"], name="activity_customer_kind"),
            # serve: a lead's and a deal's timeline
            models.Index(fields=["lead", "-happened_at", "-id"], condition=Q(lead__isnull=False), name="activity_lead"),
            models.Index(fields=["deal", "-happened_at", "-id"], condition=Q(deal__isnull=False), name="activity_deal"),
            # serves: the comments on an order
            models.Index(
                fields=["order", "-happened_at", "-id"], condition=Q(order__isnull=False), name="activity_order"
            ),
            # serves: all activities newest first
            models.Index(fields=["-happened_at", "-id"], name="activity_happened"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ActivityKind.values), name="activity_kind_known"),
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(lead__isnull=False), name="activity_is_about_somebody"
            ),
            models.CheckConstraint(condition=~Q(subject="", text=""), name="activity_says_something"),
        ]

    def __str__(self) -> str:
        return self.subject or self.text[:60]
