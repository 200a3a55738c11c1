"""Jobs of the CRM; config/jobs.py says when they run. `timestamp`: when one was due (Unix time, seconds)."""

from uuid import UUID

from procrastinate import JobContext

from crm.mail.retries import MAIL_RETRIES
from crm.services.mail import queue_order_mails as order_mails
from crm.services.mail import send_email as mail
from crm.services.mail import send_order_mail as order_mail
from crm.services.merging import find_duplicates as duplicates
from crm.services.merging import forget_merges as merges
from crm.services.privacy.purge_old_data import purge_old_data as purge
from crm.services.segments import refresh_segment as segments
from crm.services.segments import refresh_segments as refresh_segments_service
from crm.services.tasks import queue_digests as queue_digests_service
from crm.services.tasks import queue_reminders as queue_reminders_service
from crm.services.tasks import send_digest as remind
from crm.services.tasks import send_reminder as send_reminder_service
from orders.services.upkeep.erase_buyer import erase_expired_buyers as erase_expired


def find_duplicates(timestamp: int | None = None) -> int:
    return duplicates.find_duplicates()


def forget_merges(timestamp: int | None = None) -> int:
    return merges.forget_merges()


def refresh_segments(timestamp: int | None = None) -> int:
    return refresh_segments_service.refresh_segments()


def refresh_segment(segment_id: str) -> None:
    """Asked for when a segment's rule changes (crm.services.segments.ask_for_refresh)."""
    segments.refresh_segment(segment_id=UUID(segment_id))


def send_email(context: JobContext, email_id: str) -> str:
    """Asked for by crm.services.mail.write_email. What became of it."""
    is_last_try = context.job.attempts >= MAIL_RETRIES
    return str(mail.send_email(email_id=UUID(email_id), is_last_try=is_last_try) or "nothing to do")


def queue_order_mails(timestamp: int | None = None) -> int:
    return order_mails.queue_order_mails()


def send_order_mail(context: JobContext, mail_id: str) -> str:
    """Asked for by crm.services.mail.queue_order_mails. What became of it."""
    is_last_try = context.job.attempts >= MAIL_RETRIES
    return str(order_mail.send_order_mail(mail_id=UUID(mail_id), is_last_try=is_last_try) or "nothing to do")


def queue_reminders(timestamp: int | None = None) -> int:
    return queue_reminders_service.queue_reminders()


def send_reminder(task_id: str, at: str) -> bool:
    return send_reminder_service.send_reminder(task_id=UUID(task_id), at=at)


def queue_digests(timestamp: int | None = None) -> int:
    return queue_digests_service.queue_digests()


def send_digest(user_id: str, day: str) -> bool:
    return remind.send_digest(user_id=UUID(user_id), day=day)


def purge_old_data(timestamp: int | None = None) -> dict[str, int]:
    return purge()


def erase_expired_buyers(timestamp: int | None = None) -> int:
    return erase_expired()
