"""Documents as PDF: an invoice and a credit note from their content alone, in the language they were issued in; a
packing slip from its shipment."""

from collections.abc import Iterator
from typing import Any

from django.utils import translation
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext

from orders.documents.addressee import addressee, shown_tax_number
from orders.documents.letterhead import draw_letterhead, draw_small_print
from orders.documents.printed_document import (
    Column,
    PrintedDocument,
    Sum,
    amount,
    count,
    draw_facts,
    draw_paragraph,
    draw_sums,
    draw_table,
    new_document,
    percent,
)
from orders.models.invoice import Invoice, InvoiceKind
from orders.models.shipment import Shipment
from shop.printed import shop_as_printed
from users.models.customer import Customer


def invoice_pdf(invoice: Invoice) -> bytes:
    """The document as it was issued. Raises UnprintableLetter."""
    content = invoice.content
    with translation.override(content["language"]):
        draw = _credit_note if invoice.kind == InvoiceKind.CREDIT_NOTE else _draw_invoice
        return bytes(draw(content).output())


def packing_slip_pdf(shipment: Shipment) -> bytes:
    """What is in the shipment and where it goes, without prices, in the customer's language. The shipment comes with
    its lines (orders.shipping.queries.shipments_in_full). Raises UnprintableLetter."""
    order = shipment.order
    language = Customer.everyone.values_list("language", flat=True).get(pk=order.customer_id)
    with translation.override(language):
        title = gettext("Packing slip %(number)s") % {"number": shipment.number}
        pdf = new_document(title, shipment.number)
        draw_letterhead(pdf, shop_as_printed())
        # Whoever packs needs no e-mail address to write to.
        receiver = {**addressee(order, order.delivery_address), "email": ""}
        draw_facts(
            pdf,
            [
                (gettext("Order"), order.number),
                (gettext("Packed at"), str(shipment.location)),
                (gettext("Carrier"), shipment.carrier),
                (gettext("Tracking number"), shipment.tracking_number),
                (gettext("For"), _buyer_address(receiver)),
                (gettext("Phone"), (order.delivery_address or {}).get("phone", "")),
            ],
        )
        columns = [
            Column(gettext("Article"), 40),
            Column(gettext("Description"), 112),
            Column(gettext("Quantity"), 28, is_number=True),
        ]
        lines = list(shipment.items.all())
        draw_table(pdf, columns, [[line.item.sku, line.item.name, count(line.quantity)] for line in lines])
        units = count(sum(line.quantity for line in lines))
        draw_sums(pdf, [Sum(gettext("Units in all: %(units)s") % {"units": units}, "", is_total=True)])
        if order.note:
            draw_paragraph(pdf, f"{gettext('Note:')} {order.note}")
        return bytes(pdf.output())


def _draw_invoice(content: dict[str, Any]) -> PrintedDocument:
    pdf = _begin_document(gettext("Invoice %(number)s") % content, content)
    draw_facts(
        pdf,
        [
            (gettext("Supplied on"), _format_day(content.get("supplied_on", ""))),
            (gettext("Paid on"), _format_day(content["paid_on"])),
            (gettext("Replaces"), content["replaces"]),
        ],
    )
    # A column of zeros would only make the others narrow.
    has_discounts = not _is_zero(content["discount_total"])
    # One that was issued before prices were shown without tax is drawn as it was.
    is_net = all("unit_net" in line for line in content["lines"])
    columns = [
        Column(gettext("Article"), 28),
        Column(gettext("Description"), 46 if has_discounts else 66),
        Column(gettext("Quantity"), 20, is_number=True),
        Column(gettext("Net price") if is_net else gettext("Price"), 23, is_number=True),
        Column(gettext("Net"), 24, is_number=True),
        *([Column(gettext("Discount"), 20, is_number=True)] if has_discounts else []),
        Column(gettext("Tax"), 19, is_number=True),
        Column(gettext("Total"), 26, is_number=True),
    ]
    unit = "unit_net" if is_net else "unit_price"
    rows = [_row_cells(line, unit=unit, has_discounts=has_discounts) for line in content["lines"]]
    draw_table(pdf, columns, rows)
    draw_sums(pdf, list(_total_rows(content)))
    for note in content.get("tax_notes", []):
        draw_paragraph(pdf, note)
    draw_small_print(pdf, content.get("seller", {}), content["currency"])
    return pdf


def _row_cells(line: dict[str, Any], *, unit: str, has_discounts: bool) -> list[str]:
    return [
        line["sku"],
        line["name"],
        count(line["quantity"]),
        amount(line[unit]),
        amount(line["net"]),
        *([amount(line["discount"])] if has_discounts else []),
        percent(line["tax_rate"]),
        amount(line["total"]),
    ]


def _total_rows(content: dict[str, Any]) -> Iterator[Sum]:
    def money(text: str) -> str:
        return f"{amount(text)} {content['currency']}"

    yield Sum(gettext("Net"), money(content["subtotal"]))
    if not _is_zero(content["discount_total"]):
        named = f" ({content['coupon']})" if content["coupon"] else ""
        yield Sum(gettext("Discount") + named, money(f"-{content['discount_total']}"))
    if not _is_zero(content["shipping_total"]):
        yield Sum(gettext("Shipping"), money(content["shipping_total"]))
    yield from _tax_rows(content)
    if not _is_zero(content["shipping_tax"]):
        yield Sum(gettext("Tax on shipping"), money(content["shipping_tax"]))
    yield Sum(gettext("Total"), money(content["total"]), is_total=True)


def _credit_note(content: dict[str, Any]) -> PrintedDocument:
    """One that was issued before credit notes named their tax is drawn as it was."""
    pdf = _begin_document(gettext("Credit note %(number)s") % content, content)
    draw_facts(pdf, [(gettext("For invoice"), content["invoice"]), (gettext("Reason"), content["reason"])])
    is_taxed = "taxes" in content
    columns = [
        Column(gettext("Article"), 30 if is_taxed else 36),
        Column(gettext("Description"), 66 if is_taxed else 90),
        Column(gettext("Quantity"), 20 if is_taxed else 24, is_number=True),
        *([Column(gettext("Net"), 26, is_number=True), Column(gettext("Tax"), 19, is_number=True)] if is_taxed else []),
        Column(gettext("Total"), 26 if is_taxed else 30, is_number=True),
    ]
    if content["lines"]:
        draw_table(pdf, columns, [_credited_row(line, is_taxed=is_taxed) for line in content["lines"]])
    draw_sums(pdf, list(_credited_sums(content)))
    draw_small_print(pdf, content.get("seller", {}), content["currency"], is_to_pay=False)
    return pdf


def _credited_row(line: dict[str, Any], *, is_taxed: bool) -> list[str]:
    taxed = [amount(line["net"]), percent(line["tax_rate"])] if is_taxed else []
    return [line["sku"], line["name"], count(line["quantity"]), *taxed, amount(line["total"])]


def _credited_sums(content: dict[str, Any]) -> Iterator[Sum]:
    def money(text: str) -> str:
        return f"{amount(text)} {content['currency']}"

    named = [
        (gettext("Shipping"), content["shipping_amount"]),
        (gettext("Restocking fee"), f"-{content['restocking_fee']}"),
        # Without lines the free amount is all there is, and the total names it.
        (gettext("Other amounts"), content.get("other_amount", "0") if content["lines"] else "0"),
    ]
    yield from (Sum(name, money(value)) for name, value in named if not _is_zero(value))
    if "taxes" in content:
        yield Sum(gettext("Net"), money(content["net"]))
        yield from _tax_rows(content)
    yield Sum(gettext("Given back"), money(content["total"]), is_total=True)


def _tax_rows(content: dict[str, Any]) -> Iterator[Sum]:
    for tax in content["taxes"]:
        of = {"rate": percent(tax["rate"]), "net": f"{amount(tax['net'])} {content['currency']}"}
        yield Sum(gettext("Tax %(rate)s of %(net)s") % of, f"{amount(tax['tax'])} {content['currency']}")


def _begin_document(title: str, content: dict[str, Any]) -> PrintedDocument:
    pdf = new_document(title, content["number"])
    draw_letterhead(pdf, content.get("seller", {}))
    draw_facts(
        pdf,
        [
            (gettext("Date"), _format_day(content["date"])),
            (gettext("Order"), f"{content['order']}, {_format_day(content['ordered_on'])}"),
            # Credit notes name no sellers: the invoice that they correct does.
            (gettext("Sold by"), ", ".join(content.get("sellers", []))),
            (gettext("Buyer"), _buyer_address(content["buyer"])),
            # Documents that were issued before it was kept have none.
            (gettext("Delivered to"), content["buyer"].get("delivery", "")),
        ],
    )
    return pdf


def _buyer_address(buyer: dict[str, str]) -> str:
    number = shown_tax_number(buyer.get("tax_number", ""))  # none in documents from before it was kept
    return "\n".join(filter(None, (buyer["name"], buyer["address"], buyer["country"], number, buyer["email"])))


def _format_day(text: str) -> str:
    day = parse_date(text) if text else None
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def _is_zero(text: str) -> bool:
    # In whatever digits the currency has: 0, 0.00 and -0.000.
    return not text.strip("-0.")
