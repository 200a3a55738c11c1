"""The stock ledger: one append-only row for every change of a stock level."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models.stock_level import StockLevel
from shared.models.base import BaseModel


class MovementKind(models.TextChoices):
    """Why a level changed. `EFFECTS` says what one unit of quantity does to it."""

    RECEIVE = "receive", "Received"
    ADJUST = "adjust", "Adjusted"
    RESERVE = "reserve", "Reserved"
    RELEASE = "release", "Released"
    SALE = "sale", "Sold"


# kind: (change of on_hand, change of reserved) for a quantity of one
EFFECTS: dict[str, tuple[int, int]] = {
    MovementKind.RECEIVE: (1, 0),
    MovementKind.ADJUST: (1, 0),
    MovementKind.RESERVE: (0, 1),
    MovementKind.RELEASE: (0, -1),
    MovementKind.SALE: (-1, -1),
}


class StockMovement(BaseModel):
    """`quantity` units moved, and the level's balances right after.

    A level's rows in the order of `level_version` explain its every unit. The order item is a plain id because the
    catalogue stands below orders and knows nothing of them.
    """

    level = models.ForeignKey(StockLevel, on_delete=models.PROTECT, related_name="movements", db_index=False)
    level_version = models.BigIntegerField(help_text="The level's version after this change.")
    kind = models.CharField(max_length=10, choices=MovementKind.choices)
    quantity = models.IntegerField(help_text="Units moved; negative only where an adjustment takes away.")
    on_hand_after = models.IntegerField()
    reserved_after = models.IntegerField()
    order_item_id = models.UUIDField(null=True, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(editable=False)

    class Meta:
        db_table = "catalog_stock_movement"
        ordering = ["-id"]
        constraints = [
            # Its index serves: a level's history.
            models.UniqueConstraint(fields=["level", "level_version"], name="one_movement_per_level_version"),
            models.CheckConstraint(condition=Q(kind__in=MovementKind.values), name="movement_kind_known"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) | (Q(kind="adjust") & ~Q(quantity=0)), name="movement_quantity_sign"
            ),
            models.CheckConstraint(
                condition=Q(reserved_after__gte=0) & Q(reserved_after__lte=models.F("on_hand_after")),
                name="movement_balances_never_oversold",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["receive", "adjust"]) | Q(order_item_id__isnull=False),
                name="movement_names_its_order_item",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.quantity}"
