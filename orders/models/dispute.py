"""Money that somebody else takes back: a payer through the bank, or a refund at the provider that no payment covers."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from orders.models.payment import Payment
from orders.states import DisputeFunds, DisputeStatus
from shared.models.base import BaseModel
from shared.money.amounts import CurrencyField, MoneyField, format_money


class DisputeKind(models.TextChoices):
    DISPUTE = "dispute", _("Dispute")
    OVER_REFUND = "over_refund", _("More given back than came in")


class Dispute(BaseModel):
    """What the provider said of it last, merged; changed only under its order's lock. It waits in the queue until it is
    `closed_at`: won, lost, or settled by staff."""

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="disputes", db_index=False, verbose_name=_("order")
    )
    # None where more went back at the provider than any payment here explains.
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="disputes", null=True, blank=True, verbose_name=_("payment")
    )
    kind = models.CharField(_("kind"), max_length=11, choices=DisputeKind.choices, default=DisputeKind.DISPUTE)
    provider = models.CharField(_("provider"), max_length=20)
    provider_id = models.CharField(_("provider's id"), max_length=255)
    amount = MoneyField(_("amount"))
    currency = CurrencyField(_("currency"))
    reason = models.CharField(_("reason"), max_length=100, blank=True, help_text=_("As the provider names it."))
    status = models.CharField(_("status"), max_length=14, choices=DisputeStatus.choices)
    funds = models.CharField(_("money"), max_length=10, choices=DisputeFunds.choices, default=DisputeFunds.HERE)
    evidence_due_at = models.DateTimeField(
        _("evidence due"), null=True, blank=True, help_text=_("Until then the provider takes an answer.")
    )
    created_at = models.DateTimeField(_("opened at"), editable=False)
    updated_at = models.DateTimeField(_("updated at"), editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        db_table = "orders_dispute"
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["-id"]
        indexes = [
            # serves: an order's disputes
            models.Index(fields=["order"], name="dispute_order"),
            # serves: the queue, the nearest deadline first
            models.Index(fields=["evidence_due_at", "id"], condition=Q(closed_at__isnull=True), name="dispute_open"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_id"], name="dispute_once_at_its_provider"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="dispute_amount_positive"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="dispute_currency_code"),
            models.CheckConstraint(condition=Q(kind__in=DisputeKind.values), name="dispute_kind_known"),
            models.CheckConstraint(condition=Q(status__in=DisputeStatus.values), name="dispute_status_known"),
            models.CheckConstraint(condition=Q(funds__in=DisputeFunds.values), name="dispute_funds_known"),
            models.CheckConstraint(
                condition=~Q(status__in=["won", "lost"]) | Q(closed_at__isnull=False), name="dispute_over_is_closed"
            ),
        ]

    def __str__(self) -> str:
        return f"{format_money(self.amount, self.currency)} {self.currency} {self.provider_id}"
