"""Colleagues who work for a seller."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from catalog.models.seller_member import SellerMember
from shared.database.errors import AlreadyExists, named_constraints
from shared.database.write_row import delete_row, update_row

_ONCE = {"seller_member_once": lambda: AlreadyExists("/user", gettext("This colleague works for the seller already."))}


def add_seller_member(*, seller_id: UUID, user_id: UUID) -> SellerMember:
    """One more colleague of the seller. Raises AlreadyExists."""
    with named_constraints(_ONCE), transaction.atomic():
        return SellerMember.objects.create(seller_id=seller_id, user_id=user_id)


def replace_seller_member(*, member_id: UUID, user_id: UUID) -> SellerMember:
    """Another colleague in the place of one. Raises NotFound or AlreadyExists."""
    with named_constraints(_ONCE), transaction.atomic():
        return update_row(SellerMember, key=member_id, changes={"user_id": user_id})


def remove_seller_member(*, member_id: UUID) -> None:
    """The colleague works for the seller no longer. Raises NotFound."""
    delete_row(SellerMember, key=member_id)
