"""Forget what the CRM knows of a person."""

from typing import Any
from uuid import UUID

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.email import Email
from crm.models.lead import Lead
from crm.models.order_mail import OrderMail
from crm.models.segment import SegmentMember
from crm.models.task import Task
from crm.privacy.known_addresses import leads_of
from shared.planner.lookups import one_of
from shared.privacy.erasure import ERASED_NAME, Person


def erase_timeline(person: Person) -> None:
    """Leads, timeline, e-mails and tasks go; deals stay with their value, without their words."""
    of_person = Q(customer_id=person.customer_id)
    of = leads_of(
        customer_id=person.customer_id,
        name=person.name,
        phone_e164=person.phone_e164,
        emails=person.emails,
        shared=person.shared_emails,
    )
    leads = list(of.values_list("pk", flat=True))
    # By keys that are known: with a read of its own beside an OR each would go through the whole table.
    deals = Deal.objects.filter(of_person)
    about = of_person | one_of("lead_id", leads) | one_of("deal_id", _keys_of(deals))
    for rows in (Email.objects.filter(of_person), Activity.objects.filter(about), Task.objects.filter(about)):
        _note_erasure(person, rows)
        rows.delete()
    _note_erasure(person, Lead.objects.filter(pk__in=leads))
    Lead.objects.filter(pk__in=leads).delete()
    _note_erasure(person, deals)
    deals.update(title=ERASED_NAME, custom_fields={}, updated_at=person.now)
    deals.filter(status="lost").update(lost_reason=ERASED_NAME)
    SegmentMember.objects.filter(of_person).delete()
    OrderMail.objects.filter(order__customer_id=person.customer_id).delete()


def _keys_of(rows: QuerySet[Any]) -> list[UUID]:
    return list(rows.order_by().values_list("pk", flat=True))


def _note_erasure(person: Person, rows: object) -> None:
    """Their history is emptied, too."""
    keys = rows.annotate(text_id=Cast("pk", CharField())).values_list("text_id", flat=True)  # type: ignore[attr-defined]
    person.records.update(keys)
