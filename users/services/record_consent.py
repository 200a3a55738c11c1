"""What a customer says we may do."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from shared.actor import Actor
from shared.clock import database_now
from shared.errors import InvalidInput, NotFound
from users.models.consent import Consent, ConsentPurpose
from users.models.customer import Customer

MAX_SOURCE_LENGTH = 120


def record_consent(
    *, customer_id: UUID, purpose: str, is_given: bool, source: str, actor: Actor, now: datetime | None = None
) -> Consent:
    """Write down that the customer gave or withdrew its consent, and how we know. Earlier statements stay; the newest
    holds. Raises NotFound, also for a person whose data was erased, or InvalidInput."""
    source = source.strip()
    faults = []
    if purpose not in ConsentPurpose.values:
        faults.append(
            (
                "/purpose",
                "invalid_choice",
                gettext("The purpose is one of %(names)s.") % {"names": ", ".join(ConsentPurpose.values)},
            )
        )
    if not 1 <= len(source) <= MAX_SOURCE_LENGTH or "\0" in source:
        faults.append(
            (
                "/source",
                "out_of_range",
                gettext("Say how we know, in up to %(most)s characters.") % {"most": MAX_SOURCE_LENGTH},
            )
        )
    if faults:
        raise InvalidInput(*faults)
    if not Customer.objects.filter(pk=customer_id, erased_at=None).exists():
        raise NotFound(gettext("There is no such customer."))
    return Consent.objects.create(
        customer_id=customer_id,
        purpose=purpose,
        is_given=is_given,
        source=source,
        recorded_at=now or database_now(),
        recorded_by_id=actor.user_id,
    )
