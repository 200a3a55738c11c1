"""The words of an order's e-mail: its template, with what the names in it stand for."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import override

from crm.mail.order_facts import Line, OrderFacts
from crm.mail.payment_words import PaymentWords, words_of_payment
from crm.mail.text import MAX_SUBJECT_LENGTH, ORDER_NAMES, fill_in, one_line
from crm.models.order_mail import OrderMailTemplate
from orders.states import OrderStatus
from shared.clock import shop_zone
from shared.money.amounts import format_money
from users.models.language import Language

_NAMES = tuple(ORDER_NAMES)


def write_words(
    facts: OrderFacts, template: OrderMailTemplate, shop: Mapping[str, str], payment: PaymentWords | None = None
) -> tuple[str, str]:
    """Subject and text in the customer's language; `shop`: crm.mail.shop_words. Raises InvalidInput for a template
    with a fault, and whatever comes of an event that is broken."""
    if facts.fault:
        raise ValueError(facts.fault)
    order = facts.queued
    amount = f"{format_money(order.total, order.currency)} {order.currency}"
    paying = words_of_payment(payment, number=order.number, amount=amount, currency=order.currency)
    values = {**_values_of(facts), **shop, **paying}
    in_ukrainian = facts.queued.language == Language.UKRAINIAN
    subject = template.subject_uk if in_ukrainian else template.subject_en
    body = template.body_uk if in_ukrainian else template.body_en
    return one_line(fill_in(subject, values, _NAMES))[:MAX_SUBJECT_LENGTH], fill_in(body, values, _NAMES)


def _values_of(facts: OrderFacts) -> Mapping[str, str]:
    """By the names of ORDER_NAMES; plain texts."""
    order = facts.queued
    words = order.customer_name.split()
    return {
        "customer.name": order.customer_name,
        "customer.first_name": words[0] if words else "",
        "order.number": order.number,
        "order.lines": _format_lines(facts.lines),
        "order.total": f"{format_money(order.total, order.currency)} {order.currency}",
        "order.deadline": _format_deadline(facts),
        **_of_shipments(facts),
        **_of_refund(order.details),
    }


def _format_deadline(facts: OrderFacts) -> str:
    order = facts.queued
    if order.payment_expires_at is None or order.status != OrderStatus.PENDING:
        return ""
    minute = order.payment_expires_at.replace(second=0, microsecond=0)
    return _format_minute(minute.astimezone(shop_zone()), order.language)


@lru_cache(maxsize=256)  # orders of one minute share it
def _format_minute(minute: datetime, language: str) -> str:
    """The zone is named: a buyer may be elsewhere."""
    with override(language):
        return f"{date_format(minute, 'DATETIME_FORMAT')} {minute:%Z}"


def _format_lines(lines: Iterable[Line]) -> str:
    return "\n".join(f"{line.quantity} x {line.name} ({line.sku})" for line in lines)


def _of_shipments(facts: OrderFacts) -> dict[str, str]:
    return {
        "parcel.number": ", ".join(shipment.number for shipment in facts.shipments),
        "parcel.lines": _format_lines(facts.shipment_lines),
        "parcel.carrier": _join_distinct(shipment.carrier for shipment in facts.shipments),
        "parcel.tracking": _join_distinct(shipment.tracking for shipment in facts.shipments),
        "parcel.url": "\n".join(shipment.url for shipment in facts.shipments if shipment.url),
    }


def _join_distinct(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(name for name in names if name))


def _of_refund(details: Mapping[str, Any]) -> dict[str, str]:
    return {"refund.amount": f"{details['amount']} {details['currency']}"} if details.get("refund") else {}
