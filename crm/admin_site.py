"""The admin site."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from unfold.sites import UnfoldAdminSite


class KontorAdminSite(UnfoldAdminSite):
    """Kontor's admin: for staff alone."""

    index_title = "Dashboard"
    enable_nav_sidebar = True

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Answer the search box. Unfold's own keeps answers for minutes, whoever lost a right meanwhile."""
        from crm.admin.search import search_page  # the site is made before there are models

        return search_page(self, request)

    def extra_urls(self) -> list[URLPattern]:
        """Pages that belong to no model."""
        from crm.admin.saved_view import view_urls

        return view_urls()
