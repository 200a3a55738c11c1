"""Say that two customers are not the same."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext

from crm.merging.similarity import COMPARED, MatchKey, reasons_of, score_of
from crm.models.duplicate_pair import DuplicatePair, PairState
from shared.actor import Actor
from shared.clock import database_now
from shared.errors import InvalidInput, NotFound
from users.models.customer import Customer


def dismiss_duplicate(*, customer_id: UUID, other_id: UUID, actor: Actor, now: datetime | None = None) -> DuplicatePair:
    """Remember that they are two, whether a job had found the pair or not; again, it changes nothing.

    Raises NotFound, or InvalidInput for one and the same customer.
    """
    if customer_id == other_id:
        raise InvalidInput(("/other", "same_customer", gettext("These are one customer already.")))
    # By key: a pair is kept once, the smaller id first.
    rows = Customer.objects.filter(pk__in=[customer_id, other_id]).order_by("pk").values_list(*COMPARED)
    match_keys = [MatchKey(*row) for row in rows]
    if len(match_keys) < 2:
        raise NotFound(gettext("There is no such customer."))
    reasons = reasons_of(*match_keys)
    pair = DuplicatePair(
        first_id=match_keys[0].id,
        second_id=match_keys[1].id,
        score=score_of(reasons),
        reasons=[reason.value for reason in reasons],
        state=PairState.DISMISSED,
        dismissed_at=now or database_now(),
        dismissed_by_id=actor.user_id,
    )
    try:
        DuplicatePair.objects.bulk_create(
            [pair],
            update_conflicts=True,
            unique_fields=["first", "second"],
            update_fields=["state", "dismissed_at", "dismissed_by"],
        )
    except IntegrityError as error:  # one of them was deleted or merged meanwhile
        raise NotFound(gettext("There is no such customer.")) from error
    return DuplicatePair.objects.get(first=match_keys[0].id, second=match_keys[1].id)
