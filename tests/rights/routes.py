"""Every page of the admin and every route of the API, with a row to ask it for and what it needs."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import uuid4

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, get_resolver, reverse

from config.api import urlpatterns as api_routes
from tests.rights.role_routes import (
    ACTIONS,
    ARGUMENTS,
    MODEL_PAGES,
    OPEN_ROUTES,
    PAGES,
    PUBLIC,
    RESOURCES,
    UNDECIDED,
    Need,
)
from tests.shop.http.api_client import BASE


class Route(NamedTuple):
    """`need` is None where no right decides."""

    name: str
    method: str
    url: str
    need: Need | None

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


def admin_pages() -> Iterator[Route]:
    """GET and POST of every page."""
    site: Any
    [site] = [found for found in get_resolver().url_patterns if getattr(found, "namespace", None) == "admin"]
    for prefix, pattern in leaves(site.url_patterns):
        if pattern.name is None:  # the site's 404, and old addresses that lead to a change page
            continue
        need = need_of_page(pattern.name)
        url = reverse(f"admin:{pattern.name}", kwargs=arguments_of(pattern, prefix))
        yield from (Route(pattern.name, method, url, need) for method in ("GET", "POST"))


def leaves(patterns: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield prefix, pattern
        else:
            yield from leaves(pattern.url_patterns, prefix + str(pattern.pattern))


def need_of_page(name: str) -> Need | None:
    if name in UNDECIDED:
        return None
    app, _, rest = name.partition("_")
    model, _, kind = rest.rpartition("_")
    if name not in PAGES and kind in MODEL_PAGES and (app, model) in registered_models():
        look, do = MODEL_PAGES[kind]
        return Need((f"{app}.{look}_{model}",), (f"{app}.{do}_{model}",))
    return PAGES.get(name)


def registered_models() -> dict[tuple[str, str], Any]:
    return {(model._meta.app_label, str(model._meta.model_name)): model for model in admin.site._registry}


def arguments_of(pattern: URLPattern, prefix: str) -> dict[str, Any]:
    """Of a page about a row: one that there is, else one that there is not."""
    if pattern.name in ARGUMENTS:
        return dict(ARGUMENTS[pattern.name])
    names = [*getattr(pattern.pattern, "converters", {}), *pattern.pattern.regex.groupindex]
    wanted = [name for name in dict.fromkeys(names) if name != "url"]
    if not wanted:
        return {}
    if wanted == ["app_label"]:
        return {"app_label": "users"}
    found = re.match(r"(\w+)/(\w+)/", prefix)
    model = registered_models().get(found.groups() if found else None)  # type: ignore[arg-type]
    row = model._default_manager.first() if model is not None else None
    return {name: row.pk if row is not None else missing(pattern, name) for name in wanted}


def missing(pattern: URLPattern, name: str) -> Any:
    is_number = "Int" in type(getattr(pattern.pattern, "converters", {}).get(name)).__name__
    return 0 if is_number else uuid4()


def api_calls() -> Iterator[Route]:
    """Every method of every route."""
    for pattern in api_routes:
        actions: dict[str, str] = getattr(pattern.callback, "actions", {})
        if not actions and pattern.name not in OPEN_ROUTES:
            yield Route(str(pattern.name), "GET", BASE, None)
        for method, action in list(actions.items()):
            if method not in {"head", "options"}:
                yield Route(f"{pattern.name} ({action})", method.upper(), url_of(pattern), need_of(pattern, action))


def url_of(pattern: URLPattern) -> str:
    view: Any = pattern.callback
    rows = view.cls.queryset.model._default_manager
    of_row = "pk" in getattr(pattern.pattern, "converters", {})
    return reverse(str(pattern.name), kwargs={"pk": getattr(rows.first(), "pk", None) or uuid4()} if of_row else None)


def need_of(pattern: URLPattern, action: str) -> Need | None:
    name = str(pattern.name)
    base = max((base for base in RESOURCES if name.startswith(f"{base}-")), key=len, default="")
    label, own = RESOURCES.get(base, ("", {}))
    need = own.get(action)
    if need is None and base and action in ACTIONS:
        app, model = label.split(".")
        return Need((f"{app}.{ACTIONS[action]}_{model}",))
    return need if isinstance(need, Need) else None


def is_public(route: Route) -> bool:
    """Whether everybody may: what the table calls public."""
    name, action = route.name.rstrip(")").split(" (")
    return any(own.get(action) == PUBLIC and name.startswith(f"{base}-") for base, (_, own) in RESOURCES.items())


def autocompletes() -> Iterator[tuple[str, str, str, str]]:
    """App, model, field, and the model that is looked through."""
    for model, model_admin in list(admin.site._registry.items()):
        for field in model_admin.get_autocomplete_fields(HttpRequest()):
            related: Any = model._meta.get_field(field)
            target = related.remote_field.model
            yield model._meta.app_label, str(model._meta.model_name), field, target._meta.label_lower
