"""What a draft names beside its lines, as its page shows it."""

from decimal import Decimal

from django.utils.html import format_html_join
from django.utils.translation import gettext

from orders.drafts.worth import Worth
from orders.models.draft import Discounted, DiscountKind, Draft, DraftLine
from shared.admin.display import NOTHING, money, number
from shared.values.addresses import address_text


def shown_terms(draft: Draft, lines: list[DraftLine], worth: Worth) -> str:
    """Line by line; a dash for a draft that names nothing."""
    named = [
        (gettext("Delivery"), address_text(draft.delivery_address, separator=", ") or draft.ship_to_country),
        (gettext("Billing"), address_text(draft.billing_address, separator=", ")),
        (gettext("Shipping method"), draft.shipping_method),
        (gettext("Payment method"), draft.payment_method),
        (gettext("Coupon"), draft.coupon_code),
        (gettext("Discount"), _discount_text(draft, draft.currency)),
        *((_sku_of(line), _discount_text(line, draft.currency)) for line in lines),
        (gettext("Not possible"), worth.problem),
    ]
    facts = [(label, text) for label, text in named if text]
    return format_html_join("", "<div>{}: {}</div>", facts) if facts else NOTHING


def _sku_of(line: DraftLine) -> str:
    return line.variant.sku if line.discount_kind else ""


def _discount_text(row: Discounted, currency: str) -> str:
    if not row.discount_kind:
        return ""
    value = row.discount_value or Decimal(0)
    off = f"{number(value.normalize())} %" if row.discount_kind == DiscountKind.PERCENT else money(value, currency)
    return f"{off}, {row.discount_reason}" if row.discount_reason else str(off)
