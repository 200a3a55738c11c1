"""What e-mails of orders say of how to pay."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from orders.models.payment_method import PaymentMethod
from shop.printed import shop_as_printed


class Account(NamedTuple):
    """`currency` empty: for any."""

    currency: str
    text: str


class PaymentWords(NamedTuple):
    """`instructions` leave {order}, {amount} and {accounts} open; `accounts`: the shop's, where they ask."""

    name: str
    instructions: str
    accounts: Sequence[Account] = ()


def payment_words(codes: Collection[str]) -> Mapping[str, PaymentWords]:
    """By the method's code. None: no statement; else 1, and 2 more where a method names the shop's accounts."""
    named = {code for code in codes if code}
    rows = PaymentMethod.objects.filter(code__in=named).values_list("code", "name", "instructions") if named else ()
    found = {code: PaymentWords(name, instructions) for code, name, instructions in rows}
    if not any("{accounts}" in words.instructions for words in found.values()):
        return found
    accounts = _accounts_in_words()
    return {code: words._replace(accounts=accounts) for code, words in found.items()}


def words_of_payment(words: PaymentWords | None, *, number: str, amount: str, currency: str) -> Mapping[str, str]:
    """By the names of a template; empty for an order that names no method. Accounts of another currency are left out,
    as on invoices."""
    name, text, accounts = words or PaymentWords("", "")
    named = "\n".join(account.text for account in accounts if account.currency in ("", currency))
    text = text.replace("{accounts}", named).replace("{order}", number).replace("{amount}", amount)
    return {"payment.method": name, "payment.instructions": text}


def _accounts_in_words() -> list[Account]:
    shop = shop_as_printed()
    return [
        Account(
            account["currency"],
            ", ".join(filter(None, (shop["name"], account["bank"], account["iban"], account["bic"]))),
        )
        for account in shop["bank_accounts"]
    ]
