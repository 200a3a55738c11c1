"""What applying a document would do to the books, line by line, and what forbids it. Pure: no database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.models.document import DocumentKind, StockDocumentLine
from inventory.models.level import MAX_ON_HAND


@dataclass(frozen=True, slots=True)
class Balance:
    """What the books say of a variant at a location; nothing, where it has no level yet."""

    on_hand: int = 0
    reserved: int = 0


Books = Mapping[UUID, Balance]  # by variant
NOTHING = Balance()


@dataclass(frozen=True, slots=True)
class Effect:
    """`change` of the units at the document's location, and `arriving` at a transfer's target. `fault` is empty, or
    (code, text). A line without a count changes nothing."""

    line: StockDocumentLine
    before: Balance
    change: int = 0
    arriving: int = 0
    fault: tuple[str, str] | None = None

    @property
    def is_counted(self) -> bool:
        return self.line.quantity is not None

    @property
    def after(self) -> int:
        return self.before.on_hand + self.change


def effects_of(kind: str, lines: Iterable[StockDocumentLine], here: Books, there: Books) -> list[Effect]:
    """One effect a line, in order. `there`: the books of a transfer's target."""
    return [_effect_of_line(kind, line, here, there) for line in lines]


def faults_of(effects: Iterable[Effect]) -> list[Effect]:
    return [effect for effect in effects if effect.fault is not None]


def differences(effects: Sequence[Effect]) -> list[Effect]:
    """The lines that change something."""
    return [effect for effect in effects if effect.change]


def _effect_of_line(kind: str, line: StockDocumentLine, here: Books, there: Books) -> Effect:
    before = here.get(line.variant_id, NOTHING)
    quantity = line.quantity
    if kind == DocumentKind.STOCKTAKE:
        # By what the books say when it is applied, not when it was counted: what was sold meanwhile left the shelf,
        # too.
        change = 0 if quantity is None else quantity - before.on_hand
        return Effect(line, before, change, fault=_fault_of_count(before, quantity))
    if not quantity:
        return Effect(line, before, fault=("required", _("Say how many units.")))
    if kind == DocumentKind.RECEIPT:
        return Effect(line, before, quantity, fault=_fault_of_sum(before, quantity))
    target = there.get(line.variant_id, NOTHING)
    # One fault a line: where too little leaves, how much would arrive is no news.
    fault = _fault_of_leaving(before, quantity) or _fault_of_sum(target, quantity)
    return Effect(line, before, -quantity, quantity, fault=fault)


def _fault_of_count(before: Balance, counted: int | None) -> tuple[str, str] | None:
    if counted is None:
        return None
    if counted > MAX_ON_HAND:
        return "out_of_range", _("At most %(most)s units can be on hand.") % {"most": f"{MAX_ON_HAND:,}"}
    # Fewer would break a promise: those orders must be changed first, by somebody who can talk to their buyers.
    if counted < before.reserved:
        text = ngettext(
            "%(reserved)s unit is held by orders: no fewer can be counted.",
            "%(reserved)s units are held by orders: no fewer can be counted.",
            before.reserved,
        )
        return "below_reserved", text % {"reserved": before.reserved}
    return None


def _fault_of_sum(before: Balance, added: int) -> tuple[str, str] | None:
    if before.on_hand + added > MAX_ON_HAND:
        return "out_of_range", _("At most %(most)s units can be on hand.") % {"most": f"{MAX_ON_HAND:,}"}
    return None


def _fault_of_leaving(before: Balance, units: int) -> tuple[str, str] | None:
    # Reserved units stay: their orders are packed at this location.
    free = before.on_hand - before.reserved
    if units > free:
        text = ngettext(
            "%(free)s unit is free to be carried away.", "%(free)s units are free to be carried away.", free
        )
        return "insufficient_stock", text % {"free": free}
    return None
