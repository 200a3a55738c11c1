"""What a colleague may see on a product's page, and what is to be done next."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models.product import Product
from catalog.models.variant import Variant
from catalog.pictures import urls_of
from catalog.seller_access import sellers_of
from crm.reads import product_page as reads
from shared.admin.display import change_url

Link = tuple[str, str]


def page_context(request: HttpRequest, product: Product) -> dict[str, Any]:
    """What is not theirs to see is not read either."""
    may = request.user.has_perm
    known: dict[str, Any] = {
        "pictures": [{"picture": row, "urls": urls_of(row.pk)} for row in reads.pictures_of(product.pk)],
        "count": reads.count_variants(product.pk),
    }
    if may("catalog.view_variant"):
        known |= _variants_page(request, product)
    if may("inventory.view_stocklevel"):
        known["stock"] = reads.stock_of(product.pk, request.user, count=known["count"])
    following, others = _steps(request, product, known)
    return {**known, "following": following, "others": others}


def _variants_page(request: HttpRequest, product: Product) -> dict[str, Any]:
    variants = admin.site.get_model_admin(Variant).get_queryset(request)
    # Lines are of all sellers: who reaches some alone would be told of the others' sales.
    counts_sold = request.user.has_perm("orders.view_order") and sellers_of(request.user) is None
    if counts_sold:
        variants = reads.with_sold(variants, now=timezone.now())
    after = _key_of(request.GET.get("after", ""))
    rows = reads.variants_to_show(variants, product.pk, after=after)
    shown, is_last = rows[: reads.VARIANTS_SHOWN], len(rows) <= reads.VARIANTS_SHOWN
    sold = [reads.units_sold(row) for row in shown] if counts_sold else [None] * len(shown)
    known: dict[str, Any] = {
        "variants": list(zip(shown, sold, strict=True)),
        "counts_sold": counts_sold,
        "tax_classes": sorted({str(row.get_tax_class_display()) for row in shown}),
        "next_variants": "" if is_last else f"?{urlencode({'after': shown[-1].pk})}#variants",
        "is_first": after is None,
    }
    if counts_sold and is_last and after is None:
        units = [one for one in sold if one is not None]
        known["sold"] = reads.Units(sum(one.count for one in units), is_least=any(one.is_least for one in units))
    return known


def _steps(request: HttpRequest, product: Product, known: dict[str, Any]) -> tuple[Link | None, list[Link]]:
    """Links that the colleague may follow: what comes first, a variant or goods where they are missing, else the form;
    and the others."""
    may, count = request.user.has_perm, known["count"].count
    add = reverse("admin:catalog_variant_add")
    receive = reverse("admin:inventory_stockdocument_add")
    # Whether it comes first, whether they may, and what it is.
    steps = [
        (
            product.is_active and not count,
            may("catalog.add_variant"),
            (_("Add a variant"), f"{add}?product={product.pk}"),
        ),
        (
            product.is_active and bool(count) and _has_no_goods(known),
            bool(count) and may("inventory.add_stockdocument"),
            (_("Receive stock"), receive),
        ),
        (True, may("catalog.change_product"), (_("Edit"), change_url(Product, product.pk))),
    ]
    following = next((link for comes_first, is_allowed, link in steps if comes_first and is_allowed), None)
    return following, [link for _first, is_allowed, link in steps if is_allowed and link is not following]


def _has_no_goods(known: dict[str, Any]) -> bool:
    """Not told of who may not see stock, nor where some variants alone were summed."""
    on_hand = known["stock"]["on_hand"] if "stock" in known else None
    return on_hand is not None and not on_hand.count and not on_hand.is_least


def _key_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
