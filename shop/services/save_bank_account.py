"""One bank account of the shop, where the others stay."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from shared.database.write_row import delete_row, save_row
from shared.errors import InvalidInput
from shop.details import faults_of_account, tidy_account
from shop.models.bank_account import BankAccount
from shop.services.update_shop import ACCOUNT_REFUSALS, lock_shop, raise_version


def save_bank_account(*, account_id: UUID | None, values: Mapping[str, Any]) -> BankAccount:
    """Make a bank account, or change one. Raises NotFound, InvalidInput, AlreadyExists. Locks the shop."""
    values = tidy_account(values)
    if faults := faults_of_account(values):
        raise InvalidInput(*faults)
    with transaction.atomic():
        shop = lock_shop()
        row = save_row(BankAccount, key=account_id, values={**values, "shop_id": shop.pk}, refusals=ACCOUNT_REFUSALS)
        raise_version(shop)
    return row


def delete_bank_account(*, account_id: UUID) -> None:
    """Documents that name it keep it. Raises NotFound. Locks the shop."""
    with transaction.atomic():
        shop = lock_shop()
        delete_row(BankAccount, key=account_id)
        raise_version(shop)
