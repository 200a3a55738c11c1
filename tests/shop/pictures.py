"""Pictures to send."""

from io import BytesIO
from typing import Any

from PIL import Image

from catalog.models.picture import Picture
from catalog.models.product import Product
from catalog.services.add_picture import add_picture


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 6), colour: str = "red", **options: Any) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, kind, **options)
    return written.getvalue()


def png(size: tuple[int, int] = (8, 6), colour: str = "red") -> bytes:
    return picture("PNG", size, colour)


def a_picture() -> Picture:
    """Of the first product there is."""
    return add_picture(product_id=Product.objects.all()[0].pk, data=png())
