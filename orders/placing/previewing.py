"""What a preview must know beyond the plan: what overdue orders would give back, and what would wait for goods."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import F, Sum

from inventory.sellable_variants import Stock
from orders.models.backorder import Backorder, BackorderStatus
from orders.models.order import Order
from orders.models.reservation import Reservation
from orders.placing.plan import PlannedLine
from orders.placing.requested_lines import RequestedLine
from orders.reservations.backorder_allocation import PartlyTaken
from orders.reservations.backorders import backorder_room
from orders.states import ReservationStatus


@dataclass(frozen=True, slots=True)
class Freed:
    """Units that orders would give back by expiring: of each stock level, and of each variant's backorders."""

    levels: Counter[UUID]
    variants: Counter[UUID]

    def returned_to(self, lines: Sequence[RequestedLine]) -> list[RequestedLine]:
        """The lines as they would be offered then."""
        return [
            replace(
                line,
                sellable=replace(line.sellable, stock=[self._with_freed_units(stock) for stock in line.sellable.stock]),
            )
            for line in lines
        ]

    def _with_freed_units(self, stock: Stock) -> Stock:
        freed = self.levels[stock.level_id]
        # Placing would expire those orders before it refuses; a preview that did not count them would refuse what
        # placing takes.
        return replace(stock, available=stock.available + freed) if freed else stock

    def room(self, lines: Sequence[RequestedLine]) -> dict[UUID, int]:
        """How many more units of each line's variant could wait for goods then. One statement."""
        wanted = {line.sellable.variant_id: line.sellable.backorder_limit for line in lines}
        return dict(Counter(backorder_room(wanted)) + Counter({pk: self.variants[pk] for pk in wanted}))


def what_expiring_frees(order_ids: Collection[UUID]) -> Freed:
    """What these orders and their sub-orders hold and wait for. 3 statements; none where there is no order."""
    if not order_ids:
        return Freed(Counter(), Counter())
    # Holds hang on the lines, and a split order's lines are those of its sub-orders.
    group = [*order_ids, *Order.objects.filter(parent__in=order_ids).order_by().values_list("pk", flat=True)]
    held = Reservation.objects.filter(item__order__in=group, status=ReservationStatus.ACTIVE).order_by()
    ahead = Backorder.objects.filter(item__order__in=group, status=BackorderStatus.WAITING).order_by()
    return Freed(
        Counter(dict(held.values_list("level").annotate(units=Sum("quantity")))),
        Counter(dict(ahead.values_list("variant").annotate(units=Sum(F("quantity") - F("filled_quantity"))))),
    )


def units_to_wait(line: PlannedLine) -> int:
    """How many of the line's units would wait for goods."""
    return line.allocation.waiting if isinstance(line.allocation, PartlyTaken) else 0
