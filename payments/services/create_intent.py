"""Beginning to pay an order through a provider."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.incoming_payments.due import amount_due
from orders.lifecycle.checks import check_version
from orders.lifecycle.locking import lock_parent_order
from orders.lifecycle.order_group import OrderGroup
from orders.models.payment import Payment
from payments.models.intent_operation import OperationKind
from payments.models.payment_intent import Capture, PaymentIntent
from payments.operations.planning import plan
from payments.operations.running import run_operation
from payments.providers.base import Provider
from payments.providers.registry import provider_named
from payments.services.void_outdated_intents import void_outdated_intents
from payments.states import IntentStatus
from shared.actor import Actor
from shared.clock import database_now
from shared.database.restored import DOOR
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.errors import InvalidInput, Refusal
from shared.ids import new_id
from shared.money.amounts import format_money


class NothingDue(Refusal):
    code = "nothing_due"
    title = _("The order waits for no payment")


class IntentOpen(Refusal):
    code = "intent_open"
    title = _("Another amount is already being paid this way")
    members = {"intent": UUID}


@dataclass(frozen=True, slots=True)
class Begun:
    """`is_new` False: this way of paying was begun before, and goes on."""

    intent: PaymentIntent
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Way:
    provider: Provider
    method: str
    capture: Capture


def create_intent(
    *,
    order_id: UUID,
    actor: Actor,
    provider: str,
    method: str = "",
    capture: Capture = Capture.AUTOMATIC,
    intent_id: UUID | None = None,
    expected_version: int | None = None,
    now: datetime | None = None,
) -> Begun:
    """Ask the provider for an intent over what the order is still due. Asked again for the same order, provider and
    method it answers with the intent that is open, so a payer who presses twice pays once. One over another amount than
    is due by now is voided first, unless it is authorised. Called again with the same `intent_id` it goes on with what
    was begun under it, whatever has become of the order. `expected_version` is the order's as the payer saw it.

    Two transactions with the network between: a provider that does not answer leaves it `created`, for
    `payments.recover_operations`. Raises ProviderNotFound, InvalidInput (method), OrderNotFound, IsSubOrder,
    StaleVersion, NothingDue, IntentOpen, Restoring, Unavailable. Locks: the order; for what comes in, its levels.
    """
    DOOR.check()
    chosen = provider_named(provider)
    if chosen.methods() and method not in chosen.methods():
        named = {"provider": provider, "methods": ", ".join(chosen.methods())}
        fault = gettext("%(provider)s knows these: %(methods)s.") % named
        raise InvalidInput(("/method", "invalid_choice", fault))
    way, own_id = _Way(chosen, method, capture), intent_id or new_id()

    def work(again: bool) -> tuple[PaymentIntent, UUID | None]:
        with outermost_transaction():
            group = lock_parent_order(order_id)
            # After a commit of unknown outcome, or sent again: what was begun is looked up, not begun twice.
            if (again or intent_id) and (done := PaymentIntent.objects.filter(pk=own_id).first()):
                return done, done.operations.get(kind=OperationKind.CREATE).pk
            check_version(group.parent, expected_version)  # locked: no edit comes between it and the intent
            return _begin_intent(group, own_id, way, actor, now or database_now())

    begin = partial(retry_transaction, work, name="create_intent")
    try:
        intent, operation_id = begin()
    except IntentOpen:
        if not void_outdated_intents(order_id=order_id, actor=actor):  # asks the provider: no transaction is open
            raise
        intent, operation_id = begin()
    if operation_id is None:
        return Begun(intent, is_new=False)
    run_operation(operation_id=operation_id)
    intent.refresh_from_db()
    return Begun(intent, is_new=True)


def _begin_intent(
    group: OrderGroup, intent_id: UUID, way: _Way, actor: Actor, now: datetime
) -> tuple[PaymentIntent, UUID | None]:
    order = group.parent
    due = amount_due(order, list(Payment.objects.filter(order=order)))
    if not due:
        raise NothingDue(
            gettext("Order %(number)s is %(status)s, payment %(payment)s: nothing is due.")
            % {
                "number": order.number,
                "status": order.get_status_display().lower(),
                "payment": order.get_payment_status_display().lower(),
            }
        )
    running = _running_intent(order.pk, way)
    if running is not None:
        _check_same_amount(running, due)
        return running, None
    intent = PaymentIntent.objects.create(
        id=intent_id,
        order=order,
        provider=way.provider.name,
        method=way.method,
        amount=due,
        currency=order.currency,
        capture=way.capture,
        created_at=now,
        updated_at=now,
    )
    return intent, plan(intent, OperationKind.CREATE, amount=due, actor=actor, now=now).pk


def _running_intent(order_id: UUID, way: _Way) -> PaymentIntent | None:
    # Not PARTIALLY_CAPTURED: what is still due then is another amount, and needs an intent of its own.
    open_ones = [IntentStatus.CREATED, IntentStatus.REQUIRES_ACTION, IntentStatus.AUTHORISED]
    found = PaymentIntent.objects.filter(order_id=order_id, provider=way.provider.name, method=way.method)
    return found.filter(status__in=open_ones).first()


def _check_same_amount(intent: PaymentIntent, due: Decimal) -> None:
    if intent.amount != due:
        amount = format_money(intent.amount, intent.currency)
        raise IntentOpen(
            gettext("An intent over %(amount)s %(currency)s is open: void it first.")
            % {"amount": amount, "currency": intent.currency},
            intent=str(intent.pk),
        )
