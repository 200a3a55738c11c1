"""What e-mails of orders say of how to pay."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from orders.models.payment_method import PaymentMethod
from shop.printed import shop_as_printed


class PaymentWords(NamedTuple):
    """`instructions` name the shop's accounts already, and leave {order} and {amount} open."""

    name: str
    instructions: str


def payment_words(codes: Collection[str]) -> Mapping[str, PaymentWords]:
    """By the method's code. None: no statement; else 1, and 2 more where a method names the shop's accounts."""
    named = {code for code in codes if code}
    rows = PaymentMethod.objects.filter(code__in=named).values_list("code", "name", "instructions") if named else ()
    found = {code: PaymentWords(name, instructions) for code, name, instructions in rows}
    if not any("{accounts}" in words.instructions for words in found.values()):
        return found
    accounts = _accounts_in_words()
    return {code: PaymentWords(name, text.replace("{accounts}", accounts)) for code, (name, text) in found.items()}


def words_of_payment(words: PaymentWords | None, *, number: str, amount: str) -> Mapping[str, str]:
    """By the names of a template; empty for an order that names no method."""
    name, text = words or ("", "")
    return {"payment.method": name, "payment.instructions": text.replace("{order}", number).replace("{amount}", amount)}


def _accounts_in_words() -> str:
    shop = shop_as_printed()
    return "\n".join(
        ", ".join(filter(None, (shop["name"], account["bank"], account["iban"], account["bic"])))
        for account in shop["bank_accounts"]
    )
