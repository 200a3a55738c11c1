"""A draft or quote as PDF, as it stands, in the customer's language."""

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

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
from orders.drafts.worth import Worth, line_total, worth_of
from orders.models.draft import Draft, DraftKind
from shared.clock import shop_today
from shared.money.amounts import format_money
from shop.printed import shop_as_printed


def quote_pdf(draft: Draft) -> bytes:
    """The draft comes with its lines (orders.drafts.queries.drafts_in_full). What has no agreed price stands at
    today's. Raises UnprintableLetter."""
    customer = draft.customer
    lines = list(draft.lines.all())
    worth = worth_of(draft, lines)
    with translation.override(customer.language):
        title = gettext("Quote %(number)s") if draft.kind == DraftKind.QUOTE else gettext("Draft order %(number)s")
        pdf = new_document(title % {"number": draft.number}, draft.number)
        seller = shop_as_printed()
        draw_letterhead(pdf, seller)
        until = date_format(draft.valid_until, "DATE_FORMAT") if draft.valid_until else ""
        draw_facts(
            pdf,
            [
                (
                    gettext("For"),
                    "\n".join(text for text in (customer.name, customer.address) if text),
                ),
                (gettext("Date"), date_format(shop_today(), "DATE_FORMAT")),
                (gettext("Valid until"), until),
            ],
        )
        columns = [
            Column(gettext("Article"), 30),
            Column(gettext("Description"), 70),
            Column(gettext("Quantity"), 20, is_number=True),
            Column(gettext("Price"), 30, is_number=True),
            Column(gettext("Total"), 30, is_number=True),
        ]
        rows = []
        for line, costs in zip(lines, worth.lines, strict=True):
            name = f"{line.variant.product.name} {line.variant.name}".strip()
            price = "-" if costs is None else amount(format_money(costs.unit_price, draft.currency))
            total = "-" if costs is None else amount(format_money(line_total(costs), draft.currency))
            rows.append([line.variant.sku, name, count(line.quantity), price, total])
        draw_table(pdf, columns, rows)
        if sums := _sums_of(draft, worth):
            draw_sums(pdf, sums)
        draw_small_print(pdf, seller, draft.currency)
        if draft.note:
            draw_paragraph(pdf, f"{gettext('Note:')} {draft.note}")
        return bytes(pdf.output())


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
