"""Pictures to send."""

from io import BytesIO
from struct import pack
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from catalog.models.picture import Picture
from catalog.models.product import Product
from catalog.services.pictures.add_picture import add_picture
from tests.shop.http.answer import Answer
from tests.shop.http.api_client import Caller, Form


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 6), colour: str = "red", **options: Any) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, kind, **options)
    return written.getvalue()


def png(size: tuple[int, int] = (8, 6), colour: str = "red") -> bytes:
    return picture("PNG", size, colour)


def damaged_exif() -> bytes:
    """A JPEG that is to be turned to the right, among other entries of which one is not of its kind."""
    entries = [
        (0x0112, 3, 1, b"\6\0\0\0"),
        (0x010F, 4, 1, b"abcd"),
        (0x9C9B, 5, 1, b"\0\0\0\0"),
        (0x8769, 7, 4, b"abcd"),
    ]
    written = b"".join(pack("<HHI4s", *entry) for entry in entries)
    exif = b"Exif\0\0II*\0" + pack("<IH", 8, len(entries)) + written + bytes(4)
    return picture("JPEG", (40, 20), exif=exif)


def torn_avif() -> bytes:
    """Whole but for its frame: the decoder says so by a RuntimeError or OSError of its own."""
    written = BytesIO()
    Image.effect_noise((64, 64), 90).convert("RGB").save(written, "AVIF")
    data = bytearray(written.getvalue())
    begin = data.index(b"mdat") + 4
    data[begin:] = b"\xff" * (len(data) - begin)
    return bytes(data)


def a_picture() -> Picture:
    """Of the first product there is."""
    return add_picture(product_id=Product.objects.all()[0].pk, data=png())


def send(caller: Caller, product: Product, data: bytes, *, key: str = "", **fields: Any) -> Answer:
    form = Form(file=SimpleUploadedFile("a.png", data, "image/png"), **fields)
    return caller.post(f"/products/{product.pk}/pictures", form, **({"idempotency_key": key} if key else {}))


def opened(url: str) -> Image.Image:
    answer = Client().get(url)
    assert answer.status_code == 200, answer.status_code
    return Image.open(BytesIO(answer.content))


def product_form(product: Product) -> dict[str, Any]:
    """With a new picture."""
    return {
        "pictures-TOTAL_FORMS": "1",
        "pictures-INITIAL_FORMS": "0",
        "pictures-0-product": str(product.pk),
        "pictures-0-file": SimpleUploadedFile("new.png", png(), "image/png"),
        "variants-TOTAL_FORMS": "0",
        "variants-INITIAL_FORMS": "0",
        "name": product.name,
        "slug": product.slug,
        "is_active": "on",
    }
