"""Pictures that somebody sends: what is taken of them, and in which form it is kept. Pure but for the decoder.

Whatever came is decoded and written anew, so that nothing of the file itself is kept: no EXIF (with the place where a
photo was taken), no colour table of somebody else's, nothing that is a picture and a web page at once.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from shared.errors import InvalidInput

MAX_BYTES = 10 * 1024 * 1024  # of a file that is sent
MAX_PIXELS = 40_000_000  # 160 MB once decoded
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
ACCEPT = "image/jpeg,image/png,image/webp,image/gif,image/avif"
_QUALITY = 82


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
    """The picture, upright, at most `longest` pixels a side, without whatever else the file holds.

    Raises NoPicture: too large, of a kind that is not taken (SVG is a program), broken, or with more than MAX_PIXELS.
    """
    if len(data) > MAX_BYTES:
        raise _refused(
            pointer, "max_size", gettext("A picture may have up to %(most)s MB.") % {"most": MAX_BYTES >> 20}
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            with Image.open(BytesIO(data), formats=FORMATS) as found:
                _check_pixels(found, pointer)
                found.draft("RGB", (longest, longest))  # of a JPEG no more is decoded than is needed
                return _written(_upright(found), longest, kind)
    except UnidentifiedImageError:
        text = gettext("Send a JPEG, PNG, WebP, GIF or AVIF picture.")
        raise _refused(pointer, "unknown_kind", text) from None
    except Image.DecompressionBombError:  # Pillow's own, of what is very much larger
        raise _too_many_pixels(pointer) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise _refused(pointer, "broken", gettext("The picture is broken, or only a part of it.")) from None


def smaller(data: bytes, *, longest: int) -> bytes:
    """A picture of ours, with at most `longest` pixels a side."""
    with Image.open(BytesIO(data)) as found:
        return _written(found, longest, "WEBP").data


def _check_pixels(found: Image.Image, pointer: str) -> None:
    if found.width * found.height > MAX_PIXELS:
        raise _too_many_pixels(pointer)


def _upright(found: Image.Image) -> Image.Image:
    """Its first frame, turned as its EXIF says."""
    turned = ImageOps.exif_transpose(found)
    has_alpha = turned.mode in {"RGBA", "LA", "PA"} or "transparency" in turned.info
    return turned.convert("RGBA" if has_alpha else "RGB")


def _written(found: Image.Image, longest: int, kind: str) -> Taken:
    small = found.copy()
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    small.info = {}
    written = BytesIO()
    if kind == "PNG":
        small.save(written, "PNG", optimize=True)
    else:
        small.save(written, "WEBP", quality=_QUALITY, method=4)
    return Taken(written.getvalue(), small.width, small.height)


def _too_many_pixels(pointer: str) -> NoPicture:
    text = gettext("The picture has too many pixels: up to %(most)s million are taken.")
    return _refused(pointer, "too_many_pixels", text % {"most": MAX_PIXELS // 1_000_000})


def _refused(pointer: str, code: str, text: str) -> NoPicture:
    return NoPicture((pointer, code, text))
