"""Django app configurations of the wiring package."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class KontorAdminConfig(AdminConfig):
    """The admin, on Kontor's own site class."""

    default_site = "crm.admin_site.KontorAdminSite"


class ConfigConfig(AppConfig):
    """Makes config's management commands known."""

    name = "config"
    label = "config"
