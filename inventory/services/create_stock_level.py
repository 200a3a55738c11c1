from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models.seller import Seller
from catalog.models.variant import Variant
from catalog.services.ensure_default_seller import ensure_default_seller
from inventory.ledger import stock
from inventory.ledger.reasons import FIRST_STOCK
from inventory.models.level import MAX_ON_HAND, StockLevel
from inventory.models.location import StockLocation
from inventory.services.ensure_location import ensure_location
from shared.actor import Actor
from shared.database.errors import Conflict, named_constraints
from shared.errors import InvalidInput


class LevelExists(Conflict):
    """The variant has a level at this location; adjust that one."""

    code = "level_exists"
    title = _("The variant has a stock level there")


def create_stock_level(
    *,
    variant_id: UUID,
    on_hand: int,
    seller_id: UUID | None = None,
    location_id: UUID | None = None,
    low_stock_threshold: int | None = None,
    actor: Actor,
) -> StockLevel:
    """Stock a variant at the location named, else at the named seller's first, else the default seller's.

    Raises InvalidInput naming every value that does not exist or fit, or LevelExists. Locks the new level.
    """
    if not 0 <= on_hand <= MAX_ON_HAND:
        raise InvalidInput(
            (
                "/on_hand",
                "out_of_range",
                gettext("0 to %(most)s units can be on hand.") % {"most": f"{MAX_ON_HAND:,}"},
            )
        )
    if not Variant.objects.filter(pk=variant_id).exists():
        raise InvalidInput(("/variant", "does_not_exist", gettext("There is no such variant.")))
    location = _find_location(seller_id, location_id)
    exists = LevelExists(gettext("The variant has a stock level there: adjust it."))
    with named_constraints({"one_level_per_variant_and_location": lambda: exists}), transaction.atomic():
        level = StockLevel.objects.create(
            variant_id=variant_id, location=location, low_stock_threshold=low_stock_threshold
        )
        # New and ours alone, locked all the same: stock is written only through levels that were locked.
        levels = stock.lock([level.pk])
        if on_hand:
            # A ledger row from the beginning: the audit sums the ledger and expects the level.
            first = stock.Move(level.pk, on_hand, actor_id=actor.user_id)
            stock.receive(levels, [first], reason=FIRST_STOCK())
    level.refresh_from_db()
    return level


def _find_location(seller_id: UUID | None, location_id: UUID | None) -> StockLocation:
    if location_id is not None:
        location = StockLocation.objects.filter(pk=location_id).first()
        if location is None:
            raise InvalidInput(("/location", "does_not_exist", gettext("There is no such location.")))
        if seller_id not in (None, location.seller_id):
            raise InvalidInput(("/location", "wrong_seller", gettext("The location belongs to another seller.")))
        return location
    if seller_id is None:
        return ensure_location(seller=ensure_default_seller())
    seller = Seller.objects.filter(pk=seller_id).first()
    if seller is None:
        raise InvalidInput(("/seller", "does_not_exist", gettext("There is no such seller.")))
    return ensure_location(seller=seller)
