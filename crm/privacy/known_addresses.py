"""Which leads are about a customer, and which addresses are known as theirs."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from crm.models.customer_merge import CustomerMerge
from crm.models.lead import Lead
from shared.planner.folding import any_in_any_case, folded
from shared.planner.lookups import one_of
from users.models.customer import Customer
from users.models.user import User


def known_emails(customer: Customer) -> frozenset[str]:
    """In lower case: the customer's, their login's, and those of duplicates that were merged into them."""
    logins = User.objects.filter(customer=customer).values_list("email", flat=True)
    merged = CustomerMerge.objects.filter(kept=customer).values_list("rows__whole_row__email", flat=True)
    known = (customer.email, *logins, *merged)
    return frozenset(email.lower() for email in known if isinstance(email, str) and email)


def shared_emails(customer_id: UUID, emails: Collection[str]) -> frozenset[str]:
    """Those that other customers have, too: a family's, a company's."""
    others = Customer.everyone.exclude(pk=customer_id).filter(any_in_any_case("email", emails))
    return frozenset(email.lower() for email in others.values_list("email", flat=True)) & frozenset(emails)


def leads_of(
    *, customer_id: UUID, name: str, phone_e164: str, emails: Collection[str], shared: Collection[str]
) -> QuerySet[Lead]:
    """Leads that became the customer; and of those that became nobody, all with an address that only this customer
    has, and with a shared one those that bear the same name or telephone number, too."""
    same = folded("name", name)
    if phone_e164:
        same |= Q(phone_e164=phone_e164)
    own = any_in_any_case("email", set(emails) - set(shared))
    theirs = own | (any_in_any_case("email", shared) & same)
    # By keys: with a read of its own beside the OR, PostgreSQL goes through all leads.
    keys = Lead.objects.filter(theirs, customer=None).order_by().values_list("pk", flat=True)
    return Lead.objects.filter(Q(customer_id=customer_id) | one_of("pk", keys))
