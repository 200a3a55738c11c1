"""Files that browsers may have: product pictures and the shop's logo, under names that nobody guesses."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from shared.files.storage import read_file

_KINDS: Final = {"webp": "image/webp", "png": "image/png"}
_YEAR: Final = "public, max-age=31536000, immutable"  # another picture has another name
_SOON: Final = "public, max-age=10"


@require_safe
def media_file(request: HttpRequest, name: str) -> HttpResponse:
    """A thumbnail that no job has made yet is the large picture, for some seconds. 1 statement, or 2."""
    data, kept = read_file(name), _YEAR
    folder, _, file = name.rpartition("/")
    if data is None:
        data, kept = read_file(f"{folder}/large.{file.rpartition('.')[2]}"), _SOON
    if data is None:
        raise Http404
    answer = HttpResponse(data, content_type=_KINDS[name.rpartition(".")[2]])
    answer["Cache-Control"] = kept
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
