"""Lock a deal before it is changed."""

from uuid import UUID

from django.utils.translation import gettext

from crm.models.deal import Deal
from shared.errors import NotFound


def lock_deal(deal_id: UUID) -> Deal:
    """The deal, locked until the transaction ends. Raises NotFound.

    Nothing is joined: a deal that moved while we waited would no longer match the stage it was joined to, and vanish.
    """
    deal = Deal.objects.select_for_update(no_key=True).filter(pk=deal_id).first()
    if deal is None:
        raise NotFound(gettext("There is no such deal."))
    return deal
