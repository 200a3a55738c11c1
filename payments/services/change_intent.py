"""Capturing what was authorised, and giving it up: what staff ask of an intent."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.incoming_payments.due import amount_due
from orders.lifecycle.locking import lock_order_group
from orders.lifecycle.order_group import OrderGroup
from orders.models.payment import Payment
from payments.models.intent_operation import IntentOperation, OperationKind
from payments.models.payment_intent import PaymentIntent
from payments.operations.applying import read_intent
from payments.operations.planning import open_operation, plan
from payments.operations.running import run_operation
from payments.providers.registry import PROVIDERS
from payments.states import CAPTURABLE, OPEN, UNAUTHORISED, VOIDABLE, IntentStatus
from shared.actor import Actor
from shared.clock import database_now
from shared.concurrency.versions import check_row_version
from shared.database.restored import DOOR
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.errors import InvalidInput, NotFound, Refusal
from shared.ids import new_id
from shared.money.amounts import format_money, round_money

# What is to be done with a locked intent: the operation's kind and amount; None: nothing, it is so already.
Decide = Callable[[OrderGroup, PaymentIntent], tuple[OperationKind, Decimal] | None]


class IntentNotFound(NotFound):
    code = "intent_not_found"
    title = _("No such payment intent")


class IntentNotOpen(Refusal):
    code = "intent_not_open"
    title = _("The intent is not where this could be done")
    members = {"status_now": str}


class IntentBusy(Refusal):
    code = "intent_busy"
    title = _("The provider has not answered yet")


def capture_intent(
    *,
    intent_id: UUID,
    actor: Actor,
    amount: Decimal | None = None,
    expected_version: int | None = None,
    operation_id: UUID | None = None,
    now: datetime | None = None,
) -> PaymentIntent:
    """Take `amount` (unset: all that is authorised; of a manual intent, what the order is due) of the intent. A manual
    intent takes any amount: what came in came in. One that is captured already is returned as it is.

    Called again with the same `operation_id` it goes on with what was planned under it.

    The intent shows what became of it; a provider that does not answer is asked again by the worker. Raises
    IntentNotFound, StaleVersion, IntentNotOpen, IntentBusy, InvalidInput, Restoring, Unavailable. Locks: the order; and
    for what comes in, its stock levels in primary-key order.
    """

    def decide(group: OrderGroup, intent: PaymentIntent) -> tuple[OperationKind, Decimal] | None:
        if PROVIDERS[intent.provider].is_told_by_staff:
            return _capture_by_hand(group, intent, amount)
        DOOR.check()  # after a restore: it may have been captured, or given up, since
        left = intent.authorised_amount - intent.captured_amount
        if intent.status not in CAPTURABLE:
            if intent.captured_amount and amount is None:
                return None
            raise _not_open(intent)
        wanted = left if amount is None else amount
        _check_amount(wanted, left, intent)
        if not amount_due(group.parent, _payments_of(group)):  # it would only have to go back
            text = gettext("Order %(number)s waits for no payment: void the intent.")
            raise IntentNotOpen(text % {"number": group.parent.number})
        return OperationKind.CAPTURE, wanted

    return _plan_and_ask(intent_id, decide, actor, expected_version, operation_id or new_id(), now)


def void_intent(
    *,
    intent_id: UUID,
    actor: Actor,
    expected_version: int | None = None,
    if_unneeded: bool = False,
    if_outdated: bool = False,
    operation_id: UUID | None = None,
    now: datetime | None = None,
) -> PaymentIntent:
    """Give up what is not captured, also of one that was declined where the payer may try again in it. One that is over
    already is returned as it is; so is, with `if_unneeded`, one whose order still waits for money, and with
    `if_outdated` one that is authorised, or over what the order is due. Raises and locks as capture_intent."""

    def decide(group: OrderGroup, intent: PaymentIntent) -> tuple[OperationKind, Decimal] | None:
        if not _may_bring_money(intent) or (if_outdated and intent.status not in UNAUTHORISED):
            return None
        if if_unneeded or if_outdated:
            due = amount_due(group.parent, _payments_of(group))
            if (if_unneeded and due) or (if_outdated and due == intent.amount):
                return None
        return OperationKind.VOID, intent.authorised_amount - intent.captured_amount

    return _plan_and_ask(intent_id, decide, actor, expected_version, operation_id or new_id(), now)


def _may_bring_money(intent: PaymentIntent) -> bool:
    """Not one that failed for good: its provider never made it, or takes no second try in it."""
    if intent.status != IntentStatus.FAILED:
        return intent.status in VOIDABLE
    provider = PROVIDERS.get(intent.provider)
    return bool(intent.provider_id) and provider is not None and provider.failed_may_be_paid


def _plan_and_ask(
    intent_id: UUID,
    decide: Decide,
    actor: Actor,
    expected_version: int | None,
    operation_id: UUID,
    now: datetime | None,
) -> PaymentIntent:
    """Decide and plan under the order's lock, commit, ask the provider."""
    order_id = PaymentIntent.objects.filter(pk=intent_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise IntentNotFound(gettext("No such payment intent: %(intent)s.") % {"intent": intent_id})

    def work(_again: bool) -> bool:
        with outermost_transaction():
            group = lock_order_group(order_id)
            if IntentOperation.objects.filter(pk=operation_id).exists():
                return True  # before the version is looked at: its first try has raised it itself
            intent = read_intent(intent_id)
            _check_free(intent, expected_version)
            decided = decide(group, intent)
            if decided is not None:
                kind, amount = decided
                moment = now or database_now()
                plan(intent, kind, amount=amount, actor=actor, now=moment, operation_id=operation_id)
            return decided is not None

    if retry_transaction(work, name="change_intent"):
        run_operation(operation_id=operation_id)
    return PaymentIntent.objects.get(pk=intent_id)


def _check_free(intent: PaymentIntent, expected_version: int | None) -> None:
    check_row_version(intent, expected_version, gettext("The intent is at version %(version)s."))
    running = open_operation(intent)
    if running is not None:  # what is decided now may rest on figures that it is about to change
        raise IntentBusy(gettext("%(operation)s is under way.") % {"operation": running})


def _capture_by_hand(
    group: OrderGroup, intent: PaymentIntent, amount: Decimal | None
) -> tuple[OperationKind, Decimal] | None:
    if intent.status not in OPEN:
        if intent.captured_amount and amount in (None, intent.captured_amount):
            return None
        raise _not_open(intent)
    wanted = amount if amount is not None else amount_due(group.parent, _payments_of(group)) or intent.amount
    _check_amount(wanted, None, intent)
    return OperationKind.CAPTURE, wanted


def _check_amount(amount: Decimal, most: Decimal | None, intent: PaymentIntent) -> None:
    if amount <= 0 or amount != round_money(amount, intent.currency):
        raise InvalidInput(("/amount", "invalid", gettext("This is no amount of that currency.")))
    if most is not None and amount > most:
        text = gettext("Up to %(most)s %(currency)s are authorised.")
        values = {"most": format_money(most, intent.currency), "currency": intent.currency}
        raise InvalidInput(("/amount", "too_much", text % values))


def _not_open(intent: PaymentIntent) -> IntentNotOpen:
    text = gettext("The intent is %(status)s, with %(captured)s %(currency)s captured.")
    captured = format_money(intent.captured_amount, intent.currency)
    values = {"status": intent.get_status_display().lower(), "captured": captured, "currency": intent.currency}
    return IntentNotOpen(text % values, status_now=intent.status)


def _payments_of(group: OrderGroup) -> list[Payment]:
    return list(Payment.objects.filter(order=group.parent))
