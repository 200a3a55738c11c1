"""Variants and their prices, by SKU."""

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, gettext_noop

from catalog.models.tax import TaxClass
from catalog.models.variant import Variant, default_currency
from catalog.variant_price import check_price
from exchange.resources.cells import Wrong
from exchange.resources.json_cells import METADATA_COLUMN
from exchange.resources.resource import KEEP, Column, ImportResource, Key, Link, Values, column_of, short_text
from shared.errors import InvalidInput

_WORDS = {"yes": True, "true": True, "1": True, "так": True, "no": False, "false": False, "0": False, "ні": False}
_price = column_of(Variant, "price", "Price").parse
_tax_rate = column_of(Variant, "tax_rate", "Tax rate").parse
_backorder_limit = column_of(Variant, "backorder_limit", "Backorder limit").parse


_POINT = re.compile(r"-?\d+(\.\d+)?|-?\d{1,3}(,\d{3})+\.\d+|-?\d{1,3}(,\d{3}){2,}|-?\d{1,3}(['\u2019]\d{3})+(\.\d+)?")
_COMMA = re.compile(r"-?\d+,\d{1,2}|-?\d+,\d{4,}|-?\d{1,3}(\.\d{3})+,\d+|-?\d{1,3}(\.\d{3}){2,}")


def plain_number(cell: str) -> str:
    """A number with a point, of one that may be written with a comma, and with spaces, points, commas or apostrophes
    between the thousands. Raises Wrong when it is not clear: 1,234 is a thousand here and one and a bit there."""
    text = re.sub(r"\s", "", cell)
    if _POINT.fullmatch(text):
        return re.sub("[,'\u2019]", "", text)
    if _COMMA.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    raise Wrong(gettext("Write numbers with a point for the decimals and nothing between the thousands, e.g. 1234.50."))


def _tax_share(cell: str) -> str:
    """0.2 or 20 %."""
    if not cell.endswith("%"):
        return str(_tax_rate(plain_number(cell)))
    return str(_tax_rate(f"{Decimal(plain_number(cell[:-1])) / 100:f}"))


def _yes_or_no(cell: str) -> bool:
    word = _WORDS.get(cell.casefold())
    if word is None:
        raise Wrong(gettext("Write yes or no."))
    return word


def _check_price_fits_currency(*, price: str | None, currency: str | None) -> None:
    """Price and currency must fit, whichever of them the file brings."""
    if price is None:
        return
    try:
        check_price(Decimal(price), currency or default_currency())
    except InvalidInput as refusal:
        raise Wrong(refusal.detail) from None


def _upper_currency(values: Values) -> None:
    if "currency" in values:
        values["currency"] = str(values["currency"]).upper()


def _number_parser(parse: Any) -> Any:
    return lambda cell: parse(plain_number(cell))


VARIANTS = ImportResource(
    name="variants",
    model=Variant,
    columns=(
        column_of(Variant, "sku", gettext_noop("SKU"), "articlenumber", "code", "артикул", required=True, takes="code"),
        Column(
            "product_id",
            gettext_noop("Product (slug)"),
            short_text(220),
            is_required=True,
            empty=None,
            aliases=("product", "slug", "productslug"),
        ),
        column_of(Variant, "name", gettext_noop("Name"), "variant", "назва"),
        Column(
            "price",
            gettext_noop("Price"),
            _number_parser(_price),
            is_required=True,
            aliases=("netprice", "ціна"),
            takes="number",
        ),
        column_of(Variant, "currency", gettext_noop("Currency"), "валюта", empty=KEEP),
        Column("tax_rate", gettext_noop("Tax rate"), _tax_share, empty="0", aliases=("tax", "vat"), takes="number"),
        column_of(
            Variant, "tax_class", gettext_noop("Tax class"), "taxclass", "vatclass", empty=TaxClass.STANDARD.value
        ),
        Column(
            "backorder_limit",
            gettext_noop("Backorder limit"),
            _number_parser(_backorder_limit),
            empty=0,
            takes="number",
        ),
        Column("is_active", gettext_noop("Active"), _yes_or_no, empty=True, aliases=("isactive", "enabled")),
        column_of(
            Variant, "barcode", gettext_noop("Barcode"), "gtin", "ean", "ean13", "upc", "isbn", "штрихкод", takes="code"
        ),
        METADATA_COLUMN,
    ),
    keys=(Key("sku", "t.sku = r.key", "r.key"),),
    links=(Link("product_id", "catalog_product", "t.slug", gettext_noop("product")),),
    derive=_upper_currency,
    cross_checked=("price", "currency"),
    cross_check=_check_price_fits_currency,
    written=(
        "product_id",
        "name",
        "price",
        "currency",
        "tax_rate",
        "tax_class",
        "backorder_limit",
        "is_active",
        "barcode",
        "metadata",
    ),
)
