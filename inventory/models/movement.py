"""The stock ledger: one append-only row for every change of a stock level."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.models.level import StockLevel
from shared.models.base import BaseModel
from shared.models.feed import FeedSource, feed_index
from shared.text.messages import show_text


class MovementKind(models.TextChoices):
    """Why a level changed. `EFFECTS` says what one unit of quantity does to it."""

    RECEIVE = "receive", _("Received")
    ADJUST = "adjust", _("Adjusted")
    RESERVE = "reserve", _("Reserved")
    RELEASE = "release", _("Released")
    SALE = "sale", _("Sold")
    RETURN = "return", _("Returned")
    TRANSFER = "transfer", _("Transferred")
    COUNT = "count", _("Counted")


# kind: (change of on_hand, change of reserved) for a quantity of one
EFFECTS: dict[str, tuple[int, int]] = {
    MovementKind.RECEIVE: (1, 0),
    MovementKind.ADJUST: (1, 0),
    MovementKind.RESERVE: (0, 1),
    MovementKind.RELEASE: (0, -1),
    # What is sold was reserved before: stock.convert takes it from both.
    MovementKind.SALE: (-1, -1),
    MovementKind.RETURN: (1, 0),
    MovementKind.TRANSFER: (1, 0),
    MovementKind.COUNT: (1, 0),
}


# Of these a negative quantity takes away.
_EITHER_WAY = ["adjust", "transfer", "count"]


class StockMovement(FeedSource, BaseModel):
    """`quantity` units moved, and the level's balances right after.

    A level's rows in the order of `level_version` explain its every unit. The order item is a plain id because the
    stock stands below orders and knows nothing of them.
    """

    level = models.ForeignKey(
        StockLevel, on_delete=models.PROTECT, related_name="movements", db_index=False, verbose_name=_("level")
    )
    level_version = models.BigIntegerField(_("level version"), help_text=_("The level's version after this change."))
    kind = models.CharField(_("kind"), max_length=10, choices=MovementKind.choices)
    quantity = models.IntegerField(
        _("quantity"), help_text=_("Units moved; negative where an adjustment, a transfer or a count takes away.")
    )
    on_hand_after = models.IntegerField(_("on hand after"))
    reserved_after = models.IntegerField(_("reserved after"))
    order_item_id = models.UUIDField(_("order item id"), null=True, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("actor"),
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    message = models.JSONField(
        _("message"), null=True, blank=True, help_text=_("Of a reason that the system gave: its key and parameters.")
    )
    created_at = models.DateTimeField(_("created at"), editable=False)

    class Meta:
        db_table = "inventory_stock_movement"
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        ordering = ["-id"]
        constraints = [
            # Its index serves: a level's history.
            models.UniqueConstraint(fields=["level", "level_version"], name="one_movement_per_level_version"),
            models.CheckConstraint(condition=Q(kind__in=MovementKind.values), name="movement_kind_known"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) | (Q(kind__in=_EITHER_WAY) & ~Q(quantity=0)),
                name="movement_quantity_sign",
            ),
            models.CheckConstraint(
                condition=Q(reserved_after__gte=0) & Q(reserved_after__lte=models.F("on_hand_after")),
                name="movement_balances_never_oversold",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["receive", "adjust", "transfer", "count"]) | Q(order_item_id__isnull=False),
                name="movement_names_its_order_item",
            ),
        ]
        indexes = [feed_index("stock_movement_feed")]
        # By the database: each balance rests on the rows before it, so one that is rewritten makes all later ones
        # wrong.
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity}"

    @property
    def shown_reason(self) -> str:
        """For a page, in its language."""
        return show_text(self.reason, self.message)
