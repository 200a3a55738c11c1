"""Pictures as pages, documents and the API ask for them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog.models.picture import SIZES, Picture, file_of
from catalog.models.variant import Variant
from catalog.queries import pictures
from shared.files.names import media_url
from shared.planner.prepared import Columns, PreparedRows


def urls_of(picture_id: object) -> dict[str, str]:
    """Its address in each size, from the host on."""
    return {size: media_url(file_of(picture_id, size)) for size, _pixels in SIZES}


_MEMBERS = ("id", "variant", "position", "alternative_text", "width", "height")
_COLUMNS = Columns(
    (
        Cast("id", TextField()),
        Cast("variant_id", TextField()),
        *_MEMBERS[2:],
        Cast("product_id", TextField()),
    )
)


def pictures_of(product_ids: Iterable[object], *, include_inactive: bool) -> dict[str, list[dict[str, Any]]]:
    """By product, in order, as PictureSerializer shows them: 1 statement, made once a process, as the lists' own."""
    found: dict[str, list[dict[str, Any]]] = {}
    rows = PreparedRows.of(pictures, include_inactive=include_inactive).filter(product_id__in=list(product_ids))
    for row in rows.order_by("product_id", "position").select(_COLUMNS):
        shown = dict(zip(_MEMBERS, row[:-1], strict=True))
        found.setdefault(row[-1], []).append({**shown, "urls": urls_of(row[0])})
    return found


def picture_of_product() -> Subquery:
    """For `annotate` of products: the id of what stands for each."""
    return Subquery(Picture.objects.filter(product=OuterRef("pk")).order_by("position").values("pk")[:1])


def picture_of_variant(product: str = "product_id", variant: str = "pk") -> Subquery:
    """For `annotate` of what has these two columns: the id of the variant's own first picture, else of the product's
    first that is of no other variant."""
    fitting = Picture.objects.filter(Q(variant=OuterRef(variant)) | Q(variant=None), product=OuterRef(product))
    return Subquery(fitting.order_by(F("variant").asc(nulls_last=True), "position").values("pk")[:1])


def pictures_of_variants(variant_ids: Iterable[UUID]) -> dict[UUID, UUID | None]:
    """By variant, the id of the picture that stands for it. 1 statement."""
    rows = Variant.objects.filter(pk__in=set(variant_ids)).order_by()
    return dict(rows.annotate(picture_id=picture_of_variant()).values_list("pk", "picture_id"))


def thumbnail(picture_id: UUID | None, *, text: str = "") -> SafeString:
    """The small picture, or as much room without one. Where the name stands beside it, it says nothing to screen
    readers; else `text` does."""
    if picture_id is None:
        return format_html('<span class="{}" aria-hidden="true"></span>', "k-thumb k-thumb-none")
    # A background, as browsers put a torn picture in the place of an image whose file does not come.
    seen = (
        format_html('role="img" aria-label="{}" title="{}"', text, text) if text else SafeString('aria-hidden="true"')
    )
    shown = '<span class="k-thumb" style="background-image: url({})" {}></span>'
    return format_html(shown, urls_of(picture_id)["small"], seen)
