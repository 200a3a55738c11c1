"""Changing what is said of the shop."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from shared.concurrency.versions import check_row_version
from shared.database.errors import AlreadyExists, named_constraints
from shared.database.write_row import check_columns
from shared.errors import InvalidInput
from shop.current import shop_changed
from shop.details import faults_of_account, faults_of_details, tidy_account
from shop.models.bank_account import MAX_BANK_ACCOUNTS, BankAccount
from shop.models.shop import Shop
from shop.services.ensure_shop import ensure_shop

ACCOUNT_REFUSALS = {
    "bank_account_iban_unique": lambda: AlreadyExists("/iban", gettext("This IBAN is there already.")),
}


def update_shop(*, changes: Mapping[str, Any], expected_version: int | None = None) -> Shop:
    """Set columns of the shop; `bank_accounts` among the changes, each {bank, iban, bic, currency}, replace all that it
    has. Orders and documents that are there keep what they say.

    Raises InvalidInput naming every fault, AlreadyExists for an IBAN that is there twice, StaleVersion. Locks the row.
    """
    columns = dict(changes)
    accounts = columns.pop("bank_accounts", None)
    accounts = None if accounts is None else [tidy_account(account) for account in accounts]
    _check(columns, accounts)
    with named_constraints(ACCOUNT_REFUSALS), transaction.atomic():
        row = lock_shop()
        check_row_version(row, expected_version, gettext("The shop has version %(version)s, not %(expected_version)s."))
        for name, value in columns.items():
            setattr(row, name, value)
        if accounts is not None:
            row.bank_accounts.all().delete()
            BankAccount.objects.bulk_create(BankAccount(shop=row, **account) for account in accounts)
        raise_version(row, *columns)
    return row


def lock_shop() -> Shop:
    """The shop's row, locked until the transaction ends."""
    ensure_shop()
    return Shop.objects.select_for_update(no_key=True).get()


def raise_version(row: Shop, *columns: str) -> None:
    """Write the columns of the locked row, and that it has changed."""
    row.version += 1
    row.save(update_fields=[*columns, "version", "updated_at"])
    shop_changed()


def _check(columns: Mapping[str, Any], accounts: Sequence[Mapping[str, Any]] | None) -> None:
    check_columns(Shop, columns)
    faults = faults_of_details(columns)
    for place, account in enumerate(accounts or ()):
        faults += faults_of_account(account, at=f"/bank_accounts/{place}")
    if len(accounts or ()) > MAX_BANK_ACCOUNTS:
        text = gettext("A shop has up to %(count)s bank accounts.")
        faults.append(("/bank_accounts", "max_length", text % {"count": MAX_BANK_ACCOUNTS}))
    if faults:
        raise InvalidInput(*faults)
