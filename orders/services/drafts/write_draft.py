"""Making and changing drafts and quotes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Unpack
from uuid import UUID

from django.db import IntegrityError
from django.utils.translation import gettext

from catalog.models.seller import Seller
from catalog.models.variant import Variant
from orders.drafts.locking import lock_draft
from orders.drafts.rules import check_pending, next_number
from orders.drafts.terms import DraftTerms, check_goes_to, columns_of, discount_columns, discount_faults
from orders.models.draft import Draft, DraftKind, DraftLine, DraftStatus
from orders.placing.faults import check_customer
from orders.placing.requested_lines import MAX_LINES
from orders.pricing.given_discounts import GivenDiscount
from shared.actor import Actor
from shared.concurrency.idempotency import IdempotencyKeyReused
from shared.database.transactions import outermost_transaction, retry_transaction
from shared.errors import InvalidInput
from shared.ids import new_id
from shared.money.amounts import round_money


@dataclass(frozen=True, slots=True)
class DraftedLine:
    """`agreed_price` in the draft's currency, of one unit; unset: the price of the day it is ordered. The discount is
    off the whole line."""

    variant_id: UUID
    quantity: int
    seller_id: UUID | None = None
    agreed_price: Decimal | None = None
    discount: GivenDiscount | None = None

    names: ClassVar = ("variant_id", "quantity", "seller_id", "agreed_price", *discount_columns(None))

    def columns(self) -> dict[str, Any]:
        """As a row holds it: `names` with their values."""
        own = {name: getattr(self, name) for name in ("variant_id", "quantity", "seller_id", "agreed_price")}
        return own | discount_columns(self.discount)


_LINE_COLUMNS = ("variant", "quantity", "seller", "agreed_price", *discount_columns(None))


def create_draft(
    *,
    customer_id: UUID,
    currency: str,
    actor: Actor,
    kind: DraftKind = DraftKind.DRAFT,
    lines: Sequence[DraftedLine] = (),
    note: str = "",
    valid_until: date | None = None,
    draft_id: UUID | None = None,
    **terms: Unpack[DraftTerms],
) -> Draft:
    """A new one with the next number of its kind. With a `draft_id` it is made once: whoever asks again for the same
    gets the one that is there, and IdempotencyKeyReused for anything else. Raises CustomerNotFound, InvalidInput,
    Unavailable. Commits its own transaction."""
    own_id = draft_id or new_id()

    def find_made() -> Draft | None:
        return Draft.objects.filter(pk=own_id).first()

    def work(again: bool) -> Draft:
        with outermost_transaction():
            if (again or draft_id) and (made := find_made()):
                return made
            fields = {"kind": kind, "note": note, "valid_until": valid_until, **terms}
            return add_draft(
                draft_id=own_id, customer_id=customer_id, currency=currency, actor=actor, lines=lines, **fields
            )

    try:
        draft = retry_transaction(work, name="create_draft", find_done=find_made)
    except IntegrityError:
        # Sent twice at the same moment: the other one has made it.
        if draft_id is None or (found := find_made()) is None:
            raise
        draft = found
    if draft_id is not None:
        columns = {"customer_id": customer_id, "kind": kind, "note": note, "valid_until": valid_until}
        _check_same(draft, {**columns, **columns_of(terms, currency)}, lines)
    return draft


def _check_same(draft: Draft, columns: Mapping[str, Any], lines: Sequence[DraftedLine]) -> None:
    """Raise IdempotencyKeyReused unless the draft is what was asked for."""
    rows = DraftLine.objects.filter(draft=draft).order_by("id").values(*DraftedLine.names)
    is_same = all(getattr(draft, name) == value for name, value in columns.items())
    if not is_same or list(rows) != [line.columns() for line in lines]:
        raise IdempotencyKeyReused(gettext("%(number)s was made of something else.") % {"number": draft.number})


def add_draft(
    *,
    customer_id: UUID,
    currency: str,
    actor: Actor,
    lines: Sequence[DraftedLine] = (),
    draft_id: UUID | None = None,
    **fields: Any,
) -> Draft:
    """As create_draft, in the caller's transaction. Raises CustomerNotFound, InvalidInput."""
    check_customer(customer_id)
    _check_lines(lines, currency)
    columns = columns_of(fields, currency)
    check_goes_to(Draft(**columns))
    draft = Draft.objects.create(
        id=draft_id or new_id(),
        number=next_number(fields.get("kind", DraftKind.DRAFT)),
        customer_id=customer_id,
        currency=currency,
        owner_id=actor.user_id,
        **columns,
    )
    _write_lines(draft.pk, lines)
    # Read back: its number was an expression that the database has worked out.
    return Draft.objects.get(pk=draft.pk)


def update_draft(
    *,
    draft_id: UUID,
    lines: Sequence[DraftedLine] | None = None,
    expected_version: int | None = None,
    **fields: Any,
) -> Draft:
    """Set `fields` (note, valid_until, those of DraftTerms) and, unless None, all lines. A quote that was sent is open
    again: the customer has another one. Raises DraftNotFound, StaleVersion, DraftClosed, InvalidInput. Locks the draft.
    Commits its own transaction."""

    def work(_again: bool) -> Draft:
        with outermost_transaction():
            return change_draft(draft_id=draft_id, lines=lines, expected_version=expected_version, **fields)

    return retry_transaction(work, name="update_draft")


def change_draft(
    *,
    draft_id: UUID,
    lines: Sequence[DraftedLine] | None = None,
    expected_version: int | None = None,
    **fields: Any,
) -> Draft:
    """As update_draft, in the caller's transaction."""
    draft = lock_draft(draft_id, expected_version)
    check_pending(draft)
    for name, value in columns_of(fields, draft.currency).items():
        setattr(draft, name, value)
    check_goes_to(draft)
    if lines is not None:
        _check_lines(lines, draft.currency)
        DraftLine.objects.filter(draft=draft).delete()
        _write_lines(draft_id, lines)
    draft.status = DraftStatus.OPEN
    draft.version += 1
    draft.save()
    return draft


def change_draft_lines(
    *,
    draft_id: UUID,
    added: Sequence[DraftedLine],
    changed: Mapping[UUID, DraftedLine],
    deleted: Collection[UUID] = (),
) -> Draft:
    """Some lines alone, the others stay what they are; in the caller's transaction. Raises as update_draft."""
    draft = lock_draft(draft_id)
    check_pending(draft)
    _check_lines([*changed.values(), *added], draft.currency)
    DraftLine.objects.filter(draft=draft, pk__in=deleted).delete()
    rows = list(DraftLine.objects.filter(draft=draft, pk__in=changed.keys()))
    for row in rows:
        for name, value in changed[row.pk].columns().items():
            setattr(row, name, value)
    DraftLine.objects.bulk_update(rows, _LINE_COLUMNS)
    _write_lines(draft_id, added)
    # Counted in the table, as lines that were not named stay.
    _check_number(DraftLine.objects.filter(draft=draft).count())
    draft.status = DraftStatus.OPEN
    draft.version += 1
    draft.save()
    return draft


def _check_lines(lines: Sequence[DraftedLine], currency: str) -> None:
    variants = set(Variant.objects.filter(pk__in={line.variant_id for line in lines}).values_list("pk", flat=True))
    named = {line.seller_id for line in lines if line.seller_id}
    sellers = set(Seller.objects.filter(pk__in=named).values_list("pk", flat=True))
    faults = []
    for place, line in enumerate(lines):
        if line.variant_id not in variants:
            faults.append((f"/lines/{place}/variant", "unknown", gettext("No such variant.")))
        if line.seller_id not in {None, *sellers}:
            faults.append((f"/lines/{place}/seller", "unknown", gettext("No such seller.")))
        # Refused, not rounded: what was agreed is not ours to change.
        faults += discount_faults(line.discount, f"/lines/{place}/discount", currency)
        if line.agreed_price is not None and line.agreed_price != round_money(line.agreed_price, currency):
            faults.append((f"/lines/{place}/agreed_price", "invalid", gettext("This is no amount of that currency.")))
    if faults:
        raise InvalidInput(*faults)
    _check_number(len(lines))


def _check_number(lines: int) -> None:
    if lines > MAX_LINES:
        text = gettext("An order has 1 to %(most)s lines.") % {"most": MAX_LINES}
        raise InvalidInput(("/lines", "length", text))


def _write_lines(draft_id: UUID, lines: Sequence[DraftedLine]) -> None:
    DraftLine.objects.bulk_create(DraftLine(id=new_id(), draft_id=draft_id, **line.columns()) for line in lines)
