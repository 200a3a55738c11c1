"""What is taken for a picture, and what becomes of its colours, its turn and whatever else the file holds."""

from io import BytesIO
from threading import Event, Thread
from typing import Any
from zlib import crc32

import pytest
from PIL import Image, ImageCms

from catalog.models.picture import Picture
from catalog.models.product import Product
from shared.files.pictures import take_picture
from shared.models.kept_file import KeptFile
from tests.shop.http.admin_pages import page_url, signed_in, superuser
from tests.shop.http.api_client import Caller, ok, pointers, refused
from tests.shop.pictures import damaged_exif, opened, picture, png, product_form, send, torn_avif

EXIF = Image.Exif()
EXIF[0x0112] = 6  # turned to the right
EXIF[0x010E] = "taken at home"


def _bomb() -> bytes:
    """A file of some bytes that says it is 10 GB once unpacked."""
    data = bytearray(png())
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    data[29:33] = crc32(bytes(data[12:29])).to_bytes(4, "big")
    return bytes(data)


def test_a_photo_with_damaged_exif_is_taken_upright(staff: Caller, product: Product) -> None:
    made = ok(send(staff, product, damaged_exif()), 201)

    assert (made["width"], made["height"]) == (20, 40)


def test_grey_of_sixteen_bits_stays_grey(staff: Caller, product: Product) -> None:
    written = BytesIO()
    Image.new("I;16", (20, 10), 128 << 8).save(written, "PNG")

    made = ok(send(staff, product, written.getvalue()), 201)

    assert all(abs(level - 128) <= 2 for level in _colour(made))


def test_colours_are_those_of_the_files_profile(staff: Caller, product: Product) -> None:
    swapped = bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = swapped.index(b"rXYZ"), swapped.index(b"gXYZ")
    swapped = swapped[:red] + b"gXYZ" + swapped[red + 4 : green] + b"rXYZ" + swapped[green + 4 :]

    made = ok(send(staff, product, picture("JPEG", (16, 16), icc_profile=swapped)), 201)
    plain = ok(send(staff, product, picture("JPEG", (16, 16), icc_profile=b"no profile")), 201)

    assert _colour(made)[1] > 200 > 100 > _colour(made)[0]
    assert _colour(plain)[0] > 200 > 100 > _colour(plain)[1]


def test_a_large_paletted_picture_is_taken_whole_and_keeps_what_is_clear(staff: Caller, product: Product) -> None:
    large = Image.new("P", (6_000, 1_100), 1)
    large.putpalette([0, 0, 255, 255, 0, 0])
    large.paste(0, (0, 0, 3_000, 1_100))
    written = BytesIO()
    large.save(written, "PNG", transparency=0)

    made = ok(send(staff, product, written.getvalue()), 201)

    kept: Any = opened(made["urls"]["large"]).convert("RGBA")
    assert kept.size == (made["width"], made["height"]) == (1_600, 293)
    assert [kept.getpixel((place, 280))[3] for place in (10, 790, 810, 1_590)] == [0, 0, 255, 255]


def test_only_one_is_decoded_at_a_time_and_who_waits_too_long_is_asked_to_come_again(
    staff: Caller, product: Product, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PICTURE_WAIT_SECONDS = 0.01
    page, form = signed_in(superuser()), product_form(product)
    begun, go_on, decode = Event(), Event(), Image.open

    def slow(*args: Any, **options: Any) -> Image.Image:
        begun.set()
        assert go_on.wait(30)
        return decode(*args, **options)

    monkeypatch.setattr(Image, "open", slow)
    other = Thread(target=take_picture, args=(png(),), kwargs={"longest": 8})
    other.start()
    assert begun.wait(30)
    try:
        answer = send(staff, product, png())
        shown_page = page.post(page_url(product), form)
    finally:
        go_on.set()
        other.join()

    assert refused(answer, 503, "unavailable")
    assert int(answer["Retry-After"]) > 0
    assert "Others are sending pictures" in shown_page.content.decode()
    assert not Picture.objects.exists()
    assert ok(send(staff, product, png()), 201)


def _colour(made: dict[str, Any]) -> tuple[int, ...]:
    found: Any = opened(made["urls"]["large"]).convert("RGB").getpixel((5, 5))
    return tuple(found)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(SVG, "unknown_kind", id="svg"),
        pytest.param(b"<html><script>alert(1)</script>", "unknown_kind", id="page"),
        pytest.param(b"%PDF-1.7 ...", "unknown_kind", id="pdf"),
        pytest.param(picture("TIFF"), "unknown_kind", id="tiff"),
        pytest.param(png((400, 400))[:300], "broken", id="half"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "", id="only a head"),
        pytest.param(b"", "empty", id="empty"),
        pytest.param(torn_avif(), "broken", id="avif without its frame"),
    ],
)
def test_what_is_no_picture_is_refused_and_nothing_kept(
    staff: Caller, product: Product, data: bytes, code: str
) -> None:
    problem = refused(send(staff, product, data), 400, "invalid")

    assert pointers(problem) == ["/file"]
    assert not code or problem["errors"][0]["code"] == code
    assert not Picture.objects.exists()
    assert not KeptFile.objects.exists()


def test_a_decompression_bomb_is_refused_before_it_is_unpacked(staff: Caller, product: Product) -> None:
    problem = refused(send(staff, product, _bomb()), 400, "invalid")

    assert problem["errors"][0]["code"] == "too_many_pixels"


def test_a_file_beyond_the_limit_is_refused(staff: Caller, product: Product) -> None:
    assert send(staff, product, b"x" * (11 * 1024 * 1024)).status_code == 413
    problem = refused(send(staff, product, png() + b"x" * (10 * 1024 * 1024)), 400, "invalid")
    assert problem["errors"][0]["code"] == "max_size"
