"""Look of the admin (django-unfold)."""

UNFOLD = {
    "SITE_TITLE": "Kontor",
    "SITE_HEADER": "Kontor",
    "SITE_SYMBOL": "storefront",
}
