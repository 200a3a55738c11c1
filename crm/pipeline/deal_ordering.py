"""Whether a deal can become an order, and what would be ordered."""

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.models.deal import Deal
from crm.models.deal_line import DealLine
from crm.models.pipeline import Stage, StageKind
from orders.placing.payment_methods import staff_default
from orders.placing.requested_lines import PlaceOrder, PlaceOrderLine
from orders.pricing.prices import AgreedPrice
from orders.reads.archived import archived_order_of, where_it_is
from shared.errors import Refusal


class DealCannotBeOrdered(Refusal):
    code = "deal_cannot_be_ordered"
    title = _("The deal cannot become an order")


def check_orderable(deal: Deal) -> None:
    """Raises DealCannotBeOrdered saying what is missing, or that its order left; stock is seen to by placing."""
    if deal.status == StageKind.LOST:
        raise DealCannotBeOrdered(gettext("The deal is lost. Move it back to an open stage first."))
    archived = archived_order_of(deal.pk) if deal.order_id is None else None
    if archived is not None:
        raise DealCannotBeOrdered(where_it_is(archived))
    if not DealLine.objects.filter(deal=deal).exists():
        raise DealCannotBeOrdered(gettext("The deal has no lines yet: add what is sold."))
    if won_stage(deal) is None:
        raise DealCannotBeOrdered(
            gettext("The pipeline %(pipeline)s has no stage for won deals: add one first.")
            % {"pipeline": deal.pipeline}
        )


def deal_request(deal: Deal) -> PlaceOrder:
    """The order that the deal's lines ask for, at the prices agreed in it."""
    lines = DealLine.objects.filter(deal=deal).order_by("id")
    reason = gettext("Agreed in deal %(deal)s") % {"deal": deal.title[:80]}
    wanted = tuple(
        PlaceOrderLine(
            variant=str(line.variant_id), quantity=line.quantity, agreed=AgreedPrice(line.unit_price, reason)
        )
        for line in lines
    )
    return PlaceOrder(
        customer_id=deal.customer_id,
        lines=wanted,
        note=deal.title,
        currency=deal.currency,
        payment_method=staff_default(),
    )


def won_stage(deal: Deal, stages: QuerySet[Stage] | None = None) -> Stage | None:
    """Where deals of the pipeline that are won stand; out of `stages`, which may be locked, or out of all."""
    stages = Stage.objects.all() if stages is None else stages
    return stages.filter(pipeline=deal.pipeline_id, kind=StageKind.WON).order_by("position", "id").first()
