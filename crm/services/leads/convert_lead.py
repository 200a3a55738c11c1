"""Make a customer of a lead."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models.variant import default_currency
from crm.models.activity import Activity
from crm.models.deal import Deal
from crm.models.lead import Lead, LeadStatus
from crm.models.task import Task
from crm.services.deals.open_deal import open_deal
from crm.services.timeline.record_change import record_change
from crm.timeline.lines import LEAD_CONVERTED, LEAD_JOINED
from shared.actor import Actor
from shared.errors import InvalidInput, NotFound, Refusal
from shared.planner.folding import folded
from users.models.company import Company
from users.models.customer import Customer
from users.services.create_company import create_company
from users.services.create_customer import create_customer


class LeadAlreadyConverted(Refusal):
    code = "already_converted"
    title = _("The lead is a customer already")


@dataclass(frozen=True, slots=True)
class NewDeal:
    """The deal to open for the customer, in the default pipeline unless another is named; `value` is in `currency`,
    by default the shop's."""

    title: str
    value: Decimal = Decimal(0)
    currency: str | None = None
    pipeline_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ConvertedLead:
    lead: Lead
    customer: Customer
    deal: Deal | None


@transaction.atomic
def convert_lead(
    *,
    lead_id: UUID,
    actor: Actor,
    deal: NewDeal | None = None,
    customer_id: UUID | None = None,
    now: datetime | None = None,
) -> ConvertedLead:
    """Make the lead's customer, its company by name, and optionally a deal, or, with `customer_id`, let the lead be a
    customer that is there already: then only what that customer lacks is filled in. The lead's timeline and tasks
    are the customer's from now on.

    Raises NotFound, LeadAlreadyConverted, or InvalidInput when a new customer would have no e-mail address; nothing
    is then made. Locks: the lead, then the customer.
    """
    lead = Lead.objects.select_for_update(of=("self",), no_key=True).filter(pk=lead_id).first()
    if lead is None:
        raise NotFound(gettext("There is no such lead."))
    if lead.status == LeadStatus.CONVERTED:
        raise LeadAlreadyConverted(gettext("%(lead)s is a customer already.") % {"lead": lead.name})
    customer = _new_customer(lead) if customer_id is None else _known_customer(lead, customer_id)
    lead.status = LeadStatus.CONVERTED
    lead.customer = customer
    lead.save(update_fields=["status", "customer", "updated_at"])
    # What is about another customer already stays that one's.
    Activity.objects.filter(lead=lead, customer=None).update(customer=customer)
    Task.objects.filter(lead=lead, customer=None).update(customer=customer)
    is_new = customer_id is None
    subject = LEAD_CONVERTED(lead=lead.name) if is_new else LEAD_JOINED(lead=lead.name, customer=customer.name)
    record_change(subject=subject, actor=actor, customer_id=customer.pk, lead_id=lead.pk, now=now)
    opened = _open_first_deal(deal, customer, lead, actor, now) if deal else None
    return ConvertedLead(lead, customer, opened)


def _new_customer(lead: Lead) -> Customer:
    if not lead.email:
        raise InvalidInput(
            ("/email", "required", gettext("A customer needs an e-mail address: add one to the lead first."))
        )
    company = _company_named(lead.company_name)
    return create_customer(
        name=lead.name,
        email=lead.email,
        phone=lead.phone,
        company_id=company.pk if company else None,
        owner_id=_owner_at_work(lead),
    )


def _known_customer(lead: Lead, customer_id: UUID) -> Customer:
    """The chosen customer with what it lacked. Raises NotFound, also for one whose data was erased."""
    customer = Customer.objects.select_for_update(no_key=True).filter(pk=customer_id, erased_at=None).first()
    if customer is None:
        raise NotFound(gettext("There is no such customer."))
    if customer.company_id is None:
        customer.company = _company_named(lead.company_name)
    customer.phone = customer.phone or lead.phone
    customer.owner_id = customer.owner_id or _owner_at_work(lead)
    customer.save(update_fields=["company", "phone", "phone_e164", "owner", "updated_at"])
    return customer


def _owner_at_work(lead: Lead) -> UUID | None:
    """Who has left looks after nobody: colleagues who see only their own records would see nothing of it."""
    owner = lead.owner
    return owner.pk if owner is not None and owner.is_active and owner.is_staff else None


def _company_named(name: str) -> Company | None:
    """The oldest company of that name in any case, or a new one; None for no name."""
    if not name.strip():
        return None
    same_name = Company.objects.filter(folded("name", name.strip()))
    known = same_name.order_by("id").first()
    return known or create_company(name=name.strip())


def _open_first_deal(new: NewDeal, customer: Customer, lead: Lead, actor: Actor, now: datetime | None) -> Deal:
    return open_deal(
        title=new.title,
        customer_id=customer.pk,
        actor=actor,
        pipeline_id=new.pipeline_id,
        details={
            "value": new.value,
            "currency": new.currency or default_currency(),
            "owner_id": _owner_at_work(lead) or actor.user_id,
        },
        now=now,
    )
