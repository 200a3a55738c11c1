"""The admin site."""

from unfold.sites import UnfoldAdminSite


class KontorAdminSite(UnfoldAdminSite):
    """Kontor's admin."""
