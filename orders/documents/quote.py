"""A draft or quote as PDF, as it stands, in the customer's language."""

from collections.abc import Sequence

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from catalog.services.pictures.read_thumbnails import read_thumbnails
from orders.documents.addressee import shown_tax_number
from orders.documents.letterhead import draw_letterhead, draw_small_print
from orders.documents.printed_document import (
    Column,
    Sum,
    amount,
    count,
    draw_facts,
    draw_paragraph,
    draw_sums,
    draw_table,
    new_document,
)
from orders.drafts.worth import Worth, check_possible, line_total, worth_of
from orders.models.draft import Discounted, DiscountKind, Draft, DraftKind, DraftLine
from orders.models.payment_method import PaymentMethod
from orders.models.shipping_method import ShippingMethod
from shared.clock import shop_today
from shared.money.amounts import format_money
from shared.values.addresses import address_text, rules_of
from shop.printed import shop_as_printed
from users.customers.tax_number import tax_number_of


def quote_pdf(draft: Draft) -> bytes:
    """The draft comes with its lines (orders.drafts.queries.drafts_in_full). What has no agreed price stands at
    today's. Raises DraftNotPossible, UnprintableLetter."""
    lines = list(draft.lines.all())
    worth = worth_of(draft, lines)
    check_possible(draft, worth)
    with translation.override(draft.customer.language):
        title = gettext("Quote %(number)s") if draft.kind == DraftKind.QUOTE else gettext("Draft order %(number)s")
        pdf = new_document(title % {"number": draft.number}, draft.number)
        seller = shop_as_printed()
        draw_letterhead(pdf, seller)
        draw_facts(pdf, _facts_of(draft))
        columns = [
            Column(gettext("Article"), 30),
            Column(gettext("Description"), 70),
            Column(gettext("Quantity"), 20, is_number=True),
            Column(gettext("Price"), 30, is_number=True),
            Column(gettext("Total"), 30, is_number=True),
        ]
        rows = []
        pictures = read_thumbnails([line.variant_id for line in lines])
        if pictures:
            columns.insert(0, Column("", 13))
        for line, costs in zip(lines, worth.lines, strict=True):
            name = f"{line.variant.product.name} {line.variant.name}".strip()
            price = "-" if costs is None else amount(format_money(costs.unit_price, draft.currency))
            total = "-" if costs is None else amount(format_money(line_total(costs), draft.currency))
            row = [line.variant.sku, name, count(line.quantity), price, total]
            rows.append(["", *row] if pictures else row)
        draw_table(pdf, columns, rows, [pictures.get(line.variant_id) for line in lines])
        if sums := _sums_of(draft, worth):
            draw_sums(pdf, sums)
        draw_facts(pdf, _discounts_of(draft, lines))
        draw_small_print(pdf, seller, draft.currency)
        if draft.note:
            draw_paragraph(pdf, f"{gettext('Note:')} {draft.note}")
        return bytes(pdf.output())


def _facts_of(draft: Draft) -> list[tuple[str, str]]:
    """Whom it is for and on what terms; what is empty is left out."""
    customer, country = draft.customer, rules_of(draft.ship_to_country)
    number = shown_tax_number(tax_number_of(customer))
    own = "\n".join(text for text in (customer.name, customer.address) if text)
    method = ShippingMethod.objects.filter(code=draft.shipping_method).first() if draft.shipping_method else None
    payment = PaymentMethod.objects.filter(code=draft.payment_method).first() if draft.payment_method else None
    return [
        (gettext("For"), "\n".join(filter(None, (address_text(draft.billing_address) or own, number)))),
        (gettext("Delivery"), address_text(draft.delivery_address) or (country.name if country else "")),
        (gettext("Date"), date_format(shop_today(), "DATE_FORMAT")),
        (gettext("Valid until"), date_format(draft.valid_until, "DATE_FORMAT") if draft.valid_until else ""),
        (gettext("Shipping method"), method.name if method else draft.shipping_method),
        (gettext("Payment method"), payment.name if payment else draft.payment_method),
        (gettext("Coupon"), draft.coupon_code),
    ]


def _discounts_of(draft: Draft, lines: Sequence[DraftLine]) -> list[tuple[str, str]]:
    """What staff took off, and why."""
    return [
        *((line.variant.sku, _discount_text(line, draft.currency)) for line in lines),
        (gettext("Discount"), _discount_text(draft, draft.currency)),
    ]


def _discount_text(row: Discounted, currency: str) -> str:
    if not row.discount_kind or row.discount_value is None:
        return ""
    if row.discount_kind == DiscountKind.PERCENT:
        off = f"-{amount(f'{row.discount_value.normalize():f}')} %"
    else:
        off = f"-{amount(format_money(row.discount_value, currency))} {currency}"
    return f"{off}, {row.discount_reason}" if row.discount_reason else off


def _sums_of(draft: Draft, worth: Worth) -> list[Sum]:
    """None with one line unpriced: any sum would be too low, and whoever reads it would take it for an offer."""
    if worth.amounts is None:
        return []
    sums = (
        (gettext("Net"), worth.amounts.subtotal, False),
        (gettext("Discount"), -worth.amounts.discount_total, False),
        (gettext("Shipping"), worth.amounts.shipping_total, False),
        (gettext("Tax"), worth.amounts.tax_total, False),
        (gettext("Total"), worth.amounts.total, True),
    )
    may_be_left_out = {gettext("Discount"), gettext("Shipping")}
    return [
        Sum(name, f"{amount(format_money(value, draft.currency))} {draft.currency}", is_total)
        for name, value, is_total in sums
        if value or name not in may_be_left_out
    ]
