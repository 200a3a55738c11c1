"""What a deal would sell, line by line; while there are lines, the deal's value is their sum."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models.variant import Variant
from crm.models.deal import Deal
from crm.models.deal_line import DealLine
from crm.pipeline.deal_checks import check_unchanged, live_order
from crm.services.deals.lock_deal import lock_deal
from crm.services.timeline.record_change import record_change
from crm.timeline.lines import LINES, LINES_CHANGED, NO_LINES
from orders.placing.requested_lines import MAX_LINES, MAX_QUANTITY
from shared.actor import Actor
from shared.errors import InvalidInput, Refusal


class DealIsOrdered(Refusal):
    code = "deal_is_ordered"
    title = _("The deal's lines were ordered already")


@dataclass(frozen=True, slots=True)
class RequestedDealLine:
    """`unit_price` is net, in the deal's currency; unset: the line's present price, for a new line the catalogue's."""

    variant_id: UUID
    quantity: int = 1
    unit_price: Decimal | None = None


@transaction.atomic
def set_deal_lines(
    *,
    deal_id: UUID,
    lines: Sequence[RequestedDealLine],
    actor: Actor,
    expected_updated_at: datetime | None = None,
    now: datetime | None = None,
) -> Deal:
    """Let the deal have these lines and no others; its value follows. The same lines again change nothing, and a deal
    whose last line is removed keeps its value.

    Raises NotFound, StaleVersion, DealIsOrdered while the deal has an order that is not cancelled, or InvalidInput
    naming every fault (a variant twice, unknown or priced in another currency, quantity, price). Locks: the deal.
    """
    deal = lock_deal(deal_id)
    check_unchanged(deal, expected_updated_at)
    _write_lines(deal, lines, actor, now=now)
    return deal


def _write_lines(deal: Deal, wanted: Sequence[RequestedDealLine], actor: Actor, *, now: datetime | None = None) -> None:
    present = {line.variant_id: line for line in DealLine.objects.filter(deal=deal)}
    variants = Variant.objects.in_bulk([line.variant_id for line in wanted])
    _check_lines(deal, wanted, variants)
    kept = []
    for line in wanted:
        row = present.get(line.variant_id)
        # What was agreed stays so, though the catalogue has moved since.
        listed = row.unit_price if row else variants[line.variant_id].price
        price = listed if line.unit_price is None else line.unit_price
        kept.append(DealLine(deal=deal, variant_id=line.variant_id, quantity=line.quantity, unit_price=price))
    # Before the refusal: lines that are sent back unchanged change nothing of an ordered deal.
    if {_key_of_line(line) for line in kept} == {_key_of_line(line) for line in present.values()}:
        return
    if (live := live_order(deal)) is not None:
        raise DealIsOrdered(
            gettext("These lines became order %(number)s: they are history now.") % {"number": live.number}
        )
    gone = set(present) - {line.variant_id for line in kept}
    DealLine.objects.filter(deal=deal, variant_id__in=gone).delete()
    DealLine.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["deal", "variant"],
        update_fields=["quantity", "unit_price"],
    )
    if kept:
        deal.value = sum((line.unit_price * line.quantity for line in kept), Decimal(0))
    deal.save(update_fields=["value", "updated_at"])
    record_change(
        subject=LINES_CHANGED(title=deal.title[:120]),
        text=LINES(lines=[(line.quantity, variants[line.variant_id].sku, str(line.unit_price)) for line in kept])
        if kept
        else NO_LINES(),
        actor=actor,
        customer_id=deal.customer_id,
        deal_id=deal.pk,
        now=now,
    )


def _key_of_line(line: DealLine) -> tuple[UUID, int, Decimal]:
    return line.variant_id, line.quantity, line.unit_price


def _check_lines(deal: Deal, wanted: Sequence[RequestedDealLine], variants: dict[UUID, Variant]) -> None:
    if len(wanted) > MAX_LINES:
        raise InvalidInput(("/lines", "length", gettext("A deal has up to %(limit)s lines.") % {"limit": MAX_LINES}))
    times = Counter(line.variant_id for line in wanted)
    faults = [fault for place, line in enumerate(wanted) for fault in _faults_of_line(deal, place, line, variants)]
    faults += [
        ("/lines", "duplicate", gettext("Each variant has one line.")) for number in times.values() if number > 1
    ][:1]
    if faults:
        raise InvalidInput(*faults)


def _faults_of_line(
    deal: Deal, place: int, line: RequestedDealLine, variants: dict[UUID, Variant]
) -> list[tuple[str, str, str]]:
    at, faults = f"/lines/{place}", []
    variant = variants.get(line.variant_id)
    if variant is None:
        faults.append((f"{at}/variant", "does_not_exist", gettext("There is no such variant.")))
    elif variant.currency != deal.currency:
        text = gettext("%(sku)s is priced in %(currency)s, the deal is in %(deal_currency)s.") % {
            "sku": variant.sku,
            "currency": variant.currency,
            "deal_currency": deal.currency,
        }
        faults.append((f"{at}/variant", "currency_mismatch", text))
    if not 1 <= line.quantity <= MAX_QUANTITY:
        faults.append(
            (
                f"{at}/quantity",
                "out_of_range",
                gettext("The quantity must be 1 to %(limit)s.") % {"limit": f"{MAX_QUANTITY:,}"},
            )
        )
    if line.unit_price is not None and line.unit_price < 0:
        faults.append((f"{at}/unit_price", "out_of_range", gettext("The price is not below 0.")))
    return faults
