"""An event on its way to an endpoint."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared.models.base import BaseModel
from webhooks.models.endpoint import Endpoint

# The type of what is sent to try an endpoint; the feed has no such event.
TEST_TYPE = "webhook.test"


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("Pending")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")


class Delivery(BaseModel):
    """`tries`: since it was asked for last. It is sent at `due_at`; somebody is sending it until `leased_until`, and if
    nothing is heard of them by then, it is sent again. `position`: the event's, none for a test."""

    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.CASCADE, related_name="deliveries", db_index=False, verbose_name=_("endpoint")
    )
    position = models.BigIntegerField(_("position"), null=True)
    event_id = models.UUIDField(_("event"))
    event_type = models.CharField(_("type"), max_length=40)
    aggregate_id = models.UUIDField(_("record"))
    state = models.CharField(
        _("state"), max_length=9, choices=DeliveryState.choices, default=DeliveryState.PENDING.value
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("due at"), db_default=TransactionNow())
    leased_until = models.DateTimeField(_("being sent until"), null=True)
    created_at = models.DateTimeField(_("created at"), db_default=TransactionNow(), editable=False)
    done_at = models.DateTimeField(_("done at"), null=True)

    class Meta:
        db_table = "webhooks_delivery"
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-id"]
        indexes = [
            # serves: which endpoint has something to send
            models.Index(fields=["endpoint", "due_at"], condition=Q(state="pending"), name="delivery_due"),
            # serves: what may be sent next, of each record in order
            models.Index(
                fields=["endpoint", "aggregate_id", "position"],
                condition=Q(state="pending"),
                name="delivery_waiting",
            ),
            # serves: an endpoint's deliveries of one state, newest first
            models.Index(fields=["endpoint", "state", "id"], name="delivery_of_state"),
            # serves: an endpoint's deliveries, newest first
            models.Index(fields=["endpoint", "id"], name="delivery_of_endpoint"),
            # serves: the purge
            models.Index(fields=["created_at"], condition=~Q(state="pending"), name="delivery_made"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "position"], name="delivery_once_an_endpoint"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
            models.CheckConstraint(
                condition=Q(state="pending", done_at=None)
                | Q(state__in=["delivered", "failed"], done_at__isnull=False, leased_until=None),
                name="delivery_done_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.event_id}"
