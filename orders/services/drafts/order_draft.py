"""Letting a draft or quote become an order, once."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext

from orders.drafts.locking import check_draft_version, lock_draft
from orders.drafts.rules import DraftNotFound, check_in_time, check_pending
from orders.drafts.terms import terms_of
from orders.drafts.worth import agreed
from orders.models.draft import Draft, DraftLine, DraftStatus
from orders.models.order import Order
from orders.placing.payment_methods import staff_default
from orders.placing.requested_lines import PlaceOrder, PlaceOrderLine
from orders.pricing.given_discounts import discount_in
from orders.services.drafts.check_agreed_prices import check_agreed_prices
from orders.services.orders.place_order import place_order
from shared.actor import Actor
from shared.clock import database_now, day_of
from shared.concurrency.idempotency import IdempotencyKeyReused
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.errors import InvalidInput
from shared.models.idempotency_key import IdempotencyKey

# The key is the draft's, whoever orders it.
_KEY = "draft"


@dataclass(frozen=True, slots=True)
class OrderedDraft:
    """`created` is False when the order had been placed before."""

    draft: Draft
    order: Order
    created: bool


def order_draft(
    *,
    draft_id: UUID,
    actor: Actor,
    agrees_prices: bool,
    expected_version: int | None = None,
    today: date | None = None,
) -> OrderedDraft:
    """Place its lines, at agreed prices where there are some, and link the order. However often it is called, and by
    however many at once, one order is placed. A crash between placing and linking leaves an order that the next call
    finds by the draft's key.

    `agrees_prices` is whether whoever orders may agree prices: else agreed ones must be the catalogue's, and nothing
    may be taken off.

    Raises AgreedPricesNotAllowed, DraftNotFound, StaleVersion, DraftClosed, DraftExpired, InvalidInput without lines,
    and what place_order raises: the draft is then unchanged. Commits its own transactions. Locks: those of place_order,
    and after they are released the draft.
    """
    draft = Draft.objects.select_related("order").filter(pk=draft_id).first()
    if draft is None:
        raise DraftNotFound(gettext("No such draft: %(draft)s.") % {"draft": draft_id})
    if draft.order is not None:
        return OrderedDraft(draft, draft.order, created=False)
    check_draft_version(draft, expected_version)
    # Before the checks: an order that a crash left unlinked is the draft's, even if its time is over by now.
    order, created = _placed_before(draft), False
    if order is None:
        check_pending(draft)
        check_in_time(draft, today or day_of(database_now()))
        order, created = _place_draft(draft, actor, agrees_prices)
    placed = order

    # In a transaction of its own: place_order commits its own, and no draft stays locked over that.
    def link(_again: bool) -> Draft:
        with outermost_transaction():
            locked = lock_draft(draft_id)
            # Of several at once the first links; the others found the same order.
            if locked.order_id is None:
                locked.order, locked.status = placed, DraftStatus.ORDERED
                locked.version += 1
                locked.save()
            return locked

    return OrderedDraft(retry_transaction(link, name="link_draft"), placed, created)


def _place_draft(draft: Draft, actor: Actor, agrees_prices: bool) -> tuple[Order, bool]:
    lines = list(DraftLine.objects.filter(draft=draft).order_by("id"))
    if not lines:
        raise InvalidInput(("/lines", "required", gettext("It has no lines yet.")))
    wanted = PlaceOrder(
        customer_id=draft.customer_id,
        lines=tuple(
            PlaceOrderLine(str(line.variant_id), line.quantity, line.seller_id, agreed(draft, line), discount_in(line))
            for line in lines
        ),
        note=draft.note,
        currency=draft.currency,
        payment_method=draft.payment_method or staff_default(),
        discount=discount_in(draft),
        **terms_of(draft),
    )
    if not agrees_prices:
        check_agreed_prices(request=wanted)
    try:
        placed = place_order(request=wanted, actor=replace(actor, principal_id=draft.pk), idempotency_key=_KEY)
    except IdempotencyKeyReused:
        # Somebody ordered it with other lines since we looked: theirs is its order.
        if (earlier := _placed_before(draft)) is None:
            raise
        return earlier, False
    return placed.order, placed.created


def _placed_before(draft: Draft) -> Order | None:
    used = IdempotencyKey.objects.filter(principal_id=draft.pk, key=_KEY).values("pk")
    return Order.objects.filter(pk__in=used).first()
