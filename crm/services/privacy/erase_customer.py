"""Erase a person and keep the books: docs/decisions/privacy.md says what goes, what stays and why."""

from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.privacy.known_addresses import known_emails, shared_emails
from crm.services.privacy.erase_merges import erase_merges
from crm.services.privacy.erase_requests import erase_requests
from crm.services.privacy.erase_timeline import erase_timeline
from crm.services.privacy.erase_views import erase_views
from crm.services.timeline.record_change import record_change
from crm.timeline.lines import ERASED
from orders.services.upkeep.erase_buyer import check_no_open_orders, erase_buyer
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import NotFound, Refusal
from shared.models.record_change import RecordChange
from shared.planner.lookups import one_of
from shared.privacy.erasure import Person, registered_erasers
from users.models.customer import Customer
from users.services.erase_login import erase_customer_row, erase_login

log = structlog.get_logger("kontor.privacy")


_DELETED_WITH_AGE = ("crm_lead", "crm_activity", "crm_email", "crm_task")


class AlreadyErased(Refusal):
    code = "already_erased"
    title = _("The person's data was erased before")


@transaction.atomic
def erase_customer(*, customer_id: UUID, actor: Actor, now: datetime | None = None) -> Customer:
    """Erase all that is known of the person, for good. The customer's row stays, without a name; so do the orders,
    with what the books need. Who did it and when stays in the timeline, the log and the history, without the values.

    Raises NotFound, AlreadyErased or CustomerHasOpenOrders. Locks: the customer.
    """
    customer = Customer.everyone.select_for_update(of=("self",)).filter(pk=customer_id).first()
    if customer is None:
        raise NotFound(gettext("There is no such customer."))
    if customer.erased_at is not None:
        raise AlreadyErased(gettext("This person's data was erased before."))
    check_no_open_orders(customer_id)
    person = _person_of(customer, now or database_now())
    steps = (erase_views, erase_merges, erase_timeline, *registered_erasers(), erase_requests)
    for erase in (*steps, erase_login, erase_customer_row):
        erase(person)
    person.records |= erase_buyer(customer_id=customer_id, now=person.now)
    _empty_history(person)
    record_change(subject=ERASED(), actor=actor, customer_id=customer_id, now=person.now)
    log.info("customer_erased", customer=str(customer_id), actor=actor.label)
    return Customer.everyone.get(pk=customer_id)


def _person_of(customer: Customer, now: datetime) -> Person:
    emails = known_emails(customer)
    return Person(
        customer_id=customer.pk,
        user_id=customer.user_id,
        emails=emails,
        now=now,
        name=customer.name,
        phone_e164=customer.phone_e164,
        shared_emails=shared_emails(customer.pk, emails),
        records={str(customer.pk)},
    )


def _empty_history(person: Person) -> None:
    """That something was changed, when and by whom stays; what it was goes. The triggers have written by now."""
    kept = RecordChange.objects.filter(one_of("record", sorted(person.records)))
    # What was deleted long before this day is known by the address or the customer that its last state names.
    about = Q(before__customer_id=str(person.customer_id))
    for email in person.own_emails:
        about |= Q(before__email__iexact=email) | Q(before__to__iexact=email)
    for email in person.shared_emails:
        about |= Q(before__email__iexact=email, before__name__iexact=person.name)
    gone = RecordChange.objects.filter(about, table__in=_DELETED_WITH_AGE)
    for rows in (kept, gone):
        rows.update(before={}, after={})
