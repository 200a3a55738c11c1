"""Forget what nobody needs any more, after the days that the settings say; 0 keeps it for ever."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from crm.models.activity import Activity, ActivityKind
from crm.models.email import Email, EmailStatus
from crm.models.lead import Lead, LeadStatus
from crm.models.order_mail import OrderMail, OrderMailStatus
from shared.clock import database_now
from shared.database.purging import delete_in_batches
from shared.planner.lookups import InlineWord
from users.models.customer import Customer
from users.services.delete_customer import remove_for_good


def purge_old_data(*, now: datetime | None = None) -> dict[str, int]:
    """Delete leads that never became customers and were not touched since, e-mails, notes of the timeline, and
    deleted customers whom no order names; return how many of each. Batches commit by themselves."""
    now = now or database_now()
    leads = Lead.objects.exclude(status=InlineWord(LeadStatus.CONVERTED))
    emails = Email.objects.exclude(status=EmailStatus.QUEUED)
    mails = OrderMail.objects.exclude(status=OrderMailStatus.QUEUED)
    activities = Activity.objects.exclude(kind=ActivityKind.CHANGE)
    return {
        "leads": _purge_older(leads, "updated_at", settings.LEAD_RETENTION_DAYS, now),
        "emails": _purge_older(emails, "created_at", settings.EMAIL_RETENTION_DAYS, now),
        "order_mails": _purge_older(mails, "created_at", settings.EMAIL_RETENTION_DAYS, now),
        "activities": _purge_older(activities, "happened_at", settings.ACTIVITY_RETENTION_DAYS, now),
        "customers": _purge_customers(settings.DELETED_RETENTION_DAYS, now),
    }


def _purge_customers(days: int, now: datetime) -> int:
    if not days:
        return 0
    gone = Customer.everyone.filter(deleted_at__lt=now - timedelta(days=days)).order_by("deleted_at")
    return sum(remove_for_good(customer_id=customer_id) for customer_id in list(gone.values_list("pk", flat=True)))


def _purge_older(rows: QuerySet, moment: str, days: int, now: datetime) -> int:
    if not days:
        return 0
    return delete_in_batches(rows.filter(**{f"{moment}__lt": now - timedelta(days=days)}).order_by())
