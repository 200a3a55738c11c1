"""Jobs of the CRM; config/jobs.py says when they run. `timestamp`: when one was due (Unix time, seconds).

A job has the name of the service that it calls, with an underscore here.
"""

from uuid import UUID

from procrastinate import JobContext

from crm.demo.removal.asking import NoDemoShop
from crm.demo.removal.remove import remove_demo_shop as _remove_demo_shop
from crm.mail.retries import MAIL_RETRIES
from crm.services.mail.queue_order_mails import queue_order_mails as _queue_order_mails
from crm.services.mail.send_email import send_email as _send_email
from crm.services.mail.send_order_mails import send_order_mails as _send_order_mails
from crm.services.merging.find_duplicates import find_duplicates as _find_duplicates
from crm.services.merging.forget_merges import forget_merges as _forget_merges
from crm.services.privacy.purge_old_data import purge_old_data as _purge_old_data
from crm.services.segments.refresh_segment import refresh_segment as _refresh_segment
from crm.services.segments.refresh_segments import refresh_segments as _refresh_segments
from crm.services.tasks.queue_digests import queue_digests as _queue_digests
from crm.services.tasks.queue_reminders import queue_reminders as _queue_reminders
from crm.services.tasks.send_digest import send_digest as _send_digest
from crm.services.tasks.send_reminder import send_reminder as _send_reminder
from orders.services.upkeep.erase_buyer import erase_expired_buyers as _erase_expired_buyers
from shared.actor import Actor


def find_duplicates(timestamp: int | None = None) -> int:
    return _find_duplicates()


def forget_merges(timestamp: int | None = None) -> int:
    return _forget_merges()


def refresh_segments(timestamp: int | None = None) -> int:
    return _refresh_segments()


def refresh_segment(segment_id: str) -> None:
    """Asked for when a segment's rule changes (crm.services.segments.ask_for_refresh)."""
    _refresh_segment(segment_id=UUID(segment_id))


def send_email(context: JobContext, email_id: str) -> str:
    """Asked for by crm.services.mail.write_email. What became of it."""
    is_last_try = context.job.attempts >= MAIL_RETRIES
    return str(_send_email(email_id=UUID(email_id), is_last_try=is_last_try) or "nothing to do")


def queue_order_mails(timestamp: int | None = None) -> int:
    return _queue_order_mails()


def send_order_mails(mail_ids: list[str], retries: int = 0) -> dict[str, int]:
    """Asked for by crm.services.mail.queue_order_mails, a lot a job. What became of how many."""
    ids = [UUID(mail_id) for mail_id in mail_ids]
    return _send_order_mails(mail_ids=ids, retries=retries)


def send_order_mail(mail_id: str) -> dict[str, int]:
    """Asked for by an earlier version, one a job."""
    return send_order_mails([mail_id])


def queue_reminders(timestamp: int | None = None) -> int:
    return _queue_reminders()


def send_reminder(task_id: str, at: str) -> bool:
    return _send_reminder(task_id=UUID(task_id), at=at)


def queue_digests(timestamp: int | None = None) -> int:
    return _queue_digests()


def send_digest(user_id: str, day: str) -> bool:
    return _send_digest(user_id=UUID(user_id), day=day)


def remove_demo_shop(with_trials: bool, actor_id: str | None = None) -> dict[str, int]:
    """Asked for by crm.demo.removal.asking. How many rows went and stayed; nothing where it is gone already."""
    user_id = UUID(actor_id) if actor_id else None
    try:
        removal = _remove_demo_shop(with_trials=with_trials, actor=Actor(user_id, user_id, "demo shop"))
    except NoDemoShop:
        return {}
    return {"removed": sum(removal.removed.values()), "kept": sum(removal.kept.values())}


def purge_old_data(timestamp: int | None = None) -> dict[str, int]:
    return _purge_old_data()


def erase_expired_buyers(timestamp: int | None = None) -> int:
    return _erase_expired_buyers()
