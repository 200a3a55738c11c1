"""The page that asks before a deal becomes an order."""

from decimal import Decimal
from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from catalog.pictures import picture_of_variant
from crm.models.deal import Deal
from crm.models.deal_line import DealLine
from crm.pipeline.deal_ordering import check_orderable, deal_request
from crm.services.deals.order_deal import order_deal
from inventory.sellable_variants import SellableVariant, read_sellables
from orders.models.order import Order
from orders.placing.previewing import units_to_wait
from orders.services.drafts.check_agreed_prices import AGREE_PRICES
from orders.services.orders.preview_order import preview_order
from shared.admin.base import actor_of
from shared.admin.display import change_url, money, number
from shared.admin.form_page import Done, Facts, FormPage
from shared.admin.forms import StyledForm, posted
from shared.errors import Refusal


def order_page(model_admin: ModelAdmin, request: HttpRequest, deal: Deal) -> FormPage:
    """Shows the lines with what was agreed, and the catalogue's prices and stock as they are now; the button places
    them at the agreed prices."""
    pictured = DealLine.objects.annotate(picture_id=picture_of_variant("variant__product_id", "variant_id"))
    lines = list(pictured.filter(deal=deal).select_related("variant__product").order_by("id"))
    sellables = read_sellables(str(line.variant_id) for line in lines)

    def apply(values: dict[str, Any]) -> Done:
        agrees_prices = request.user.has_perm(AGREE_PRICES)
        done = order_deal(deal_id=deal.pk, actor=actor_of(request), agrees_prices=agrees_prices)
        url = change_url(Order, done.order.pk)
        if not done.created:
            said = _("“%(deal)s” is order %(number)s already; it was placed once.")
            return Done(said % {"deal": deal.title, "number": done.order.number}, url)
        said = _("Order %(number)s is placed, its stock is reserved, and “%(deal)s” is won.")
        return Done(said % {"deal": deal.title, "number": done.order.number}, url)

    return FormPage(
        title=_("Place the order of “%(deal)s”") % {"deal": deal.title},
        intro=_("The order takes the agreed prices. Its stock is held until the payment deadline."),
        facts=_deal_facts(deal),
        submit=_("Place order"),
        form=StyledForm(posted(request)),
        apply=apply,
        back_url=change_url(Deal, deal.pk),
        template="admin/kontor/deal_order.html",
        extra_context={
            "deal": deal,
            "rows": [_line_row(deal, line, sellables) for line in lines],
            "missing": _what_is_missing(deal),
        },
    )


def _what_is_missing(deal: Deal) -> str:
    """Why it cannot be placed yet."""
    try:
        check_orderable(deal)
    except Refusal as refusal:
        return refusal.detail
    return ""


def _deal_facts(deal: Deal) -> Facts:
    facts = [(_("Customer"), deal.customer), (_("Deal value"), money(deal.value, deal.currency))]
    try:
        plan = preview_order(request=deal_request(deal))
    except Refusal as refusal:
        return [*facts, (_("Order total"), refusal.detail)]
    amounts, waiting = plan.amounts, sum(units_to_wait(line) for line in plan.lines)
    ahead = f", {_('%(quantity)s waiting for goods') % {'quantity': number(waiting)}}" if waiting else ""
    return [
        *facts,
        (_("Order total"), f"{money(amounts.total, deal.currency)}{ahead}"),
        (_("of which tax"), money(amounts.tax_total, deal.currency)),
    ]


def _line_row(deal: Deal, line: DealLine, sellables: dict[str, SellableVariant]) -> dict[str, Any]:
    sellable = sellables.get(str(line.variant_id))
    available = sum(max(level.available, 0) for level in sellable.stock) if sellable else 0
    price = sellable.unit_price if sellable else Decimal(0)
    return {
        "name": sellable.name if sellable else str(line.variant),
        "sku": line.variant.sku,
        "picture_id": line.picture_id,  # type: ignore[attr-defined]
        "quantity": line.quantity,
        "agreed": line.unit_price,
        "price": price,
        "has_moved": price != line.unit_price,
        "available": available,
        "is_short": available < line.quantity,
    }
