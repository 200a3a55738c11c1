from payments.admin import intent_operation, payment_intent, webhook_event

__all__ = ["intent_operation", "payment_intent", "webhook_event"]
