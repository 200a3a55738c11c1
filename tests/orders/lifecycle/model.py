"""The shop as a page of plain Python: pools of units and orders that hold them. No locks, no SQL, no locations."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

HOLD = timedelta(minutes=15)
STEPS = {"CONFIRMED": "PROCESSING", "PROCESSING": "SHIPPED", "SHIPPED": "DELIVERED"}

# What a line asks for: variant, seller (None: any), units.
Line = tuple[str, str | None, int]
# All units that one seller has of one variant.
PoolName = tuple[str, str]


@dataclass
class Pool:
    on_hand: int = 0
    reserved: int = 0

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved


@dataclass
class ModelOrder:
    takes: list[tuple[PoolName, int]]
    due: datetime
    status: str = "PENDING"
    payment_status: str = "PENDING"
    reason: str = ""
    version: int = 1
    payments: dict[str, str] = field(default_factory=dict)

    def overdue(self, now: datetime) -> bool:
        return self.status == "PENDING" and self.due <= now


class ModelShop:
    """`sellers` lists, for each variant, who has it, in the order in which they are asked; a lone star (*) after a
    name marks the default seller, who is then the only one asked."""

    def __init__(self, sellers: dict[str, list[str]]) -> None:
        self.sellers = sellers
        self.pools = {(variant, seller.strip("*")): Pool() for variant in sellers for seller in sellers[variant]}
        self.orders: list[ModelOrder] = []

    def asked(self, variant: str, seller: str | None) -> list[PoolName]:
        """The pools that a line may be filled from, in order."""
        names = self.sellers[variant]
        if seller is None:
            names = [name for name in names if name.endswith("*")] or names
        else:
            names = [name for name in names if name.strip("*") == seller]
        return [(variant, name.strip("*")) for name in names]

    def place(self, lines: list[Line], now: datetime) -> ModelOrder | None:
        """The new order; None when short even after overdue orders that are in the way expired."""
        takes, short = self._fill(_summed(lines))
        if short:
            self.expire(now, holding=short)
            takes, short = self._fill(_summed(lines))
        if short:
            return None
        for pool, units in takes:
            self.pools[pool].reserved += units
        self.orders.append(ModelOrder(takes, now + HOLD))
        return self.orders[-1]

    def _fill(self, lines: Iterable[Line]) -> tuple[list[tuple[PoolName, int]], set[PoolName]]:
        free = {name: pool.free for name, pool in self.pools.items()}
        takes, short = [], set()
        for variant, seller, units in lines:
            pools = self.asked(variant, seller)
            chosen = next((pool for pool in pools if free[pool] >= units), None)
            if chosen is None:
                short.update(pools)
            else:
                free[chosen] -= units
                takes.append((chosen, units))
        return takes, short

    def pay(self, order: ModelOrder, reference: str) -> None:
        """Money came in: it is used, or it must go back."""
        if reference in order.payments or (not reference and order.payments):
            return
        order.version += 1
        held = order.status == "PENDING"
        may_revive = (order.status, order.reason, order.payment_status) == ("CANCELLED", "payment_timeout", "PENDING")
        if held or (may_revive and self._still_there(order)):
            for pool, units in order.takes:
                self.pools[pool].on_hand -= units
                self.pools[pool].reserved -= units if held else 0
            order.payments[reference] = "PAID"
            order.status, order.payment_status, order.reason = "CONFIRMED", "PAID", ""
            return
        order.payments[reference] = "REFUND_DUE"
        if order.status == "CANCELLED":
            order.payment_status = "REFUND_DUE"

    def _still_there(self, order: ModelOrder) -> bool:
        wanted: dict[PoolName, int] = {}
        for pool, units in order.takes:
            wanted[pool] = wanted.get(pool, 0) + units
        return all(self.pools[pool].free >= units for pool, units in wanted.items())

    def cancel(self, order: ModelOrder, reason: str) -> None:
        """Give a pending order's units back; a cancelled one stays as it is."""
        if order.status != "PENDING":
            return
        for pool, units in order.takes:
            self.pools[pool].reserved -= units
        order.status, order.reason, order.version = "CANCELLED", reason, order.version + 1

    def expire(self, now: datetime, holding: set[PoolName] | None = None) -> int:
        """Cancel what is overdue (if told, only what holds one of these pools); how many."""
        overdue = [
            order
            for order in self.orders
            if order.overdue(now) and (holding is None or any(pool in holding for pool, _ in order.takes))
        ]
        for order in overdue:
            self.cancel(order, "payment_timeout")
        return len(overdue)


def _summed(lines: list[Line]) -> list[Line]:
    sums: dict[tuple[str, str | None], int] = {}
    for variant, seller, units in lines:
        sums[variant, seller] = sums.get((variant, seller), 0) + units
    return [(variant, seller, units) for (variant, seller), units in sums.items()]
