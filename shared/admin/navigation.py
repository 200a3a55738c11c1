"""Where to go afterwards."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def back_url(request: HttpRequest, default: str) -> str:
    """The page that `?next=` names, if it is one of ours."""
    wanted = request.GET.get("next", "")
    return wanted if is_ours(request, wanted) else default


def is_ours(request: HttpRequest, url: str) -> bool:
    """Whether the address leads to a page of this site."""
    hosts = {request.get_host()}
    return bool(url) and url_has_allowed_host_and_scheme(url, hosts, require_https=request.is_secure())
