"""Health, answered whatever name the server is called by: balancers and Kubernetes ask by address."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from shared.http.health import VIEWS


class HealthMiddleware:
    """Stands before whatever looks at the Host: ALLOWED_HOSTS has names, and a pod's address is none of them. Nothing
    in these answers depends on the name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        view = VIEWS.get(request.path_info.removesuffix("/"))
        return view(request) if view else self.get_response(request)
