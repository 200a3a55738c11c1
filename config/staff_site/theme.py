"""Look of the admin (django-unfold): petrol with warm greys."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from config.staff_site.menu import menu_of
from config.staff_site.menu_entries import API_DOCS, HOME, MenuEntry


def _shop_name(request: HttpRequest) -> str:
    """The header's and the sign-in page's. What there is no database for is told under Kontor's own name."""
    from shop.current import current_shop

    return str(current_shop())


def _shop_logo(request: HttpRequest) -> str:
    from shop.current import current_shop
    from shop.services.set_logo import logo_url

    return logo_url(current_shop()) or static("crm/logo.svg")


def _first_address(entry: MenuEntry, request: HttpRequest) -> str:
    return entry.links[0].url


_PETROL = {
    "50": "oklch(97.5% .012 212)",
    "100": "oklch(94.6% .026 212)",
    "200": "oklch(89.4% .05 213)",
    "300": "oklch(82% .082 215)",
    "400": "oklch(73.5% .1 217)",
    "500": "oklch(60.5% .1 219)",
    "600": "oklch(47.5% .083 221)",
    "700": "oklch(41% .072 223)",
    "800": "oklch(35.5% .06 225)",
    "900": "oklch(31% .05 227)",
    "950": "oklch(23.5% .04 229)",
}
_WARM_GREY = {
    "50": "oklch(98.3% .003 84)",
    "100": "oklch(96.4% .004 84)",
    "200": "oklch(92.2% .005 82)",
    "300": "oklch(86.6% .006 80)",
    "400": "oklch(71% .009 76)",
    "500": "oklch(54% .01 72)",
    "600": "oklch(44% .01 70)",
    "700": "oklch(36.8% .009 68)",
    "800": "oklch(27% .008 66)",
    "900": "oklch(20.8% .007 64)",
    "950": "oklch(15% .006 62)",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _shop_name,
    "SITE_HEADER": _shop_name,
    "SITE_SUBHEADER": _("Customers, stock, orders"),
    "SITE_URL": None,
    "SITE_ICON": _shop_logo,
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("crm/logo.svg")},
    ],
    "SITE_DROPDOWN": [
        {"title": entry.title, "icon": entry.icon, "link": partial(_first_address, entry)} for entry in (HOME, API_DOCS)
    ],
    "LOGIN": {"image": lambda request: static("crm/login.svg"), "form": "users.sign_in_pages.sign_in.SignInForm"},
    "BORDER_RADIUS": "6px",
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "COLORS": {"primary": _PETROL, "base": _WARM_GREY},
    "STYLES": [lambda request: static("crm/admin.css")],
    "SCRIPTS": [
        lambda request: static("crm/admin.js"),
        lambda request: static("crm/session.js"),
        lambda request: static("crm/pickers.js"),
        lambda request: static("crm/accessibility.js"),
        lambda request: static("crm/keys.js"),
        lambda request: static("crm/live.js"),
        lambda request: static("crm/kept_form.js"),
    ],
    "ACCOUNT": {
        "navigation": [
            {"title": _("My settings"), "link": reverse_lazy("admin:my_settings")},
            {"title": _("Sign-in and security"), "link": reverse_lazy("admin:security")},
        ]
    },
    "DASHBOARD_CALLBACK": "crm.dashboard.page.fill",
    "COMMAND": {"search_models": False, "show_history": False},  # what is found: crm.admin.search.views
    "SIDEBAR": {"show_search": True, "command_search": True, "show_all_applications": False, "navigation": menu_of},
}
