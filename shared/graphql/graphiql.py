"""GraphiQL, an editor for queries in the browser, from files of our own: it loads nothing from elsewhere."""

import gzip
from functools import cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

_FILES = Path(__file__).parent / "graphiql_files"
_KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
# Their names have their versions.
_FOR_EVER = "public, max-age=31536000, immutable"
_ONLY_FROM_HERE = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def graphiql_page(request: HttpRequest) -> HttpResponse:
    """The page; it sends queries as whoever is signed in to the admin, or with the header that is typed in."""
    page = render(request, "api/graphiql.html", {"csrf_token": get_token(request)})
    page["Content-Security-Policy"] = _ONLY_FROM_HERE
    # There is a token of this session in it.
    page["Cache-Control"] = "no-store"
    return page


def graphiql_file(request: HttpRequest, name: str) -> HttpResponse:
    """One of its files, as it lies here: compressed."""
    packed = _read_file(name)
    if packed is None:
        raise Http404
    accepts = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(packed if accepts else gzip.decompress(packed), content_type=_KINDS[Path(name).suffix])
    if accepts:
        answer["Content-Encoding"] = "gzip"
    answer["Cache-Control"] = _FOR_EVER
    patch_vary_headers(answer, ("Accept-Encoding",))
    return answer


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name.removesuffix(".gz") for path in _FILES.glob("*.gz"))


@cache
def _read_kept(name: str) -> bytes:
    return (_FILES / f"{name}.gz").read_bytes()


def _read_file(name: str) -> bytes | None:
    # Names of what lies here, and no paths: none leads out of the folder.
    return _read_kept(name) if name in _names() else None
