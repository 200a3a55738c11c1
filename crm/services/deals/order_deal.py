"""Let a deal become an order: its lines are placed, their stock is reserved, the deal is won."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from crm.models.deal import Deal
from crm.models.pipeline import Stage, StageKind
from crm.pipeline.deal_ordering import DealCannotBeOrdered, check_orderable, deal_request, won_stage
from crm.services.deals.lock_deal import lock_deal
from crm.services.deals.put_into_stage import put_into_stage
from crm.services.timeline.record_change import record_change
from crm.timeline.lines import DEAL_ORDERED
from orders.models.order import Order
from orders.services.drafts.check_agreed_prices import check_agreed_prices
from orders.services.orders.place_order import place_order
from orders.states import OrderStatus
from shared.actor import Actor
from shared.concurrency.idempotency import IdempotencyKeyReused
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.errors import NotFound
from shared.models.idempotency_key import IdempotencyKey


@dataclass(frozen=True, slots=True)
class OrderedDeal:
    """`created` is False when the order had been placed before."""

    deal: Deal
    order: Order
    created: bool


def order_deal(*, deal_id: UUID, actor: Actor, agrees_prices: bool, now: datetime | None = None) -> OrderedDeal:
    """Place the deal's lines at the prices agreed in it, link the order, move the deal to the first won
    stage of its pipeline. However often it is called, and by however many colleagues at once, one order is placed:
    the idempotency key is the deal's, not the caller's. An order that was cancelled may be followed by another one.

    `agrees_prices` is whether whoever orders may agree prices: else the deal's must be the catalogue's.

    Placing commits before the deal is linked. A crash in between leaves an order that the next call finds by the key
    and links, even if the lines were changed meanwhile.

    Raises NotFound, DealCannotBeOrdered (lost, without lines, no won stage), AgreedPricesNotAllowed, and what
    place_order raises, e.g. InsufficientStock; the deal is then unchanged. Commits its own transactions. Locks: those
    of place_order, and after they are released the deal and the stage it is won in.
    """
    deal = Deal.objects.select_related("order", "pipeline").filter(pk=deal_id).first()
    if deal is None:
        raise NotFound(gettext("There is no such deal."))
    if deal.order is not None and deal.order.status != OrderStatus.CANCELLED:
        return OrderedDeal(deal, deal.order, created=False)
    order, created = _order_of(deal, actor, agrees_prices, now)

    def link(again: bool) -> Deal:
        with outermost_transaction():
            return _link_order(deal, order, actor, now)

    return OrderedDeal(retry_transaction(link, name="link_deal_order"), order, created)


def _order_of(deal: Deal, actor: Actor, agrees_prices: bool, now: datetime | None) -> tuple[Order, bool]:
    """The order under the deal's key, placed now unless it was before."""
    # Counts anew after a cancelled order: the same for everybody who sees that order there.
    key = f"deal-after-{deal.order_id}" if deal.order_id else "deal"
    if (earlier := _placed_before(deal, key)) is not None:
        return earlier, False
    check_orderable(deal)
    request = deal_request(deal)
    if not agrees_prices:
        check_agreed_prices(request=request, now=now)
    try:
        placed = place_order(request=request, actor=replace(actor, principal_id=deal.pk), idempotency_key=key, now=now)
    except IdempotencyKeyReused:
        # Somebody ordered other lines of this deal since we looked: theirs is the deal's order.
        if (earlier := _placed_before(deal, key)) is None:
            raise
        return earlier, False
    return placed.order, placed.created


def _placed_before(deal: Deal, key: str) -> Order | None:
    used = IdempotencyKey.objects.filter(principal_id=deal.pk, key=key).values("pk")
    return Order.objects.filter(pk__in=used).first()


def _link_order(seen: Deal, order: Order, actor: Actor, now: datetime | None) -> Deal:
    deal = lock_deal(seen.pk)
    if deal.order_id == order.pk:
        return deal
    # Both orders stand, and neither is ours to cancel: somebody is told.
    if deal.order_id != seen.order_id:
        raise DealCannotBeOrdered(
            gettext("The deal was given another order meanwhile; order %(number)s is placed too.")
            % {"number": order.number}
        )
    deal.order = order
    deal.save(update_fields=["order", "updated_at"])
    record_change(
        subject=DEAL_ORDERED(title=deal.title[:120], number=order.number),
        actor=actor,
        customer_id=deal.customer_id,
        deal_id=deal.pk,
        now=now,
    )
    # Locked: it keeps its kind until the deal stands in it.
    won = won_stage(deal, Stage.objects.select_for_update(no_key=True))
    if deal.status != StageKind.WON and won is not None:
        put_into_stage(deal, won, actor=actor, now=now)
    return deal
