"""Jobs of webhooks; config/jobs.py says when they run. `timestamp`: when one was due (Unix time, seconds)."""

from uuid import UUID

from webhooks.services.delete_endpoint import purge_deliveries as _purge_deliveries
from webhooks.services.send_disabled_mail import send_disabled_mail as _send_disabled_mail
from webhooks.services.send_disabled_mail import send_disabled_mail_to as _send_disabled_mail_to


def purge_deliveries(timestamp: int | None = None) -> int:
    return _purge_deliveries()


def send_disabled_mail(endpoint_id: str) -> int:
    return _send_disabled_mail(endpoint_id=UUID(endpoint_id))


def send_disabled_mail_to(endpoint_id: str, user_id: str) -> bool:
    return _send_disabled_mail_to(endpoint_id=UUID(endpoint_id), user_id=UUID(user_id))
