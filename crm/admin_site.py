"""The admin site."""

from unfold.sites import UnfoldAdminSite


class KontorAdminSite(UnfoldAdminSite):
    """Kontor's admin: for staff alone."""

    index_title = "Dashboard"
    enable_nav_sidebar = True
