"""The pages of the admin, which elsewhere load with the first address."""

from django.contrib import admin


def pytest_collection() -> None:
    """Some tests are made from the list of all pages."""
    admin.autodiscover()
