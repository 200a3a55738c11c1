"""What is said of a picture, and where it stands."""

from typing import TypedDict
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models.picture import Picture
from catalog.models.product import Product
from catalog.models.variant import Variant
from shared.database.write_row import check_columns
from shared.errors import InvalidInput, NotFound, Refusal


class TooManyPictures(Refusal):
    code = "too_many_pictures"
    title = _("The product has as many pictures as it may have")


class PictureChanges(TypedDict, total=False):
    """What may change; what is missing stays. The others make room for its `position`."""

    alternative_text: str
    variant_id: UUID | None
    position: int


def update_picture(*, picture_id: UUID, changes: PictureChanges) -> Picture:
    """Change a picture. Raises NotFound, InvalidInput. Locks the product."""
    values = dict(changes)
    position = values.pop("position", None)
    check_columns(Picture, {name: value for name, value in values.items() if name != "variant_id"})
    with transaction.atomic():
        row = lock_picture(picture_id)
        if "variant_id" in values:
            check_variant(row.product_id, changes["variant_id"])
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        if position is not None:
            _put_at(row, changes["position"])
    return row


def lock_picture(picture_id: UUID) -> Picture:
    """The picture; its product is locked until the transaction ends. Raises NotFound."""
    product_id = Picture.objects.filter(pk=picture_id).values_list("product_id", flat=True)
    # The product and not the picture: moving one renumbers all, and two who do it at once would mix their orders.
    Product.objects.select_for_update(no_key=True).filter(pk__in=product_id).first()
    row = Picture.objects.filter(pk=picture_id).first()
    if row is None:
        raise NotFound(gettext("There is no such %(verbose_name)s.") % {"verbose_name": Picture._meta.verbose_name})
    return row


def check_variant(product_id: UUID, variant_id: UUID | None) -> None:
    """Raises InvalidInput for one of another product."""
    if variant_id is not None and not Variant.objects.filter(pk=variant_id, product_id=product_id).exists():
        raise InvalidInput(("/variant", "does_not_exist", gettext("This is no variant of the product.")))


def _put_at(row: Picture, position: int) -> None:
    """The others keep their order; a place behind the last one is the last."""
    others = list(Picture.objects.filter(product_id=row.product_id).exclude(pk=row.pk).order_by("position"))
    others.insert(min(position, len(others)), row)
    for place, each in enumerate(others):
        each.position = place
    Picture.objects.bulk_update(others, ["position"])
