"""How values look in the admin."""

from datetime import UTC, datetime
from decimal import Decimal

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from shared.clock import readers_time
from shared.money.amounts import round_money

NOTHING = "-"


def money(amount: Decimal | None, currency: str) -> str:
    """An amount for people, as their language writes numbers: 1,234.50 USD, 1 234,50 USD."""
    return NOTHING if amount is None else f"{number(round_money(amount, currency))} {currency}"


def number(value: Decimal | int, *, is_change: bool = False) -> str:
    """A number for people, as their language writes it: 12,000 or 12 000; a change has its sign: +5."""
    text = number_format(value, force_grouping=True)
    return f"+{text}" if is_change and value >= 0 else text


def moment(value: datetime | None) -> SafeString | str:
    """A time for people, in the reader's zone; UTC in the tooltip, and for what reads the page."""
    if value is None:
        return NOTHING
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), utc_text(value), moment_text(value)
    )


def moment_text(value: datetime | None) -> str:
    """The same where no tags can be."""
    return date_format(readers_time(value), "DATETIME_FORMAT") if value else NOTHING


def day(value: datetime | None) -> SafeString | str:
    """The day of a time, in the reader's zone."""
    if value is None:
        return NOTHING
    shown = date_format(readers_time(value), "DATE_FORMAT")
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), utc_text(value), shown)


def utc_text(value: datetime) -> str:
    """2026-11-30 14:05 UTC."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def countdown(deadline: datetime | None) -> SafeString | str:
    """A deadline; admin.js counts it down by the server's clock, whatever the browser's says."""
    if deadline is None:
        return gettext("no deadline")
    return format_html(
        '<time class="k-countdown" datetime="{}" data-server-now="{}" title="{}">{}</time>',
        deadline.isoformat(),
        timezone.now().isoformat(),
        utc_text(deadline),
        moment_text(deadline),
    )


def tag(text: object, colour: str) -> SafeString:
    """A small label; `colour` is success, warning, danger, info or default."""
    return format_html('<span class="k-tag k-{}">{}</span>', colour, text)


def link(text: object, url: str) -> SafeString:
    return format_html('<a href="{}" class="k-link">{}</a>', url, text)


def change_url(model: type[Model], pk: object) -> str:
    """The admin page of one row."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])


def object_link(obj: Model | None, text: object = None) -> SafeString | str:
    """A link to the row's admin page."""
    return NOTHING if obj is None else link(text or obj, change_url(type(obj), obj.pk))
