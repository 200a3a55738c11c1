"""A picture more of a product."""

from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext

from catalog.models.picture import LARGE, MAX_PICTURES, Picture, file_of
from catalog.models.product import Product
from catalog.services.pictures.update_picture import TooManyPictures, check_variant
from shared.background.enqueue import enqueue
from shared.database.write_row import check_columns
from shared.errors import NotFound
from shared.files.pictures import Taken, take_picture
from shared.files.storage import keep_file


def add_picture(
    *, product_id: UUID, data: bytes | Taken, alternative_text: str = "", variant_id: UUID | None = None
) -> Picture:
    """Keep what was sent as the product's last picture: decoded and written anew, without EXIF. A job makes the smaller
    sizes; until then the large one is shown. Who holds locks hands over what `take` made before.

    Raises NoPicture, Unavailable, InvalidInput for a text that is too long or a variant of another product, NotFound,
    TooManyPictures. Locks the product.
    """
    check_columns(Picture, {"alternative_text": alternative_text})
    taken = data if isinstance(data, Taken) else take(data)  # before anything is locked: it takes seconds
    with transaction.atomic():
        product = lock_product(product_id)
        check_variant(product.pk, variant_id)
        last = product.pictures.aggregate(last=Max("position"))["last"]
        if product.pictures.count() >= MAX_PICTURES:
            raise TooManyPictures(gettext("A product has up to %(most)s pictures.") % {"most": MAX_PICTURES})
        position = 0 if last is None else last + 1
        # Deleted pictures leave holes, and the constraint bounds the position, not the number.
        if position >= MAX_PICTURES:
            close_gaps(product)
            position = product.pictures.count()
        picture = Picture.objects.create(
            product=product,
            variant_id=variant_id,
            position=position,
            alternative_text=alternative_text,
            width=taken.width,
            height=taken.height,
        )
        keep_file(file_of(picture.pk, LARGE[0]), taken.data)
        # By a job: the large one is shown until it has run, and whoever uploads does not wait for the smaller ones.
        enqueue("catalog.make_thumbnails", picture_id=str(picture.pk))
    return picture


def take(data: bytes) -> Taken:
    """A file as it will be kept. Raises NoPicture, Unavailable. Locks nothing."""
    return take_picture(data, longest=LARGE[1])


def lock_product(product_id: UUID) -> Product:
    """The product's row, locked until the transaction ends: its pictures are written by one at a time. Raises
    NotFound."""
    product = Product.objects.select_for_update(no_key=True).filter(pk=product_id).first()
    if product is None:
        raise NotFound(gettext("There is no such %(verbose_name)s.") % {"verbose_name": Product._meta.verbose_name})
    return product


def close_gaps(product: Product) -> None:
    """Positions from 0 on, without a hole. The product must be locked."""
    rows = list(product.pictures.order_by("position"))
    for place, row in enumerate(rows):
        row.position = place
    Picture.objects.bulk_update(rows, ["position"])
