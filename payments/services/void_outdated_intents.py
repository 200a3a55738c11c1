"""Giving up the attempts to pay an order that ask for another amount than it is due by now."""

from uuid import UUID

import structlog

from payments import queries
from payments.services.change_intent import void_intent
from payments.states import IntentStatus
from shared.actor import Actor
from shared.errors import Refusal

log = structlog.get_logger("kontor.payments")


def void_outdated_intents(*, order_id: UUID, actor: Actor) -> int:
    """Void what was begun for this whole order over another amount and not authorised yet; how many are voided.

    Whoever pays anew begins with the amount that is due. One that its provider is busy with, or does not answer for, is
    left to `payments.recover_operations`; one that was paid meanwhile is what it is: too little or too much, for staff
    to settle. Never in a transaction. Locks: the order, one intent after the other.
    """
    voided = 0
    for intent_id in queries.intents_begun(order_id):
        try:
            intent = void_intent(intent_id=intent_id, actor=actor, if_outdated=True)
        # The others are voided all the same: each is a way by which the wrong amount may still come in.
        except Refusal as refusal:
            log.warning("intent_not_voided", intent=str(intent_id), error=refusal.detail)
            continue
        voided += intent.status == IntentStatus.VOIDED
    return voided
