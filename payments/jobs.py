"""Jobs of payments; config/jobs.py says when they run. `timestamp`: when one was due (Unix time, seconds)."""

from uuid import UUID

from payments.services import process_webhook as webhooks
from payments.services import recover_operations as recovering
from payments.services import send_refund as refunds
from payments.services import void_outdated_intents as outdated
from payments.services.purge_webhooks import purge_webhooks as purge
from shared.actor import SYSTEM
from shared.database.restored import restored_until


def send_refund(refund_id: str) -> str:
    """Asked for by orders.refunds.create_refunds. What became of it."""
    if restored_until():  # it may have been sent since; once the shop is open, recover_operations sends it
        return "waits for reconciliation"
    return str(refunds.send_refund(refund_id=UUID(refund_id)) or "nothing to do")


def void_outdated_intents(order_id: str) -> int:
    """Asked for by orders.services.orders.edit_order. How many were voided."""
    return outdated.void_outdated_intents(order_id=UUID(order_id), actor=SYSTEM)


def process_webhook(webhook_id: str) -> str:
    """Asked for by payments.services.receive_webhook. What became of it."""
    return str(webhooks.process_webhook(webhook_id=UUID(webhook_id)) or "gone")


def recover_operations(timestamp: int | None = None) -> dict[str, int]:
    return {} if restored_until() else recovering.recover_operations()


def purge_webhooks(timestamp: int | None = None) -> int:
    return purge()
