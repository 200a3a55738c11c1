"""Make a customer of a lead."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Lower

from catalog.models.variant import default_currency
from crm.models.deal import Deal
from crm.models.lead import Lead, LeadStatus
from crm.models.pipeline import Stage
from crm.services.ensure_pipeline import ensure_default_pipeline
from shared.actor import Actor
from shared.errors import InvalidInput, NotFound, Refusal
from users.models.company import Company
from users.models.customer import Customer


class LeadAlreadyConverted(Refusal):
    code = "already_converted"
    title = "The lead is a customer already"


@dataclass(frozen=True, slots=True)
class NewDeal:
    """The deal to open for the new customer; `value` is in `currency`, by default the shop's."""

    title: str
    value: Decimal = Decimal(0)
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class ConvertedLead:
    lead: Lead
    customer: Customer
    deal: Deal | None


@transaction.atomic
def convert_lead(*, lead_id: UUID, actor: Actor, deal: NewDeal | None = None) -> ConvertedLead:
    """Make the lead's customer, its company by name, and optionally a deal in the default pipeline.

    Raises NotFound, LeadAlreadyConverted, or InvalidInput when the lead has no e-mail address; nothing is
    then made. Locks: the lead.
    """
    lead = Lead.objects.select_for_update(of=("self",), no_key=True).filter(pk=lead_id).first()
    if lead is None:
        raise NotFound("There is no such lead.")
    if lead.status == LeadStatus.CONVERTED:
        raise LeadAlreadyConverted(f"{lead.name} is a customer already.")
    if not lead.email:
        raise InvalidInput(("/email", "required", "A customer needs an e-mail address: add one to the lead first."))
    customer = Customer.objects.create(
        name=lead.name, email=lead.email, phone=lead.phone, company=_company_named(lead.company_name)
    )
    lead.status = LeadStatus.CONVERTED
    lead.customer = customer
    lead.save(update_fields=["status", "customer", "updated_at"])
    opened = _open_deal(deal, customer, owner_id=lead.owner_id or actor.user_id) if deal else None
    return ConvertedLead(lead, customer, opened)


def _company_named(name: str) -> Company | None:
    """The oldest company of that name in any case, or a new one; None for no name."""
    if not name.strip():
        return None
    same_name = Company.objects.alias(lower=Lower("name")).filter(lower=name.strip().lower())
    known = same_name.order_by("id").first()
    return known or Company.objects.create(name=name.strip())


def _open_deal(new: NewDeal, customer: Customer, *, owner_id: UUID | None) -> Deal:
    pipeline = ensure_default_pipeline()
    stage = Stage.objects.filter(pipeline=pipeline, kind="open").order_by("position", "id").first()
    if stage is None:
        raise InvalidInput(("/deal", "no_open_stage", f"The pipeline {pipeline} has no open stage to start in."))
    return Deal.objects.create(
        title=new.title,
        customer=customer,
        pipeline=pipeline,
        stage=stage,
        value=new.value,
        currency=new.currency or default_currency(),
        owner_id=owner_id,
    )
