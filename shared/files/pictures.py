"""Pictures that somebody sends: what is taken of them, and in which form it is kept. Pure but for the decoder.

Whatever came is decoded and written anew, so that nothing of the file itself is kept: no EXIF (with the place where a
photo was taken), no colour table of somebody else's, nothing that is a picture and a web page at once.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import BoundedSemaphore
from typing import Final

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, UnidentifiedImageError

from shared.errors import InvalidInput, Unavailable

MAX_BYTES = 10 * 1024 * 1024  # of a file that is sent
MAX_PIXELS = 40_000_000  # of colour 160 MB once decoded; what is made of them on the way is far smaller
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
ACCEPT = "image/jpeg,image/png,image/webp,image/gif,image/avif"
_QUALITY = 82
_STRIP_LINES: Final = 256
# Pixels that are averaged into one leave this many times what is wanted, for the better filter to work on.
_SPARE: Final = 1.5
# How what has this EXIF orientation is turned upright; 1 is.
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# One at a time in a process: each may take seconds and 300 MB, and a process has many threads.
_turn_to_decode = BoundedSemaphore(1)


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture as it is kept: WebP, or PNG."""

    data: bytes
    width: int
    height: int


class NoPicture(InvalidInput):
    code = "invalid"
    title = _("This is no picture that can be taken")


def take_picture(data: bytes, *, longest: int, kind: str = "WEBP", pointer: str = "/file") -> Taken:
    """The picture, upright, in sRGB, at most `longest` pixels a side, without whatever else the file holds.

    Takes up to some seconds, so it is called while nothing is locked. Raises NoPicture: too large, of a kind that is
    not taken (SVG is a program), broken, or with more than MAX_PIXELS; Unavailable when others' pictures take too long.
    """
    if len(data) > MAX_BYTES:
        raise _refused(
            pointer, "max_size", gettext("A picture may have up to %(most)s MB.") % {"most": MAX_BYTES >> 20}
        )
    with _my_turn(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of broken EXIF, and of sizes: our own limit is lower
        try:
            with Image.open(BytesIO(data), formats=FORMATS) as found:
                _check_pixels(found, pointer)
                found.draft("RGB", (longest, longest))  # of a JPEG no more is decoded than is needed
                return _written(_prepared(found, longest), longest, kind)
        except NoPicture:
            raise
        except UnidentifiedImageError:
            text = gettext("Send a JPEG, PNG, WebP, GIF or AVIF picture.")
            raise _refused(pointer, "unknown_kind", text) from None
        except (Image.DecompressionBombError, MemoryError):  # Pillow's own, of what is very much larger
            raise _too_many_pixels(pointer) from None
        except Exception:  # decoders raise anything: RuntimeError, struct.error, IndexError, OSError, SyntaxError
            raise _refused(pointer, "broken", gettext("The picture is broken, or only a part of it.")) from None


def smaller(data: bytes, *, longest: int) -> bytes:
    """A picture of ours, with at most `longest` pixels a side."""
    with Image.open(BytesIO(data)) as found:
        return _written(found, longest, "WEBP").data


@contextmanager
def _my_turn() -> Iterator[None]:
    if not _turn_to_decode.acquire(timeout=settings.PICTURE_WAIT_SECONDS):
        raise Unavailable(gettext("Others are sending pictures just now. Send yours again in a moment."))
    try:
        yield
    finally:
        _turn_to_decode.release()


def _check_pixels(found: Image.Image, pointer: str) -> None:
    if found.width * found.height > MAX_PIXELS:
        raise _too_many_pixels(pointer)


def _prepared(found: Image.Image, longest: int) -> Image.Image:
    """Its first frame, at most a few times as large as is wanted, turned as its EXIF says, in sRGB."""
    turn, profile = _turn_of(found), found.info.get("icc_profile")
    small = _in_srgb(_reduced(found, longest), profile)
    return small if turn is None else small.transpose(turn)


def _turn_of(found: Image.Image) -> Image.Transpose | None:
    """None where its EXIF does not say, or cannot be read: then every other program shows it as it stands, too."""
    try:
        return _TURNS.get(found.getexif().get(0x0112, 1))
    except Exception:
        return None


def _reduced(found: Image.Image, longest: int) -> Image.Image:
    """RGB, RGBA or CMYK, made strip by strip: converted at once, a paletted file of 5 KB would need 160 MB more than
    once."""
    found.load()
    factor = max(1, int(max(found.size) / longest / _SPARE))
    mode = "CMYK" if found.mode == "CMYK" else "RGBA" if found.has_transparency_data else "RGB"
    size = (-(-found.width // factor), -(-found.height // factor))
    if factor == 1 and found.mode == mode:
        return found
    reduced = Image.new(mode, size)
    for top in range(0, found.height, _STRIP_LINES * factor):
        bottom = min(found.height, top + _STRIP_LINES * factor)
        strip = _of_eight_bits(found.crop((0, top, found.width, bottom))).convert(mode)
        reduced.paste(strip.reduce(factor), (0, top // factor))
    return reduced


def _of_eight_bits(strip: Image.Image) -> Image.Image:
    """Pillow cuts 16 bits of grey off at 255, which leaves white."""
    if not strip.mode.startswith("I"):
        return strip
    return strip.point(lambda value: value * (1 / 256)).convert("L")


def _in_srgb(small: Image.Image, profile: bytes | None) -> Image.Image:
    """Its colours as browsers show them without a profile, which is not kept. One that is broken, or of another kind
    of colours than the pixels are, says nothing."""
    mode = "RGBA" if small.mode == "RGBA" else "RGB"
    if profile:
        try:
            came_with = ImageCms.getOpenProfile(BytesIO(profile))
            in_srgb = ImageCms.profileToProfile(small, came_with, ImageCms.createProfile("sRGB"), outputMode=mode)
        except Exception:  # the library raises what it likes, as decoders do
            in_srgb = None
        if in_srgb is not None:
            return in_srgb
    return small if small.mode == mode else small.convert(mode)


def _written(found: Image.Image, longest: int, kind: str) -> Taken:
    """Of a picture that the caller needs no more."""
    found.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    found.info = {}
    written = BytesIO()
    if kind == "PNG":
        found.save(written, "PNG", optimize=True)
    else:
        found.save(written, "WEBP", quality=_QUALITY, method=4)
    return Taken(written.getvalue(), found.width, found.height)


def _too_many_pixels(pointer: str) -> NoPicture:
    text = gettext("The picture has too many pixels: up to %(most)s million are taken.")
    return _refused(pointer, "too_many_pixels", text % {"most": MAX_PIXELS // 1_000_000})


def _refused(pointer: str, code: str, text: str) -> NoPicture:
    return NoPicture((pointer, code, text))
